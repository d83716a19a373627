import { Fragment, useState } from 'react'
import type { DecisiveStepDetails } from '../../../workers/protocol/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Term } from '../../ui/tip.tsx'
import { Amount } from './amount.tsx'
import { differs, groupsOf, type Line } from './state-lines.ts'
import styles from './step.module.css'

interface StateTableProps {
  readonly details: DecisiveStepDetails
  /** Names of the words that the opcode pops, top first. */
  readonly operands: readonly string[]
}

/** The machine before the step, as the step leaves it, and as it was claimed; what differs stands out. */
export function StateTable({ details, operands }: StateTableProps) {
  const [whole, setWhole] = useState(false)
  const groups = groupsOf(details, operands)
  const count = groups.reduce((sum, { lines }) => sum + lines.length, 0)
  return (
    <div className={styles.states}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <Term name="machineState">Machine state</Term>
            </th>
            <th scope="col">before</th>
            <th scope="col">after, as L1 executes it</th>
            <th scope="col">after, as claimed</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ title, note, lines }) => {
            const shown = whole ? lines : lines.filter(({ isTelling }) => isTelling)
            return shown.length === 0 && note === null ? null : (
              <Fragment key={title}>
                <tr className={styles.group}>
                  <th scope="rowgroup" colSpan={4}>
                    {title} {note !== null && <span className={styles.quiet}>{note}</span>}
                  </th>
                </tr>
                {shown.map((line) => (
                  <Row key={line.label} line={line} />
                ))}
              </Fragment>
            )
          })}
        </tbody>
      </table>
      <Button onClick={() => setWhole(!whole)}>
        {whole ? 'Show what matters only' : `Show all ${count} fields`}
      </Button>
    </div>
  )
}

function Row({ line }: { readonly line: Line }) {
  const { label, before, honest, claimed } = line
  return (
    <tr data-differs={differs(line)}>
      <th scope="row">{label}</th>
      <td>
        <Amount text={before} />
      </td>
      <td data-changed={before !== honest}>
        <Amount text={honest} />
      </td>
      <td data-differs={differs(line)}>
        {claimed === null ? (
          <span className={styles.quiet}>known to the liar alone</span>
        ) : (
          <>
            {differs(line) && '▲ '}
            <Amount text={claimed} />
          </>
        )}
      </td>
    </tr>
  )
}
