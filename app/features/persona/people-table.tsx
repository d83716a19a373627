import { useState } from 'react'
import { Link } from 'react-router'
import type { PersonaQuery, PersonaRow } from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { IconButton } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Table } from '../ledger/sheet.tsx'
import { Bar, Segments } from './parts.tsx'
import styles from './persona.module.css'
import { Moment, type ReadingTime } from './time-travel.tsx'
import { useEngine } from './use-engine.ts'
import { archetypeTitles, formatDemo, formatScore } from './words.ts'

const pageSize = 12
type Order = PersonaQuery['order']
const orders: readonly (readonly [Order, string])[] = [
  ['score', 'Score'],
  ['trust', 'Trust'],
  ['actions', 'Actions'],
  ['earned', 'Earned'],
]

interface PeopleTableProps {
  readonly campaign: string | null
  readonly reading: ReadingTime
}

/** Everyone, as the project sees them at a time: ranked, searchable, each with a passport to open. */
export function PeopleTable({ campaign, reading }: PeopleTableProps) {
  const [order, setOrder] = useState<Order>('score')
  const [search, setSearch] = useState('')
  const [from, setFrom] = useState(0)
  const total = usePersonas(({ setup }) => setup.passports)
  const query: PersonaQuery = { campaign, from, count: pageSize, order, search }
  const { stop, askedMs } = reading
  const { result } = useEngine(`${JSON.stringify(query)}/${stop}`, (engine) =>
    engine.personas(askedMs === undefined ? query : { ...query, timeMs: askedMs }),
  )
  const found = result?.total ?? total
  const pick = (next: Order) => {
    setOrder(next)
    setFrom(0)
  }
  return (
    <section className={styles.people} aria-label="People">
      <div className={styles.line}>
        <Moment reading={reading} />
        <Segments<Order> label="Order by" value={order} options={orders} onChange={pick} />
        <input
          type="search"
          className={styles.input}
          placeholder="Name or passport number"
          aria-label="Find a person by name or passport number"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value)
            setFrom(0)
          }}
        />
        <span className={styles.pager}>
          <IconButton
            label="Those before"
            disabled={from === 0}
            onClick={() => setFrom(Math.max(0, from - pageSize))}
          >
            <Icon name="left" size={16} />
          </IconButton>
          {found === 0
            ? 'nobody'
            : `${formatCount(from + 1)}–${formatCount(Math.min(from + pageSize, found))} of ${formatCount(found)}`}
          <IconButton
            label="Those after"
            disabled={from + pageSize >= found}
            onClick={() => setFrom(from + pageSize)}
          >
            <Icon name="right" size={16} />
          </IconButton>
        </span>
      </div>
      <Table
        label="People by the chosen order"
        columns={['Passport', 'Person', 'Score', 'Trust', 'Points', 'Actions', 'Earned']}
      >
        {(result?.rows ?? []).map((row) => (
          <Row key={row.passport} row={row} search={stop === 'now' ? '' : `?in=${stop}`} />
        ))}
      </Table>
    </section>
  )
}

interface RowProps {
  readonly row: PersonaRow
  /** Opens the passport at the time that is shown. */
  readonly search: string
}

function Row({ row, search }: RowProps) {
  const { passport, name, archetype, isSybil, score, trust, points, actions, earnedWei } = row
  return (
    <tr>
      <td>
        <Link to={`/personas/${passport}${search}`}>{passport}</Link>
      </td>
      <td>
        <Link to={`/personas/${passport}${search}`}>{name}</Link>
        <span className={styles.kind} data-sybil={isSybil}>
          {isSybil ? 'Sybil' : archetype === null ? 'stranger' : archetypeTitles[archetype]}
        </span>
      </td>
      <td>
        <span className={styles.score}>
          {formatScore(score)} <Bar share={score} />
        </span>
      </td>
      <td>{formatScore(trust)}</td>
      <td>{formatCount(points)}</td>
      <td>{formatCount(actions)}</td>
      <td>{formatDemo(earnedWei)}</td>
    </tr>
  )
}
