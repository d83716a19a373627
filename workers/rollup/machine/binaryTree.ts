/** Binary keccak trees of fixed depth whose empty leaves are zero words: memory, ring of block hashes, cells. */
import { concatBytes, ZERO_HASH } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'

/** Range proof of docs/specs/MACHINE.md, section 3. */
export interface RangeProof {
  readonly leaves: readonly Uint8Array[]
  readonly siblings: readonly Uint8Array[]
}

const ZERO_LEVELS_MAX = 17

/** Root of an empty tree of each depth up to 17. */
export const ZERO_TREES: readonly Uint8Array[] = zeroTrees()

function zeroTrees(): Uint8Array[] {
  const roots = [ZERO_HASH]
  let root = ZERO_HASH
  for (let level = 0; level < ZERO_LEVELS_MAX; level++) {
    root = joinNodes(root, root)
    roots.push(root)
  }
  return roots
}

export function zeroTree(level: number): Uint8Array {
  return ZERO_TREES[level] ?? ZERO_HASH
}

export function joinNodes(left: Uint8Array, right: Uint8Array): Uint8Array {
  return keccak256(concatBytes(left, right))
}

/** The nodes beside the leaves `first` to `last`, from the bottom level, left before right. */
export function rangeSiblings(
  depth: number,
  first: number,
  last: number,
  nodeAt: (level: number, index: number) => Uint8Array,
): Uint8Array[] {
  const siblings: Uint8Array[] = []
  let low = first
  let high = last
  for (let level = 0; level < depth; level++) {
    if (low % 2 === 1) siblings.push(nodeAt(level, low - 1))
    if (high % 2 === 0) siblings.push(nodeAt(level, high + 1))
    low >>= 1
    high >>= 1
  }
  return siblings
}

/** All levels of the tree over `leaves` (a power of two of them), leaves first. */
export function treeLevels(leaves: readonly Uint8Array[]): Uint8Array[][] {
  const levels: Uint8Array[][] = [leaves.slice()]
  let level = leaves
  while (level.length > 1) {
    const above: Uint8Array[] = []
    for (let i = 0; i < level.length; i += 2) {
      above.push(joinNodes(level[i] ?? ZERO_HASH, level[i + 1] ?? ZERO_HASH))
    }
    levels.push(above)
    level = above
  }
  return levels
}
