/** The inbox's entry: all that derivation and the verifier know of L1 (docs/specs/BATCH.md, contract `Inbox`). */
import { keccak256 } from '../keccak.ts'
import { encodeWords } from './words.ts'

export const ENTRY_BATCH = 0
export const ENTRY_DEPOSIT_ONLY = 1
export const ENTRY_EMPTY = 2

export interface Entry {
  /** `ENTRY_BATCH`, `ENTRY_DEPOSIT_ONLY` or `ENTRY_EMPTY`. */
  readonly kind: number
  /** 32 bytes; zeros unless a batch. */
  readonly cellsRoot: Uint8Array
  readonly payloadLength: bigint
  readonly inboxCount: bigint
  readonly originNumber: bigint
  readonly originHash: Uint8Array
  /** Unix seconds. */
  readonly originTimestamp: bigint
  readonly originBaseFee: bigint
  readonly originPrevrandao: Uint8Array
  /** Unix seconds of the L1 block in which the entry was appended. */
  readonly postedAt: bigint
}

/** abi.encode(Entry): ten static words. */
export function encodeEntry(entry: Entry): Uint8Array {
  return encodeWords([
    BigInt(entry.kind),
    entry.cellsRoot,
    entry.payloadLength,
    entry.inboxCount,
    entry.originNumber,
    entry.originHash,
    entry.originTimestamp,
    entry.originBaseFee,
    entry.originPrevrandao,
    entry.postedAt,
  ])
}

/** keccak256(abi.encode(Entry)), what the inbox stores. */
export function hashEntry(entry: Entry): Uint8Array {
  return keccak256(encodeEntry(entry))
}
