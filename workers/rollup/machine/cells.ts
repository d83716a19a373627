/** Openings of a batch's cells against its root (docs/specs/BATCH.md). */
import type { Entry } from '../batch/entry.ts'
import { keccak256 } from '../keccak.ts'
import { rangeSiblings, treeLevels, zeroTree } from './binaryTree.ts'
import type { Draft } from './draft.ts'
import { MachineError } from './errors.ts'

const CELL_BODY_SIZE = 1_984
const CELL_COUNT = 128
const CELLS_DEPTH = 7

const trees = new WeakMap<readonly Uint8Array[], Uint8Array[][]>()

/** `cells(entry, from, to)` of the spec: the payload bytes from `from` to below `to`. */
export function takeCells(draft: Draft, _entry: Entry, from: number, to: number): void {
  const { parts, context, block } = draft
  if (parts === null || to <= from) return
  const cells = context.source.cells(block.batchIndex)
  if (cells.length !== CELL_COUNT) {
    throw new MachineError(`A batch has ${CELL_COUNT} cells, the source gave ${cells.length}.`)
  }
  const first = Math.floor(from / CELL_BODY_SIZE)
  const last = Math.floor((to - 1) / CELL_BODY_SIZE)
  parts.blobs.push(...cells.slice(first, last + 1))
  let levels = trees.get(cells)
  if (levels === undefined) {
    levels = treeLevels(cells.map(keccak256))
    trees.set(cells, levels)
  }
  const nodes = levels
  const siblings = rangeSiblings(
    CELLS_DEPTH,
    first,
    last,
    (level, index) => nodes[level]?.[index] ?? zeroTree(level),
  )
  parts.ranges.push({ leaves: [], siblings })
}
