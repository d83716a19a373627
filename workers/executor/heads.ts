/** The four heads of L2, as users of rollups know them, and their reports. */
import type { HeadTag } from '../chain/types.ts'
import type { HeadName } from '../protocol/reports.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { latest } from '../rollup/l1/view.ts'
import { hashAtHeight, heightAtEnd } from '../rollup/node/ledger.ts'
import { lastSettledEntry } from '../rollup/node/roots.ts'
import { change, type ExecutorNode, report } from './node.ts'

const HEADS: readonly HeadName[] = ['unsafe', 'safe', 'settled', 'finalized']

/** Heights of the heads: ordered, derivable from L1, no longer changeable, and with a final root. */
export function headHeights(node: ExecutorNode): Readonly<Record<HeadName, bigint>> {
  const { ledger, view, l1Seconds } = node.core.fields
  const contents = latest(view)
  const window = BigInt(node.parameters.dataChallengeWindowSeconds)
  const safe = BigInt(ledger.verified.length) - 1n
  const settled = lower(safe, lastSettledEntry(contents, l1Seconds, window))
  const finalized = lower(settled, contents.anchor.entryIndex)
  return {
    unsafe: BigInt(ledger.blocks.length),
    safe: heightAtEnd(ledger, safe),
    settled: heightAtEnd(ledger, settled),
    finalized: heightAtEnd(ledger, finalized),
  }
}

/** Moves the engine's tags, and reports every head that changed. */
export function updateHeads(node: ExecutorNode): void {
  const { ledger, view, l1Seconds } = node.core.fields
  const heights = headHeights(node)
  const heads = { ...node.fields.heads }
  for (const head of HEADS) {
    const number = heights[head]
    const bytes = hashAtHeight(ledger, number)
    const hash = bytesToHex(bytes)
    if (heads[head] === hash) continue
    heads[head] = hash
    if (head !== 'unsafe') node.chain.setTag(head satisfies HeadTag, bytes)
    report(node, 'l2.head', { node: node.id, head, number, hash })
  }
  change(node, { heads })
  const window = BigInt(node.parameters.dataChallengeWindowSeconds)
  reportSettled(node, lastSettledEntry(latest(view), l1Seconds, window))
}

function reportSettled(node: ExecutorNode, settled: bigint): void {
  for (let index = node.fields.settledReported + 1n; index <= settled; index += 1n) {
    report(node, 'batch.settled', { index })
    change(node, { settledReported: index })
  }
}

function lower(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}
