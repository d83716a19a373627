import { nodeRole } from '../../protocol/nodes.ts'
import type { L2BlockView, L2View, SpanView } from '../../protocol/projection.ts'
import type { ReportEvent } from '../../protocol/trace.ts'
import { pushBounded } from './window.ts'

const blocksMax = 160
const spansMax = 24
const genesis = { number: 0n, hash: `0x${'0'.repeat(64)}` }

export const emptyL2: L2View = {
  spans: [],
  blocks: [],
  heads: { unsafe: genesis, safe: genesis, settled: genesis, finalized: genesis },
  reorgs: 0,
}

/** Folds the L2 chain as executors tell it. Challengers derive the same blocks; theirs are not shown twice. */
export function foldL2(view: L2View, event: ReportEvent): L2View {
  if (nodeRole(event.node) === 'challenger') return view
  switch (event.type) {
    case 'l2.block':
      return addBlock(view, event.timeMs, event.payload)
    case 'l2.reorg': {
      const { toNumber } = event.payload
      const blocks = view.blocks.filter((block) => block.number <= toNumber)
      const spans = cutSpans(view.spans, toNumber)
      return { ...view, blocks, spans, reorgs: view.reorgs + 1 }
    }
    case 'l2.head': {
      const { head, number, hash } = event.payload
      return { ...view, heads: { ...view.heads, [head]: { number, hash } } }
    }
    default:
      return view
  }
}

type BlockReport = Extract<ReportEvent, { type: 'l2.block' }>['payload']

/** The block at its height, whether it is new or replaces another after a reorg. */
function addBlock(view: L2View, timeMs: number, report: BlockReport): L2View {
  const { number, hash, transactions, deposits, skipped, gasUsed, batchIndex } = report
  const last = view.blocks.at(-1)
  if (last !== undefined && number <= last.number) {
    const known = view.blocks.find((block) => block.number === number)
    if (known === undefined || known.hash === hash) return view
  }
  const block: L2BlockView = {
    number,
    hash,
    timeMs,
    transactions,
    deposits,
    skipped,
    gasUsed,
    batchIndex,
    view: report.view,
  }
  const kept =
    last !== undefined && number <= last.number
      ? view.blocks.filter((other) => other.number < number)
      : view.blocks
  const spans = extendSpans(cutSpans(view.spans, number - 1n), block)
  return { ...view, blocks: pushBounded(kept, block, blocksMax), spans }
}

function extendSpans(spans: readonly SpanView[], block: L2BlockView): readonly SpanView[] {
  const count = block.transactions + block.deposits
  const last = spans.at(-1)
  if (last?.batchIndex === block.batchIndex) {
    return spans.with(-1, { ...last, counts: [...last.counts, count] })
  }
  const span = { batchIndex: block.batchIndex, firstNumber: block.number, counts: [count] }
  return pushBounded(spans, span, spansMax)
}

/** Without blocks above `toNumber`. */
function cutSpans(spans: readonly SpanView[], toNumber: bigint): readonly SpanView[] {
  const last = spans.at(-1)
  if (last === undefined || last.firstNumber + BigInt(last.counts.length) - 1n <= toNumber) {
    return spans
  }
  return spans
    .map((span) => ({ ...span, counts: span.counts.slice(0, keptOf(span, toNumber)) }))
    .filter((span) => span.counts.length > 0)
}

function keptOf(span: SpanView, toNumber: bigint): number {
  return Math.max(0, Number(toNumber - span.firstNumber) + 1)
}
