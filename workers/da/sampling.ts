/** Private random sampling: after a batch is on L1, ask for 8 random cells, and say whether all of them came. */
import type { Cell, Messages } from '../protocol/messages.ts'
import { dataNode } from '../protocol/nodes.ts'
import { CELL_COUNT } from '../rollup/batch/geometry.ts'
import { bytesToHex, equalBytes } from '../rollup/bytes.ts'
import { cellLeaf, verifyRange } from '../rollup/data/cellsRoot.ts'
import { nodeOfColumn } from '../rollup/data/columns.ts'
import { SAMPLE_COUNT, SAMPLE_TIMEOUT_MS } from './config.ts'
import { type DataNode, report, send, setTimer } from './node.ts'
import type { PostedBatch } from './state.ts'

export const SAMPLE_TIMER = 'sample:'

export function sample(node: DataNode, posted: PostedBatch): void {
  const columns = drawColumns(node)
  const missing = new Set(columns)
  const { dataNodeCount } = node.parameters
  for (let owner = 0; owner < dataNodeCount; owner++) {
    const wanted = columns.filter((column) => nodeOfColumn(column, dataNodeCount) === owner)
    if (wanted.length === 0) continue
    if (owner !== node.config.index) {
      send(node, dataNode(owner), 'da.fetch', { index: posted.index, columns: wanted })
    } else if (node.state.batches.has(bytesToHex(posted.commitment))) {
      for (const column of wanted) missing.delete(column)
    }
  }
  node.state.samplings.set(posted.index, { columns, missing })
  setTimer(node, `${SAMPLE_TIMER}${posted.index}`, SAMPLE_TIMEOUT_MS)
  conclude(node, posted.index, false)
}

/** Cells arrived: those that stand under the root on L1 are no longer missing. */
export function onSampledCells(node: DataNode, cells: Messages['da.cells']): void {
  const sampling = node.state.samplings.get(cells.index)
  const posted = node.state.posted.get(cells.index)
  if (sampling === undefined || posted === undefined) return
  const proven = provenCells(posted, cells, node.parameters.dataNodeCount)
  const missing = new Set(sampling.missing)
  for (const cell of proven) missing.delete(cell.index)
  node.state.samplings.set(cells.index, { ...sampling, missing })
  conclude(node, cells.index, false)
}

/** Reports once all cells came, or when the time is over: what is there, and what was asked for in vain. */
export function conclude(node: DataNode, index: bigint, isOver: boolean): void {
  const sampling = node.state.samplings.get(index)
  if (sampling === undefined) return
  const available = sampling.missing.size === 0
  if (!available && !isOver) return
  node.state.samplings.delete(index)
  const { columns, missing } = sampling
  const arrived = columns.filter((column) => !missing.has(column))
  const absent = columns.filter((column) => missing.has(column))
  if (arrived.length > 0)
    report(node, 'da.sampled', { node: node.id, index, columns: arrived, available: true })
  if (absent.length > 0)
    report(node, 'da.sampled', { node: node.id, index, columns: absent, available: false })
}

/** Those of the cells that stand under the root that L1 has. */
export function provenCells(
  posted: PostedBatch,
  { cells, first, leaves, path }: Messages['da.cells'],
  nodeCount: number,
): readonly Cell[] {
  const count = CELL_COUNT / nodeCount
  if (!verifyRange({ root: posted.cellsRoot, leaves, path, first, count })) return []
  return cells.filter((cell) => {
    const leaf = leaves[cell.index - first]
    return leaf !== undefined && equalBytes(cellLeaf(cell.bytes), leaf)
  })
}

function drawColumns(node: DataNode): readonly number[] {
  const drawn = new Set<number>()
  while (drawn.size < SAMPLE_COUNT) drawn.add(node.rng.nextBelow(CELL_COUNT))
  return [...drawn].sort((left, right) => left - right)
}
