/**
 * A node's own list of L2 blocks beside what L1 says: which entry each block belongs to, and up to where entries were compared with
 * L1. Plain immutable data; the engine that executes is a parameter.
 */

import type { BatchBlock } from '../batch/payload.ts'
import { equalBytes, type Hex } from '../bytes.ts'
import type { DerivationParent, DerivedBlock } from '../derivation/derive.ts'
import { type L2BlockRequest, toBlockRequest } from '../derivation/request.ts'
import type { InboxEntry, L1Contents } from '../l1/view.ts'

export interface LedgerBlock {
  readonly number: bigint
  readonly hash: Uint8Array
  readonly derived: DerivedBlock
  /** As the committee ordered it; `null` if it was derived from L1. */
  readonly stated: BatchBlock | null
  /** View of the committee; `null` if it was derived from L1. */
  readonly view: bigint | null
  /** The inbox messages that it consumed, as they were: a reorg of L1 may change them under the same entry. */
  readonly messages: readonly Uint8Array[]
}

export interface LedgerGenesis {
  readonly hash: Uint8Array
  readonly timestamp: bigint
}

export interface Ledger {
  readonly genesis: LedgerGenesis
  /** Block n is at index n - 1. */
  readonly blocks: readonly LedgerBlock[]
  /** Hashes of the entries that agree with the blocks, from entry 0 on. */
  readonly verified: readonly Hex[]
}

/** The part of a chain engine that a ledger needs; `Chain` of workers/chain has it. */
export interface LedgerEngine<Block extends EngineBlock> {
  buildBlock(request: L2BlockRequest): Promise<Block>
  setHead(hash: Uint8Array): void
}

export interface EngineBlock {
  readonly hash: Uint8Array
  readonly header: { readonly number: bigint }
}

export function openLedger(genesis: LedgerGenesis, entryZeroHash: Hex): Ledger {
  return { genesis, blocks: [], verified: [entryZeroHash] }
}

/** What the next block is derived from. */
export function derivationParent(ledger: Ledger): DerivationParent {
  const last = ledger.blocks.at(-1)?.derived
  return last
    ? { timestamp: last.timestamp, inboxCount: last.inboxTo }
    : { timestamp: ledger.genesis.timestamp, inboxCount: 0n }
}

/** Blocks of one entry, ascending. */
export function blocksOfEntry(ledger: Ledger, entryIndex: bigint): readonly LedgerBlock[] {
  return ledger.blocks.filter((block) => block.derived.entryIndex === entryIndex)
}

/** Height of the last block of entries up to `entryIndex`; 0 is genesis. */
export function heightAtEnd(ledger: Ledger, entryIndex: bigint): bigint {
  const at = ledger.blocks.findLastIndex((block) => block.derived.entryIndex <= entryIndex)
  return BigInt(at + 1)
}

export function hashAtHeight(ledger: Ledger, height: bigint): Uint8Array {
  return ledger.blocks[Number(height) - 1]?.hash ?? ledger.genesis.hash
}

/**
 * Rationale: after a reorg or an expiry of L1, entries from the first changed one on are compared again, and blocks that consumed
 * other messages than L1 has now are dropped with all that follow them. The caller sets the engine's head if blocks were dropped.
 */
export function forgetChanged(ledger: Ledger, contents: L1Contents): Ledger {
  const { entries } = contents
  const changed = ledger.verified.findIndex((hash, index) => entries[index]?.hash !== hash)
  const verified = changed < 0 ? ledger.verified : ledger.verified.slice(0, changed)
  const wrong = ledger.blocks.findIndex((block) => !hasSameMessages(block, contents.messages))
  if (wrong < 0) return changed < 0 ? ledger : { ...ledger, verified }
  const entryIndex = ledger.blocks[wrong]?.derived.entryIndex ?? 0n
  const kept = rollBack(ledger, entryIndex - 1n)
  return { ...kept, verified: verified.slice(0, Number(entryIndex)) }
}

function hasSameMessages(block: LedgerBlock, known: readonly Uint8Array[]): boolean {
  const from = Number(block.derived.inboxFrom)
  return block.messages.every((message, at) => {
    const now = known[from + at]
    return now === message || (now !== undefined && equalBytes(now, message))
  })
}

/** The first entry of L1 that is not compared yet, or `null`. */
export function nextUnverified(ledger: Ledger, entries: readonly InboxEntry[]): InboxEntry | null {
  return entries[ledger.verified.length] ?? null
}

/** Whether the blocks of the entry are exactly these, and nothing of a later entry lies between. */
export function isAsDerived(
  ledger: Ledger,
  entryIndex: bigint,
  derived: readonly DerivedBlock[],
): boolean {
  const own = blocksOfEntry(ledger, entryIndex)
  return (
    own.length === derived.length && own.every((block, at) => isSame(block.derived, derived[at]))
  )
}

function isSame(left: DerivedBlock, right: DerivedBlock | undefined): boolean {
  if (!right) return false
  return (
    left.isFirst === right.isFirst &&
    left.timestamp === right.timestamp &&
    left.inboxFrom === right.inboxFrom &&
    left.inboxTo === right.inboxTo &&
    equalBytes(left.origin.hash, right.origin.hash) &&
    left.transactions.length === right.transactions.length &&
    left.transactions.every((raw, at) => equalBytes(raw, right.transactions[at] ?? NONE))
  )
}

const NONE = new Uint8Array(0)

/** Drops all blocks above the end of `entryIndex`. The caller sets the engine's head to `hashAtHeight`. */
export function rollBack(ledger: Ledger, entryIndex: bigint): Ledger {
  return { ...ledger, blocks: ledger.blocks.slice(0, Number(heightAtEnd(ledger, entryIndex))) }
}

export function markVerified(ledger: Ledger, entry: InboxEntry): Ledger {
  return { ...ledger, verified: [...ledger.verified, entry.hash] }
}

export interface ExecutionInput {
  readonly derived: DerivedBlock
  readonly stated: BatchBlock | null
  readonly view: bigint | null
  readonly messages: readonly Uint8Array[]
  readonly gasLimit: bigint
}

export interface Execution<Block> {
  readonly ledger: Ledger
  readonly block: Block
}

/** Executes one block on the ledger's tip; `null` while an inbox message that it consumes is unknown. */
export async function executeBlock<Block extends EngineBlock>(
  engine: LedgerEngine<Block>,
  ledger: Ledger,
  input: ExecutionInput,
): Promise<Execution<Block> | null> {
  const parentHash = ledger.blocks.at(-1)?.hash ?? ledger.genesis.hash
  const { messages, gasLimit } = input
  const request = toBlockRequest({ block: input.derived, parentHash, gasLimit, messages })
  if (!request) return null
  const block = await engine.buildBlock(request)
  const own: LedgerBlock = {
    number: block.header.number,
    hash: block.hash,
    derived: input.derived,
    stated: input.stated,
    view: input.view,
    messages: request.transactions.slice(0, request.inboxMessages),
  }
  return { ledger: { ...ledger, blocks: [...ledger.blocks, own] }, block }
}
