import { memo } from 'react'
import { Link } from 'react-router'
import { useShallow } from 'zustand/react/shallow'
import type { L2BlockView } from '../../../workers/protocol/projection.ts'
import { useWorld } from '../../store/world.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatClock, formatCount } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { Sheet, Table } from './sheet.tsx'
import { Status } from './status.tsx'

const shownMax = 60

export function BlocksPage() {
  const blocks = useWorld(useShallow(({ l2 }) => l2.blocks.slice(-shownMax).toReversed()))
  return (
    <Sheet
      title="L2 blocks"
      about="The order comes from the committee, the contents from the executor. Newest first."
    >
      {blocks.length === 0 ? (
        <Empty title="No blocks yet">
          The first one comes as soon as the committee has finalized an order.
        </Empty>
      ) : (
        <Table
          label="L2 blocks"
          columns={[
            'Block',
            'Status',
            'Time',
            'Transactions',
            'Deposits',
            'Gas used',
            'Batch',
            'Hash',
          ]}
        >
          {blocks.map((block) => (
            <Line key={String(block.number)} block={block} />
          ))}
        </Table>
      )}
    </Sheet>
  )
}

const Line = memo(function Line({ block }: { readonly block: L2BlockView }) {
  return (
    <tr>
      <td>
        <Link to={`/blocks/${block.number}`}>{formatCount(block.number)}</Link>
      </td>
      <td>
        <Status number={block.number} />
      </td>
      <td>{formatClock(block.timeMs)}</td>
      <td>{formatCount(block.transactions)}</td>
      <td>{formatCount(block.deposits)}</td>
      <td>{formatCount(block.gasUsed)}</td>
      <td>
        <Link to={`/batches/${block.batchIndex}`}>{String(block.batchIndex)}</Link>
      </td>
      <td>
        <Hash value={block.hash} />
      </td>
    </tr>
  )
})
