/**
 * Boundary states of a trace taken from chain data: the machine before every block of every entry, and at the end. With them the state
 * of any item needs the steps of one block alone.
 */
import { ENTRY_BATCH, ENTRY_DEPOSIT_ONLY, hashEntry } from '../batch/entry.ts'
import { firstBlockOffset, readBlockHeader, readTransaction } from '../batch/reader.ts'
import type { Anchor } from '../game/prover.ts'
import type { InboxEntry } from '../l1/view.ts'
import { type MachineState, PHASE } from '../machine/types.ts'
import { blocksOfEntry, heightAtEnd } from './ledger.ts'
import { type BoundarySource, stateAfterBlock, type TraceSource } from './traces.ts'

export interface AnchorSpan {
  /** The entry at whose end the trace begins, and the last one that it covers. */
  readonly startEntry: bigint
  readonly lastEntry: bigint
}

/** Items of a block beside its transactions: BLOCK_START, the TX_NEXT that finds none left, BLOCK_END. */
const ITEMS_PER_BLOCK = 3

/** Ascending by item; the last is the end of the trace. */
export function traceAnchors(
  boundaries: BoundarySource,
  source: TraceSource,
  span: AnchorSpan,
): readonly Anchor<MachineState>[] {
  const anchors: Anchor<MachineState>[] = []
  let item = 0
  for (let index = span.startEntry + 1n; index <= span.lastEntry; index += 1n) {
    const entry = source.contents.entries[Number(index)]
    if (!entry) return anchors
    const before = heightAtEnd(boundaries.ledger, index - 1n)
    anchors.push({ item, state: () => stateAfterBlock(boundaries, before, index) })
    item += 1
    if (entry.entry.kind !== ENTRY_BATCH && entry.entry.kind !== ENTRY_DEPOSIT_ONLY) continue
    const cursors = blockCursors(entry, source)
    for (const [at, block] of blocksOfEntry(boundaries.ledger, index).entries()) {
      const place = { entry, height: before + BigInt(at), blockIndex: at, cursor: cursors[at] ?? 0 }
      anchors.push({ item, state: () => blockStart(boundaries, place) })
      item += ITEMS_PER_BLOCK + block.messages.length + block.derived.transactions.length
    }
    item += 1
  }
  const end = heightAtEnd(boundaries.ledger, span.lastEntry)
  anchors.push({ item, state: () => stateAfterBlock(boundaries, end, span.lastEntry + 1n) })
  return anchors
}

interface BlockPlace {
  readonly entry: InboxEntry
  /** Height of the block before. */
  readonly height: bigint
  readonly blockIndex: number
  readonly cursor: number
}

/** The machine at BLOCK_START within an entry. */
function blockStart(boundaries: BoundarySource, place: BlockPlace): MachineState {
  const between = stateAfterBlock(boundaries, place.height, place.entry.index)
  const { cursor, blockIndex } = place
  const entryHash = hashEntry(place.entry.entry)
  const block = { ...between.block, entryHash, cursor, blockIndex }
  return { ...between, phase: PHASE.BLOCK_START, block }
}

/** Payload offsets at which the machine stands before each block; 0 before the first, and all of a deposit-only entry. */
function blockCursors(entry: InboxEntry, source: TraceSource): readonly number[] {
  const payload = entry.entry.kind === ENTRY_BATCH ? source.payloadOf(entry) : null
  const cursors = [0]
  let offset = payload && firstBlockOffset(payload)
  while (payload && offset !== null) {
    const header = readBlockHeader(payload, offset)
    if (!header) return cursors
    offset = header.nextOffset
    for (let left = header.transactionCount; left > 0 && offset !== null; left -= 1) {
      offset = readTransaction(payload, offset)?.nextOffset ?? null
    }
    cursors.push(offset ?? payload.length)
  }
  return cursors
}
