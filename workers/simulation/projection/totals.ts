import type { TotalsView } from '../../protocol/projection.ts'
import type { TraceEvent } from '../../protocol/trace.ts'

const rateWindowMs = 10_000

export const emptyTotals: TotalsView = {
  transactions: 0,
  deposits: 0,
  l2Blocks: 0,
  batches: 0,
  batchBytes: 0,
  messages: 0,
  events: 0,
  eventHash: '0x',
  transactionsPerSecond: 0,
  pace: 0,
  slashedWei: 0n,
}

/** Counts what never leaves a window. The facts it is given are already known to be new. */
export function foldTotals(totals: TotalsView, event: TraceEvent): TotalsView {
  switch (event.kind) {
    case 'tick':
      return { ...totals, events: event.events, eventHash: event.eventHash }
    case 'pace':
      return { ...totals, pace: event.pace }
    case 'report':
      return foldReport(totals, event)
    default:
      return totals
  }
}

function foldReport(
  totals: TotalsView,
  event: Extract<TraceEvent, { kind: 'report' }>,
): TotalsView {
  switch (event.type) {
    case 'l2.block': {
      const { transactions, deposits } = event.payload
      return {
        ...totals,
        l2Blocks: totals.l2Blocks + 1,
        transactions: totals.transactions + transactions,
        deposits: totals.deposits + deposits,
      }
    }
    case 'batch.posted':
      return {
        ...totals,
        batches: totals.batches + 1,
        batchBytes: totals.batchBytes + event.payload.payloadBytes,
      }
    case 'sequencer.slashed':
      return { ...totals, slashedWei: totals.slashedWei + event.payload.amountWei }
    default:
      return totals
  }
}

/** Transactions per virtual second among blocks of the last ten seconds. */
export function measureRate(
  blocks: readonly { readonly timeMs: number; readonly transactions: number }[],
  nowMs: number,
): number {
  const spanMs = Math.min(rateWindowMs, Math.max(1_000, nowMs))
  let transactions = 0
  for (const block of blocks) if (block.timeMs > nowMs - spanMs) transactions += block.transactions
  return (transactions * 1_000) / spanMs
}
