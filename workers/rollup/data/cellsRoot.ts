/** The keccak tree of depth 7 over the 128 cells of a batch (docs/specs/BATCH.md), with paths for aligned ranges. */
import { CELL_COUNT } from '../batch/geometry.ts'
import { concatBytes, equalBytes } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'

/** keccak256 of a cell's 2,048 bytes. */
export function cellLeaf(cell: Uint8Array): Uint8Array {
  return keccak256(cell)
}

/** Root over exactly 128 cells. */
export function cellsRoot(cells: readonly Uint8Array[]): Uint8Array {
  return merkleRoot(cells.map(cellLeaf))
}

/** Root over a power of two of leaves. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves
  while (level.length > 1) level = parents(level)
  return level[0] ?? new Uint8Array(32)
}

export interface CellRange {
  /** Multiple of `count`. */
  readonly first: number
  /** A power of two; 1 for a single cell. */
  readonly count: number
}

/** Siblings from the range's own root up to the tree's root; 7 of them for a single cell. */
export function rangePath(leaves: readonly Uint8Array[], range: CellRange): readonly Uint8Array[] {
  const path: Uint8Array[] = []
  let level = leaves
  for (let width = range.count; width > 1; width /= 2) level = parents(level)
  let index = range.first / range.count
  while (level.length > 1) {
    path.push(level[index ^ 1] ?? new Uint8Array(32))
    level = parents(level)
    index >>= 1
  }
  return path
}

export interface RangeProof extends CellRange {
  readonly root: Uint8Array
  /** `cellLeaf` of each cell of the range, in order. */
  readonly leaves: readonly Uint8Array[]
  readonly path: readonly Uint8Array[]
}

/** Whether the leaves stand at their range under `root`. Total. */
export function verifyRange({ root, leaves, path, first, count }: RangeProof): boolean {
  const isAligned = Number.isInteger(first / count) && first >= 0 && first + count <= CELL_COUNT
  if (!isAligned || leaves.length !== count || count << path.length !== CELL_COUNT) return false
  let index = first / count
  let node = merkleRoot(leaves)
  for (const sibling of path) {
    node = keccak256((index & 1) === 0 ? concatBytes(node, sibling) : concatBytes(sibling, node))
    index >>= 1
  }
  return equalBytes(node, root)
}

function parents(level: readonly Uint8Array[]): readonly Uint8Array[] {
  return Array.from({ length: level.length / 2 }, (_, index) =>
    keccak256(
      concatBytes(
        level[2 * index] ?? new Uint8Array(32),
        level[2 * index + 1] ?? new Uint8Array(32),
      ),
    ),
  )
}
