/** The last 256 block hashes: the hash of block n is leaf n mod 256 of a binary keccak tree of depth 8. */
import { ZERO_HASH } from '../bytes.ts'
import { type RangeProof, rangeSiblings, treeLevels, zeroTree } from './binaryTree.ts'

export const RING_DEPTH = 8
export const RING_SIZE = 256

export interface Ring {
  readonly leaves: readonly Uint8Array[]
  /** Filled when first asked for. */
  levels: Uint8Array[][] | null
}

export const EMPTY_RING: Ring = {
  leaves: Array.from({ length: RING_SIZE }, () => ZERO_HASH),
  levels: null,
}

export function ringWith(ring: Ring, number: bigint, hash: Uint8Array): Ring {
  const leaves = ring.leaves.slice()
  leaves[Number(number % 256n)] = hash
  return { leaves, levels: null }
}

/** Hash at a block's place, whichever block of that residue it is of. */
export function ringHash(ring: Ring, number: bigint): Uint8Array {
  return ring.leaves[Number(number % 256n)] ?? ZERO_HASH
}

export function ringRoot(ring: Ring): Uint8Array {
  return levelsOf(ring)[RING_DEPTH]?.[0] ?? zeroTree(RING_DEPTH)
}

export function ringProof(ring: Ring, number: bigint): RangeProof {
  const index = Number(number % 256n)
  const levels = levelsOf(ring)
  return {
    leaves: [ringHash(ring, number)],
    siblings: rangeSiblings(
      RING_DEPTH,
      index,
      index,
      (level, at) => levels[level]?.[at] ?? zeroTree(level),
    ),
  }
}

function levelsOf(ring: Ring): Uint8Array[][] {
  ring.levels ??= treeLevels(ring.leaves)
  return ring.levels
}
