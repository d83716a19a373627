/** Which of the 128 columns each data node keeps: equal, aligned ranges, so that one Merkle path proves a range. */

import { BaseError } from '../../kernel/errors.ts'
import { CELL_COUNT } from '../batch/geometry.ts'

/** Ascending. `nodeCount` must be a power of two, at most 128. Throws `ColumnsError`. */
export function columnsOfNode(node: number, nodeCount: number): readonly number[] {
  const isPowerOfTwo =
    Number.isInteger(nodeCount) && nodeCount > 0 && (nodeCount & (nodeCount - 1)) === 0
  if (!isPowerOfTwo || nodeCount > CELL_COUNT) {
    throw new ColumnsError(
      `nodeCount is ${nodeCount}, must be a power of two from 1 to ${CELL_COUNT}.`,
    )
  }
  if (!Number.isInteger(node) || node < 0 || node >= nodeCount) {
    throw new ColumnsError(`node is ${node}, outside 0 to ${nodeCount - 1}.`)
  }
  const count = CELL_COUNT / nodeCount
  return Array.from({ length: count }, (_, index) => node * count + index)
}

/** The node that keeps `column`. */
export function nodeOfColumn(column: number, nodeCount: number): number {
  return Math.floor((column * nodeCount) / CELL_COUNT)
}

/** A data node or a count of nodes outside its range. */
export class ColumnsError extends BaseError {
  override readonly name = 'ColumnsError'
}
