import type { L1BlockView, L1View } from '../../protocol/projection.ts'
import type { ReportEvent } from '../../protocol/trace.ts'
import { pushBounded } from './window.ts'

const blocksMax = 48

export const emptyL1: L1View = { blocks: [], finalizedNumber: 0n, reorgs: 0 }

/** Folds what L1 says about itself. */
export function foldL1(view: L1View, event: ReportEvent): L1View {
  switch (event.type) {
    case 'l1.block':
      return addBlock(view, event.timeMs, event.payload)
    case 'l1.reorg': {
      const { fromNumber } = event.payload
      const blocks = view.blocks.map((block) =>
        block.number >= fromNumber ? { ...block, orphaned: true } : block,
      )
      return { ...view, blocks, reorgs: view.reorgs + 1 }
    }
    default:
      return view
  }
}

type BlockReport = Extract<ReportEvent, { type: 'l1.block' }>['payload']

function addBlock(view: L1View, timeMs: number, report: BlockReport): L1View {
  if (view.blocks.some((block) => block.hash === report.hash && !block.orphaned)) return view
  const { finalizedNumber, parentHash: _, ...fields } = report
  const block: L1BlockView = { ...fields, timeMs, orphaned: false }
  return { ...view, blocks: pushBounded(view.blocks, block, blocksMax), finalizedNumber }
}
