/** The safe head: compares what was executed with the entries of L1, and derives where they differ. */

import type { Block } from '../chain/types.ts'
import { PAYLOAD_SIZE_MAX } from '../rollup/batch/geometry.ts'
import { encodePayload, payloadSize } from '../rollup/batch/payload.ts'
import type { InboxEntry } from '../rollup/l1/view.ts'
import { followEntries } from '../rollup/node/core.ts'
import { isPayloadOf } from '../rollup/node/fetcher.ts'
import type { FollowResult } from '../rollup/node/follow.ts'
import { charge, type ExecutorNode, report } from './node.ts'
import { CELLS_PRICE_MS } from './prices.ts'
import { announceBlock } from './unsafe.ts'

/** Follows all entries of L1 that it can. */
export async function followEntriesOfL1(node: ExecutorNode): Promise<void> {
  await followEntries(
    node.core,
    (entry) => orderedPayload(node, entry),
    (result) => announce(node, result),
  )
}

/**
 * The batch as the committee ordered it, if the entry has exactly its cells.
 * Rationale: what was ordered is known already, and its cells' root proves that L1 has the same; only where it has not, cells are
 * fetched from the data nodes.
 */
function orderedPayload(node: ExecutorNode, entry: InboxEntry): Uint8Array | null {
  if (node.core.fields.fetchings.has(entry.hash)) return null
  const blocks = node.fields.ordered
    .filter((ordered) => ordered.batchIndex === entry.index)
    .flatMap((ordered) => ordered.blocks)
  if (payloadSize(blocks) > PAYLOAD_SIZE_MAX) return null
  const payload = encodePayload(blocks)
  charge(node, CELLS_PRICE_MS)
  return isPayloadOf(payload, entry, node.core.kzg) ? payload : null
}

function announce(node: ExecutorNode, result: FollowResult<Block>): void {
  if (result.kind !== 'derived') return
  if (result.dropped > 0) {
    const first = result.blocks[0]
    const toNumber = first ? first.header.number - 1n : node.chain.head().header.number
    report(node, 'l2.reorg', { node: node.id, toNumber })
  }
  for (const block of result.blocks) announceBlock(node, block, result.entry.index, 0n)
}
