/** Gives cells to whoever asks; the path that ties them to L1 comes with them. */
import type { Cell, Messages } from '../protocol/messages.ts'
import { bytesToHex, EMPTY_BYTES } from '../rollup/bytes.ts'
import { type DataNode, ownColumns, send } from './node.ts'
import type { StoredBatch } from './state.ts'

/** The batch that L1 has at the index; before that, the newest that was stored for it. */
export function onFetch(
  node: DataNode,
  from: string,
  { index, columns }: Messages['da.fetch'],
): void {
  if (node.state.faults.has('withhold')) return
  const batch = batchAt(node, index)
  const wanted = batch?.cells.filter((cell) => columns.includes(cell.index)) ?? []
  const isCorrupt = node.state.faults.has('corruptCells')
  send(node, from, 'da.cells', {
    index,
    commitment: batch?.commitment ?? EMPTY_BYTES,
    cells: isCorrupt ? wanted.map(corrupted) : wanted,
    first: ownColumns(node)[0] ?? 0,
    leaves: batch?.leaves ?? [],
    path: batch?.path ?? [],
  })
}

function batchAt(node: DataNode, index: bigint): StoredBatch | undefined {
  const { posted, batches } = node.state
  const onL1 = posted.get(index)
  if (onL1 !== undefined) return batches.get(bytesToHex(onL1.commitment))
  return [...batches.values()].findLast((batch) => batch.index === index)
}

function corrupted(cell: Cell): Cell {
  return { ...cell, bytes: cell.bytes.map((byte, at) => (at === 1 ? byte ^ 1 : byte)) }
}
