import type { BatchStage, BatchView } from '../../protocol/projection.ts'
import type { ReportEvent } from '../../protocol/trace.ts'
import { pushBounded } from './window.ts'

const batchesMax = 16
const columnCount = 128

/** Folds a batch's life: built, spread over the data nodes, posted, settled; and what samplers found. */
export function foldBatches(
  batches: readonly BatchView[],
  event: ReportEvent,
  windowMs: number,
): readonly BatchView[] {
  const { timeMs } = event
  switch (event.type) {
    case 'batch.building': {
      const { index, stage, transactions, blocks, payloadBytes, rawBytes } = event.payload
      return update(batches, index, timeMs, (batch) =>
        advance({ ...batch, transactions, blocks, payloadBytes, rawBytes }, stage, timeMs),
      )
    }
    case 'batch.posted': {
      const { index, kind, payloadBytes, transactionHash, l1Number, gasUsed } = event.payload
      const stage = kind === 'expired' ? 'expired' : 'posted'
      return update(batches, index, timeMs, (batch) =>
        advance(
          {
            ...batch,
            kind,
            payloadBytes,
            transactionHash,
            l1Number,
            gasUsed,
            postedMs: timeMs,
            settlesMs: timeMs + windowMs,
          },
          stage,
          timeMs,
        ),
      )
    }
    case 'batch.settled':
      return update(batches, event.payload.index, timeMs, (batch) =>
        advance(batch, 'settled', timeMs),
      )
    case 'da.stored': {
      const { node, index, columns } = event.payload
      return update(batches, index, timeMs, (batch) => ({
        ...batch,
        columns: mark(batch.columns, columns, 's'),
        storedBy: batch.storedBy.includes(node) ? batch.storedBy : [...batch.storedBy, node],
      }))
    }
    case 'da.refused': {
      const { node, index } = event.payload
      return update(batches, index, timeMs, (batch) =>
        batch.refusedBy.includes(node)
          ? batch
          : { ...batch, refusedBy: [...batch.refusedBy, node] },
      )
    }
    case 'da.sampled': {
      const { index, columns, available } = event.payload
      return update(batches, index, timeMs, (batch) => ({
        ...batch,
        columns: mark(batch.columns, columns, available ? 'v' : 'w'),
      }))
    }
    case 'da.recovered': {
      const { index, cells, repaired } = event.payload
      return update(batches, index, timeMs, (batch) => ({
        ...batch,
        recoveredCells: cells,
        columns: repaired > 0 ? batch.columns.replaceAll('w', 'r') : batch.columns,
      }))
    }
    default:
      return batches
  }
}

const stageOrder: readonly BatchStage[] = [
  'encoding',
  'proving',
  'dispersing',
  'certifying',
  'posting',
  'posted',
  'settled',
  'expired',
]

function advance(batch: BatchView, stage: BatchStage, timeMs: number): BatchView {
  const forward = stageOrder.indexOf(stage) > stageOrder.indexOf(batch.stage)
  return forward ? { ...batch, stage, stageMs: timeMs } : batch
}

/** Changes batch `index`, first making room for it if it is new; a batch that left the window stays away. */
function update(
  batches: readonly BatchView[],
  index: bigint,
  timeMs: number,
  change: (batch: BatchView) => BatchView,
): readonly BatchView[] {
  const at = batches.findIndex((batch) => batch.index === index)
  const known = batches[at]
  if (known !== undefined) return batches.with(at, change(known))
  const newest = batches.at(-1)
  if (newest !== undefined && index < newest.index) return batches
  return pushBounded(batches, change(emptyBatch(index, timeMs)), batchesMax)
}

function emptyBatch(index: bigint, timeMs: number): BatchView {
  return {
    index,
    kind: 'batch',
    stage: 'encoding',
    stageMs: timeMs,
    transactions: 0,
    blocks: 0,
    payloadBytes: 0,
    rawBytes: 0,
    transactionHash: null,
    l1Number: null,
    gasUsed: 0n,
    postedMs: null,
    settlesMs: null,
    columns: '.'.repeat(columnCount),
    storedBy: [],
    refusedBy: [],
    recoveredCells: 0,
  }
}

function mark(columns: string, indices: readonly number[], state: string): string {
  const chars = columns.split('')
  for (const index of indices) if (index >= 0 && index < chars.length) chars[index] = state
  return chars.join('')
}
