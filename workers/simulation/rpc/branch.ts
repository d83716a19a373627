/** Which blocks a new head adds to what observers know, and which it takes away. */
import type { Json } from '../../protocol/world.ts'

export interface ToldBlock {
  readonly hash: string
  readonly parentHash: string
  /** As a subscriber of `newHeads` sees it. */
  readonly header: Json
  readonly logs: readonly Json[]
}

export interface Branch {
  /** Newest first. */
  readonly removed: readonly ToldBlock[]
  /** Oldest first. */
  readonly added: readonly ToldBlock[]
  /** What is known afterwards, oldest first. */
  readonly told: readonly ToldBlock[]
}

/** A reorg deeper than this is told as far as this. */
export const TOLD_MAX = 256

/** `read`: a block by its hash; undefined where the node does not know it. */
export async function branchTo(
  told: readonly ToldBlock[],
  head: string,
  read: (hash: string) => Promise<ToldBlock | undefined>,
): Promise<Branch> {
  const positions = new Map(told.map((block, index) => [block.hash, index] as const))
  const added: ToldBlock[] = []
  let hash = head
  while (!positions.has(hash) && added.length < TOLD_MAX) {
    const block = await read(hash)
    if (block === undefined) break
    added.unshift(block)
    // Who knew nothing before is told the head alone.
    if (told.length === 0) break
    hash = block.parentHash
  }
  const fork = positions.get(hash)
  const kept = fork === undefined ? [] : told.slice(0, fork + 1)
  const removed = fork === undefined ? [] : told.slice(fork + 1).reverse()
  return { removed, added, told: [...kept, ...added].slice(-TOLD_MAX) }
}
