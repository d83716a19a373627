import { Link, useParams } from 'react-router'
import { useShallow } from 'zustand/react/shallow'
import type { BatchView } from '../../../workers/protocol/projection.ts'
import { select } from '../../store/view.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { Empty, Fields } from '../../ui/fields.tsx'
import {
  formatBytes,
  formatClock,
  formatCount,
  formatGas,
  formatSpan,
  nodeTitle,
  shortHash,
} from '../../ui/format.ts'
import { GLOSSARY } from '../../ui/glossary.ts'
import styles from './ledger.module.css'
import { Box, Sheet, Table } from './sheet.tsx'

export function BatchesPage() {
  const batches = useWorld(useShallow(({ batches: all }) => all.toReversed()))
  return (
    <Sheet title="Batches" about={GLOSSARY.batch[1]}>
      {batches.length === 0 ? (
        <Empty title="No batch yet">
          The executor packs some seconds of blocks, cuts them into 128 cells and posts their header
          to L1.
        </Empty>
      ) : (
        <Table
          label="Batches"
          columns={[
            'Batch',
            'Stage',
            'Blocks',
            'Transactions',
            'Size',
            'Per transaction',
            'Cells',
            'L1 block',
            'L1 gas',
          ]}
        >
          {batches.map((batch) => (
            <Line key={String(batch.index)} batch={batch} />
          ))}
        </Table>
      )}
    </Sheet>
  )
}

const cellsHeld = (batch: BatchView): number => batch.columns.replace(/[.w]/g, '').length

function perTransaction(batch: BatchView): string {
  return batch.transactions === 0
    ? '–'
    : formatBytes(Math.round(batch.payloadBytes / batch.transactions))
}

function Line({ batch }: { readonly batch: BatchView }) {
  return (
    <tr>
      <td>
        <Link to={`/batches/${batch.index}`}>{String(batch.index)}</Link>
      </td>
      <td>{batch.stage}</td>
      <td>{formatCount(batch.blocks)}</td>
      <td>{formatCount(batch.transactions)}</td>
      <td>{formatBytes(batch.payloadBytes)}</td>
      <td>{perTransaction(batch)}</td>
      <td>{cellsHeld(batch)}</td>
      <td>{batch.l1Number === null ? '–' : formatCount(batch.l1Number)}</td>
      <td>{batch.gasUsed === 0n ? '–' : formatCount(batch.gasUsed)}</td>
    </tr>
  )
}

export function BatchPage() {
  const { index } = useParams()
  const batch = useWorld(({ batches }) => batches.find((entry) => String(entry.index) === index))
  const span = useWorld(({ l2 }) => l2.spans.find((entry) => String(entry.batchIndex) === index))
  const timeMs = useTimeMs(1_000)
  if (batch === undefined)
    return (
      <Sheet
        title="No such batch"
        about="It is still to come, or it left the window that the page keeps."
      />
    )
  const last = span === undefined ? null : span.firstNumber + BigInt(span.counts.length) - 1n
  return (
    <Sheet title={`Batch ${batch.index}`} about={GLOSSARY.batch[1]}>
      <Box>
        <Fields
          fields={[
            { label: 'Stage', value: `${batch.stage}, since ${formatClock(batch.stageMs)}` },
            ...(span === undefined || last === null
              ? []
              : [
                  {
                    label: 'Blocks',
                    term: 'block' as const,
                    value: (
                      <>
                        <Link to={`/blocks/${span.firstNumber}`}>
                          {formatCount(span.firstNumber)}
                        </Link>{' '}
                        to <Link to={`/blocks/${last}`}>{formatCount(last)}</Link>
                      </>
                    ),
                  },
                ]),
            { label: 'Transactions', value: formatCount(batch.transactions) },
            {
              label: 'Payload',
              value: `${formatBytes(batch.payloadBytes)} in all, ${perTransaction(batch)} per transaction`,
            },
            ...(batch.rawBytes > 0
              ? [{ label: 'Without packing', value: formatBytes(batch.rawBytes) }]
              : []),
            {
              label: 'Signed for by',
              term: 'certificate',
              value: `${batch.storedBy.length} data nodes`,
            },
            ...(batch.refusedBy.length === 0
              ? []
              : [{ label: 'Refused by', value: batch.refusedBy.map(nodeTitle).join(', ') }]),
            ...(batch.recoveredCells > 0
              ? [
                  {
                    label: 'Rebuilt',
                    term: 'recovery' as const,
                    value: `from ${batch.recoveredCells} cells`,
                  },
                ]
              : []),
            ...(batch.transactionHash === null
              ? []
              : [
                  {
                    label: 'L1 transaction',
                    value: (
                      <Link to={`/tx/${batch.transactionHash}`}>
                        {shortHash(batch.transactionHash)}
                      </Link>
                    ),
                  },
                ]),
            ...(batch.l1Number === null
              ? []
              : [
                  {
                    label: 'L1 block',
                    value: `${formatCount(batch.l1Number)}, ${formatGas(batch.gasUsed)}`,
                  },
                ]),
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
      </Box>
      <Box title={`Cells: ${cellsHeld(batch)} of 128 held; any 64 rebuild the batch`}>
        <Cells batch={batch} />
      </Box>
    </Sheet>
  )
}

function Cells({ batch }: { readonly batch: BatchView }) {
  return (
    <div className={styles.cells}>
      {batch.columns.split('').map((mark, column) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: the column is a cell's identity.
          key={column}
          type="button"
          data-mark={mark}
          aria-label={`Cell ${column}`}
          onClick={() => select({ kind: 'cell', index: batch.index, column })}
        >
          {column}
        </button>
      ))}
    </div>
  )
}
