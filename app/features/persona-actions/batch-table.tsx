import { Link } from 'react-router'
import type { ActionBatchView } from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatClock, formatCount, formatDecimal } from '../../ui/format.ts'
import { Table } from '../ledger/sheet.tsx'
import { Card, Mark } from '../persona/parts.tsx'

const shownMax = 10

/** Actions that went together, from the relayer to the entry on L1 that carries them. */
export function BatchTable() {
  const batches = usePersonas(({ load }) => load.batches)
  return (
    <Card
      title="Batches of actions"
      about="One batch of actions is one or more transactions on L2; the rollup's own batch carries them to L1."
      aside={<Mark source="measured" />}
    >
      {batches.length === 0 ? (
        <Empty title="No batch yet">Turn the load up, or act yourself.</Empty>
      ) : (
        <Table
          label="Batches of actions"
          columns={[
            'Batch',
            'Closed',
            'Actions',
            'L2 gas each',
            'L2 block',
            'On L1',
            'Bytes each',
            'L1 gas each',
          ]}
        >
          {batches
            .slice(-shownMax)
            .toReversed()
            .map((batch) => (
              <Row key={batch.number} batch={batch} />
            ))}
        </Table>
      )}
    </Card>
  )
}

function Row({ batch }: { readonly batch: ActionBatchView }) {
  const { number, closedMs, actions, l2Gas, lastBlock, entryIndex } = batch
  const shown = (value: number | null) => (value === null ? '–' : formatDecimal(value))
  return (
    <tr>
      <td>{number}</td>
      <td>{formatClock(closedMs)}</td>
      <td>{formatCount(actions)}</td>
      <td>{l2Gas === 0n ? '–' : formatCount(Number(l2Gas) / Math.max(1, actions))}</td>
      <td>
        {lastBlock === null ? (
          'waiting'
        ) : (
          <Link to={`/blocks/${lastBlock}`}>{formatCount(lastBlock)}</Link>
        )}
      </td>
      <td>
        {entryIndex === null ? (
          'not yet'
        ) : (
          <Link to={`/batches/${entryIndex}`}>batch {formatCount(entryIndex)}</Link>
        )}
      </td>
      <td>{shown(batch.bytesPerAction)}</td>
      <td>{shown(batch.l1GasPerAction)}</td>
    </tr>
  )
}
