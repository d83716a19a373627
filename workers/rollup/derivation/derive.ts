/**
 * From inbox entries and batch payloads to the L2 blocks that must be executed (docs/specs/BATCH.md). Total: whatever stands in a
 * payload gives some list of blocks. The executor uses it on the committee's order, the challenger on L1 and cells alone.
 */
import { effectiveInboxCount, effectiveTimestamp } from '../batch/clamps.ts'
import { ENTRY_BATCH, ENTRY_DEPOSIT_ONLY, type Entry } from '../batch/entry.ts'
import { UINT64_MAX } from '../batch/geometry.ts'
import { type BatchBlock, decodePayload } from '../batch/payload.ts'

/** The L1 block on which an entry builds. Structurally `L1Origin` of the protocol. */
export interface Origin {
  readonly number: bigint
  readonly hash: Uint8Array
  /** Unix seconds. */
  readonly timestamp: bigint
  readonly baseFee: bigint
  readonly prevrandao: Uint8Array
}

/** Effective values of the last L2 block before the one that is derived. */
export interface DerivationParent {
  readonly timestamp: bigint
  readonly inboxCount: bigint
}

/** One L2 block before execution: its own transactions follow the inbox messages from `inboxFrom` up to `inboxTo`. */
export interface DerivedBlock {
  readonly entryIndex: bigint
  /** The entry's first block carries the attributes of its L1 origin. */
  readonly isFirst: boolean
  readonly origin: Origin
  /** Effective, Unix seconds. */
  readonly timestamp: bigint
  readonly inboxFrom: bigint
  /** Exclusive; the block's effective inbox count. */
  readonly inboxTo: bigint
  /** EIP-2718 encodings as they stand in the payload; any of them may be invalid. */
  readonly transactions: readonly Uint8Array[]
}

/** What is common to all blocks of one entry. */
export interface EntryContext {
  readonly index: bigint
  readonly origin: Origin
  /** `Entry.inboxCount`; the largest value while the entry is not on L1 yet. */
  readonly inboxCount: bigint
}

/** Inbox count of an entry that is ordered but not on L1 yet: nothing bounds what the committee states. */
export const INBOX_COUNT_UNKNOWN = UINT64_MAX

/** All blocks of a settled or posted entry. `payload` is read for batches alone. */
export function deriveEntry(
  index: bigint,
  entry: Entry,
  payload: Uint8Array,
  parent: DerivationParent,
): readonly DerivedBlock[] {
  const context = { index, origin: entryOrigin(entry), inboxCount: entry.inboxCount }
  return deriveBlocks(context, statedBlocks(entry, payload), { parent, blocksBefore: 0 })
}

/** Where in its entry the next block stands. */
export interface DerivationCursor {
  readonly parent: DerivationParent
  /** Blocks of the same entry derived before. */
  readonly blocksBefore: number
}

/** Applies the clamps to stated blocks, one after the other. */
export function deriveBlocks(
  context: EntryContext,
  stated: readonly BatchBlock[],
  cursor: DerivationCursor,
): readonly DerivedBlock[] {
  const blocks: DerivedBlock[] = []
  let parent = cursor.parent
  for (const block of stated) {
    const derived = deriveBlock(context, block, parent, cursor.blocksBefore + blocks.length === 0)
    blocks.push(derived)
    parent = { timestamp: derived.timestamp, inboxCount: derived.inboxTo }
  }
  return blocks
}

function deriveBlock(
  context: EntryContext,
  stated: BatchBlock,
  parent: DerivationParent,
  isFirst: boolean,
): DerivedBlock {
  return {
    entryIndex: context.index,
    isFirst,
    origin: context.origin,
    timestamp: effectiveTimestamp({
      parent: parent.timestamp,
      stated: stated.timestamp,
      originTimestamp: context.origin.timestamp,
    }),
    inboxFrom: parent.inboxCount,
    inboxTo: inboxTarget(context, stated, parent),
    transactions: stated.transactions,
  }
}

/** Rationale: no message is consumed twice, whatever the entry says; the contract forbids entries that go back. */
function inboxTarget(context: EntryContext, stated: BatchBlock, parent: DerivationParent): bigint {
  const clamped = effectiveInboxCount({
    parent: parent.inboxCount,
    stated: stated.inboxCount,
    entry: context.inboxCount,
  })
  return clamped < parent.inboxCount ? parent.inboxCount : clamped
}

/** Rationale: a deposit-only entry is one block with all messages of the inbox; an empty one (expired) has no blocks. */
function statedBlocks(entry: Entry, payload: Uint8Array): readonly BatchBlock[] {
  switch (entry.kind) {
    case ENTRY_BATCH:
      return decodePayload(payload.subarray(0, Number(entry.payloadLength)))
    case ENTRY_DEPOSIT_ONLY:
      return [{ timestamp: entry.originTimestamp, inboxCount: entry.inboxCount, transactions: [] }]
    default:
      return []
  }
}

export function entryOrigin(entry: Entry): Origin {
  return {
    number: entry.originNumber,
    hash: entry.originHash,
    timestamp: entry.originTimestamp,
    baseFee: entry.originBaseFee,
    prevrandao: entry.originPrevrandao,
  }
}
