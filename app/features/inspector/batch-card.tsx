import { select } from '../../store/view.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/fields.tsx'
import {
  formatBytes,
  formatCount,
  formatGas,
  formatSpan,
  nodeTitle,
  plural,
} from '../../ui/format.ts'
import { GLOSSARY } from '../../ui/glossary.ts'
import { Hash } from '../../ui/hash.tsx'
import { Card } from './card.tsx'

const gone = <Empty title="No longer here">It left the window that the page keeps.</Empty>

export function BatchCard({ index }: { readonly index: bigint }) {
  const batch = useWorld(({ batches }) => batches.find((entry) => entry.index === index))
  const timeMs = useTimeMs(1_000)
  if (batch === undefined) return gone
  const kept = batch.columns.replace(/[.w]/g, '').length
  return (
    <Card
      actor="da"
      title={`Batch ${index}`}
      about={GLOSSARY.batch[1]}
      link={{ to: `/batches/${index}`, text: 'All about this batch' }}
      fields={[
        { label: 'Stage', value: batch.stage },
        {
          label: 'Content',
          value: `${plural(batch.blocks, 'block')}, ${plural(batch.transactions, 'transaction')}`,
        },
        { label: 'Size', value: formatBytes(batch.payloadBytes) },
        ...(batch.transactions > 0 && batch.payloadBytes > 0
          ? [
              {
                label: 'Per transaction',
                value: formatBytes(Math.round(batch.payloadBytes / batch.transactions)),
              },
            ]
          : []),
        {
          label: 'Cells',
          term: 'cell' as const,
          value: `${kept} of 128 on ${plural(batch.storedBy.length, 'node')}`,
        },
        ...(batch.recoveredCells > 0
          ? [
              {
                label: 'Rebuilt',
                term: 'recovery' as const,
                value: `from ${batch.recoveredCells} cells`,
              },
            ]
          : []),
        ...(batch.l1Number === null
          ? []
          : [
              {
                label: 'On L1',
                value: `block ${formatCount(batch.l1Number)}, ${formatGas(batch.gasUsed)}`,
              },
            ]),
        ...(batch.transactionHash === null
          ? []
          : [{ label: 'Transaction', value: <Hash value={batch.transactionHash} /> }]),
        ...(batch.stage === 'posted' && batch.settlesMs !== null
          ? [
              {
                label: 'Settles in',
                term: 'settled' as const,
                value: formatSpan(batch.settlesMs - timeMs),
              },
            ]
          : []),
      ]}
    />
  )
}

const marks: Readonly<Record<string, string>> = {
  '.': 'has not arrived',
  s: 'is stored',
  v: 'is stored and was sampled',
  w: 'was asked for and not given',
  r: 'was rebuilt from others',
}

export function CellCard({ index, column }: { readonly index: bigint; readonly column: number }) {
  const mark = useWorld(
    ({ batches }) => batches.find((entry) => entry.index === index)?.columns[column],
  )
  const count = useWorld(({ run }) => run.parameters.dataNodeCount)
  const node = `da-${Math.floor((column * count) / 128)}`
  return (
    <Card
      actor="da"
      title={`Cell ${column} of batch ${index}`}
      about={GLOSSARY.cell[1]}
      fields={[
        { label: 'State', value: marks[mark ?? '.'] ?? 'unknown' },
        { label: 'Kept by', value: nodeTitle(node) },
        {
          label: 'Holds',
          value:
            column < 64
              ? `bytes ${formatCount(column * 1_984)} to ${formatCount((column + 1) * 1_984 - 1)} of the payload`
              : 'redundancy',
        },
        { label: 'Size', value: '2,048 B and a proof of 48 B' },
      ]}
    >
      <Button look="outline" onClick={() => select({ kind: 'node', id: node })}>
        Open {nodeTitle(node).toLowerCase()}
      </Button>
    </Card>
  )
}
