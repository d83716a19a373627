/**
 * Gathers the cells of a posted batch from the data nodes, as pure state. The 64 data cells are asked for first: if they hash to the
 * entry's root, no proof is needed. Otherwise, and when nodes are silent, every cell is asked for, checked by its proof, and any 64
 * good ones recover the batch.
 */
import { blobToPayload, payloadToBlob } from '../batch/blob.ts'
import { DATA_CELL_COUNT } from '../batch/geometry.ts'
import { equalBytes, type Hex } from '../bytes.ts'
import { cellsRoot } from '../data/cellsRoot.ts'
import { columnsOfNode } from '../data/columns.ts'
import type { CellCoder, ProvenCell } from '../data/kzg.ts'
import { recoverBlob } from '../data/recovery.ts'
import type { InboxEntry } from '../l1/view.ts'

export interface Fetching {
  readonly entryHash: Hex
  readonly index: bigint
  /** By column; the first that came. */
  readonly cells: ReadonlyMap<number, ProvenCell>
  /** Data nodes that answered. */
  readonly answered: ReadonlySet<number>
  /** Cells whose proofs were checked. */
  readonly proven: ReadonlyMap<number, ProvenCell>
  /** Virtual time at which silent nodes are asked again. */
  readonly retryAtMs: number
  /** Whether all nodes are asked, not only those with data cells. */
  readonly isWide: boolean
}

export interface CellRequest {
  readonly node: number
  readonly columns: readonly number[]
}

/** Virtual milliseconds after which silent data nodes are asked again, and the others as well. */
export const FETCH_RETRY_MS = 1_500

export function openFetching(entry: InboxEntry, nowMs: number): Fetching {
  return {
    entryHash: entry.hash,
    index: entry.index,
    cells: new Map(),
    answered: new Set(),
    proven: new Map(),
    retryAtMs: nowMs + FETCH_RETRY_MS,
    isWide: false,
  }
}

/** What to ask of whom now. Nodes are in the order of `order`, a permutation that the caller draws. */
export function cellRequests(
  fetching: Fetching,
  nodeCount: number,
  order: readonly number[],
): readonly CellRequest[] {
  return order
    .filter((node) => !fetching.answered.has(node))
    .map((node) => ({ node, columns: columnsOfNode(node, nodeCount) }))
    .filter(({ columns }) => fetching.isWide || (columns[0] ?? 0) < DATA_CELL_COUNT)
}

/** Files a data node's answer. Cells of other columns than its own are ignored. */
export function fileCells(
  fetching: Fetching,
  answer: {
    readonly node: number
    readonly nodeCount: number
    readonly cells: readonly ProvenCell[]
  },
): Fetching {
  const own = new Set(columnsOfNode(answer.node, answer.nodeCount))
  const cells = new Map(fetching.cells)
  for (const cell of answer.cells) {
    if (own.has(cell.index) && !cells.has(cell.index)) cells.set(cell.index, cell)
  }
  const isWhole = answer.cells.length >= own.size
  const answered = isWhole ? new Set(fetching.answered).add(answer.node) : fetching.answered
  return { ...fetching, cells, answered }
}

/** The blob, if all data cells are there and it has the entry's root. */
export function tryDataCells(
  fetching: Pick<Fetching, 'cells'>,
  entry: InboxEntry,
  kzg: CellCoder,
): Uint8Array | null {
  const data = sortedCells(fetching.cells).filter((cell) => cell.index < DATA_CELL_COUNT)
  if (data.length < DATA_CELL_COUNT) return null
  const blob = attempt(() => recoverBlob(data))
  return blob && blobIfRoot(blob, entry, kzg)
}

/** The blob if its cells hash to the entry's root, else `null`. */
export function blobIfRoot(blob: Uint8Array, entry: InboxEntry, kzg: CellCoder): Uint8Array | null {
  const cells = attempt(() => kzg.computeCells(blob))
  if (!cells || !equalBytes(cellsRoot(cells), entry.entry.cellsRoot)) return null
  return blob
}

/** Whether the payload that a node has itself is the one of the entry. */
export function isPayloadOf(payload: Uint8Array, entry: InboxEntry, kzg: CellCoder): boolean {
  if (BigInt(payload.length) !== entry.entry.payloadLength) return false
  return blobIfRoot(payloadToBlob(payload), entry, kzg) !== null
}

/** Cells by column, ascending: what recovery and its check want. */
export function sortedCells(cells: ReadonlyMap<number, ProvenCell>): readonly ProvenCell[] {
  return [...cells.values()].sort((left, right) => left.index - right.index)
}

export function isRecoverable(fetching: Fetching): boolean {
  return fetching.proven.size >= DATA_CELL_COUNT
}

/** Keeps what its proofs confirm; the rest is asked for again. */
export function fileProven(
  fetching: Fetching,
  isGood: boolean,
  cells: readonly ProvenCell[],
): Fetching {
  const proven = new Map(fetching.proven)
  const all = new Map(fetching.cells)
  for (const cell of cells) {
    if (isGood) proven.set(cell.index, cell)
    else all.delete(cell.index)
  }
  return { ...fetching, proven, cells: all }
}

export function payloadOfBlob(blob: Uint8Array, entry: InboxEntry): Uint8Array {
  return blobToPayload(blob, Number(entry.entry.payloadLength))
}

/** The data nodes that could be asked, in an order drawn by `nextBelow`. */
export function shuffledNodes(
  nodeCount: number,
  nextBelow: (bound: number) => number,
): readonly number[] {
  const order = Array.from({ length: nodeCount }, (_, node) => node)
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = nextBelow(at + 1)
    const [left, right] = [order[at] ?? 0, order[other] ?? 0]
    order[at] = right
    order[other] = left
  }
  return order
}

function attempt<T>(compute: () => T): T | null {
  try {
    return compute()
  } catch {
    return null
  }
}
