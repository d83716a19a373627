/** A node that lacks its cells of a posted batch (it was offline) rebuilds them from any 64 cells of the others. */
import type { Cell, Messages } from '../protocol/messages.ts'
import { CELL_COUNT, DATA_CELL_COUNT } from '../rollup/batch/geometry.ts'
import { bytesToHex, equalBytes } from '../rollup/bytes.ts'
import { cellLeaf, merkleRoot, rangePath } from '../rollup/data/cellsRoot.ts'
import { RECOVER_JOB, RECOVER_PRICE_MS, type RecoverResult } from '../rollup/data/jobs.ts'
import { REPAIR_ENTRIES_MAX, REPAIR_RETRY_MS } from './config.ts'
import { type DataNode, otherNodes, ownColumns, report, send, setTimer } from './node.ts'
import { provenCells } from './sampling.ts'
import type { PostedBatch } from './state.ts'
import { keep } from './storing.ts'

export const REPAIR_TIMER = 'repair'
export const RECOVER_ID = 'recover:'

const ALL_COLUMNS: readonly number[] = Array.from({ length: CELL_COUNT }, (_, column) => column)

/** Begins with the newest posted batch that is lacking, if none is being repaired. */
export function repairNext(node: DataNode): void {
  const { state } = node
  if (state.repair !== null) return
  const newest = [...state.posted.values()].slice(-REPAIR_ENTRIES_MAX)
  const lacking = newest.findLast(({ commitment }) => !state.batches.has(bytesToHex(commitment)))
  if (lacking === undefined) return
  state.repair = { posted: lacking, cells: new Map(), isRecovering: false }
  setTimer(node, REPAIR_TIMER, REPAIR_RETRY_MS)
}

/** Asks everyone; whoever does not answer is asked again. */
export function onRepairTimer(node: DataNode): void {
  const { repair, batches } = node.state
  if (repair === null) return
  if (batches.has(bytesToHex(repair.posted.commitment))) {
    node.state.repair = null
    repairNext(node)
    return
  }
  if (repair.isRecovering) return
  const { index } = repair.posted
  for (const id of otherNodes(node)) send(node, id, 'da.fetch', { index, columns: ALL_COLUMNS })
  setTimer(node, REPAIR_TIMER, REPAIR_RETRY_MS)
}

export function onRepairCells(node: DataNode, answer: Messages['da.cells']): void {
  const { repair } = node.state
  if (repair === null || repair.isRecovering || repair.posted.index !== answer.index) return
  const cells = new Map(repair.cells)
  for (const cell of provenCells(repair.posted, answer, node.parameters.dataNodeCount)) {
    cells.set(cell.index, cell)
  }
  const isEnough = cells.size >= DATA_CELL_COUNT
  node.state.repair = { ...repair, cells, isRecovering: isEnough }
  if (!isEnough) return
  const input = {
    cells: ascending(cells)
      .slice(0, DATA_CELL_COUNT)
      .map((cell) => ({ ...cell })),
  }
  const id = `${RECOVER_ID}${bytesToHex(repair.posted.commitment)}`
  node.effects.push({ kind: 'job', id, job: RECOVER_JOB, input, priceMs: RECOVER_PRICE_MS })
}

/** All 128 cells are back: those of our columns are kept, if they are the ones that L1 knows. */
export function onRecovered(node: DataNode, result: RecoverResult): void {
  const { repair } = node.state
  if (repair === null) return
  node.state.repair = null
  const leaves = result.cells.map((cell) => cellLeaf(cell.bytes))
  if (equalBytes(merkleRoot(leaves), repair.posted.cellsRoot)) {
    keepColumns(node, repair.posted, result.cells, leaves)
    const { index } = repair.posted
    const repaired = ownColumns(node).length
    report(node, 'da.recovered', { node: node.id, index, cells: repair.cells.size, repaired })
  }
  repairNext(node)
}

function keepColumns(
  node: DataNode,
  { index, commitment, cellsRoot }: PostedBatch,
  cells: readonly Cell[],
  leaves: readonly Uint8Array[],
): void {
  const columns = ownColumns(node)
  const range = { first: columns[0] ?? 0, count: columns.length }
  const end = range.first + range.count
  keep(node, {
    index,
    commitment,
    cellsRoot,
    cells: cells.slice(range.first, end),
    leaves: leaves.slice(range.first, end),
    path: rangePath(leaves, range),
  })
}

function ascending(cells: ReadonlyMap<number, Cell>): readonly Cell[] {
  return [...cells.values()].sort((left, right) => left.index - right.index)
}
