/** Ordered blocks: their hash, and what follows from a chain of them. */
import { canonicalEncode } from '../kernel/canonical.ts'
import type { Plain } from '../kernel/role.ts'
import type { L1Origin, L2BlockContent, OrderedBlock } from '../protocol/messages.ts'
import { blockSize } from '../rollup/batch/payload.ts'
import { bytesToHex, ZERO_HASH } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { GENESIS_TIMESTAMP } from '../rollup/parameters.ts'

/** Hash of a block that does not exist: the parent of the first one. */
export const GENESIS_PARENT: Uint8Array = ZERO_HASH
const GENESIS_SECONDS = BigInt(GENESIS_TIMESTAMP)

/** Blocks are immutable, so a block's hash is computed once per copy. */
const hashes = new WeakMap<OrderedBlock, Uint8Array>()

/** keccak256 of the canonical encoding (docs/specs/DIGESTS.md). */
export function hashOrderedBlock(block: OrderedBlock): Uint8Array {
  const known = hashes.get(block)
  if (known !== undefined) return known
  const hash = keccak256(canonicalEncode(block as unknown as Plain))
  hashes.set(block, hash)
  return hash
}

/** 0x-string, the key under which a block is kept. */
export function orderedBlockKey(block: OrderedBlock): string {
  return bytesToHex(hashOrderedBlock(block))
}

/** What the next view must know of the chain that it extends. */
export interface ChainTip {
  readonly hash: Uint8Array
  readonly view: bigint
  /** 0 before the first batch. */
  readonly batchIndex: bigint
  /** `null` before the first batch. */
  readonly origin: L1Origin | null
  /** Bytes of the batch's blocks so far, without the version byte. */
  readonly batchBytes: number
  /** Unix seconds of the batch's first L2 block. */
  readonly batchSince: bigint
  readonly inboxCount: bigint
  /** Unix seconds of the last L2 block, and how many L2 blocks share that second. */
  readonly timestamp: bigint
  readonly sameSecond: number
}

export const GENESIS_TIP: ChainTip = {
  hash: GENESIS_PARENT,
  view: 0n,
  batchIndex: 0n,
  origin: null,
  batchBytes: 0,
  batchSince: GENESIS_SECONDS,
  inboxCount: 0n,
  timestamp: GENESIS_SECONDS,
  sameSecond: 1,
}

/** The tip after `block`, whose parent is `tip`. */
export function extendTip(tip: ChainTip, block: OrderedBlock): ChainTip {
  const isNewBatch = block.batchIndex !== tip.batchIndex
  const bytes = block.blocks.reduce((sum, content) => sum + blockSize(content), 0)
  const last = block.blocks.at(-1)
  const slot = block.blocks.reduce(countSecond, tip)
  return {
    hash: hashOrderedBlock(block),
    view: block.view,
    batchIndex: block.batchIndex,
    origin: block.origin,
    batchBytes: isNewBatch ? bytes : tip.batchBytes + bytes,
    batchSince: isNewBatch ? (block.blocks[0]?.timestamp ?? tip.timestamp) : tip.batchSince,
    inboxCount: last?.inboxCount ?? tip.inboxCount,
    timestamp: slot.timestamp,
    sameSecond: slot.sameSecond,
  }
}

type Second = Pick<ChainTip, 'timestamp' | 'sameSecond'>

function countSecond(before: Second, { timestamp }: L2BlockContent): Second {
  const sameSecond = timestamp === before.timestamp ? before.sameSecond + 1 : 1
  return { timestamp, sameSecond }
}

/** Virtual time of the L2 block slot that follows the tip. L2 has one slot every `l2BlockMs`, counted from a full second. */
export function nextSlotMs(tip: Second, l2BlockMs: number): number {
  return secondToMs(tip.timestamp) + tip.sameSecond * l2BlockMs
}

/** Unix seconds of a slot. */
export function slotTimestamp(slotMs: number): bigint {
  return GENESIS_SECONDS + BigInt(Math.floor(slotMs / 1_000))
}

/** Virtual time at which a unix second begins. */
export function secondToMs(timestamp: bigint): number {
  return Number(timestamp - GENESIS_SECONDS) * 1_000
}
