/**
 * Cursor over a batch payload, after docs/specs/BATCH.md. Every function is total: whatever stands in the payload, the
 * answer is a value or `null`, which means "the batch ends here". Mirrors the reader of the one-step verifier.
 */
import {
  BLOCK_HEADER_SIZE,
  PAYLOAD_VERSION,
  TRANSACTION_LENGTH_SIZE,
  TRANSACTION_SIZE_MAX,
  VERSION_SIZE,
} from './geometry.ts'

export interface BlockHeaderReading {
  /** Unix seconds as stated by the committee, before the clamp. */
  readonly timestamp: bigint
  /** As stated by the committee, before the clamp. */
  readonly inboxCount: bigint
  readonly transactionCount: number
  /** Where the first transaction, or the next block header, should stand. */
  readonly nextOffset: number
}

export interface TransactionReading {
  /** A view into the payload: copy it before you keep it longer than the payload. */
  readonly bytes: Uint8Array
  readonly nextOffset: number
}

/** Offset of the first block header, or `null` if the payload is empty or of another version. */
export function firstBlockOffset(payload: Uint8Array): number | null {
  return payload[0] === PAYLOAD_VERSION ? VERSION_SIZE : null
}

/** The block header at `offset`, or `null` if fewer than 18 bytes are left. */
export function readBlockHeader(payload: Uint8Array, offset: number): BlockHeaderReading | null {
  if (!isOffset(offset) || payload.length - offset < BLOCK_HEADER_SIZE) return null
  const view = new DataView(payload.buffer, payload.byteOffset + offset, BLOCK_HEADER_SIZE)
  return {
    timestamp: view.getBigUint64(0),
    inboxCount: view.getBigUint64(8),
    transactionCount: view.getUint16(16),
    nextOffset: offset + BLOCK_HEADER_SIZE,
  }
}

/** The transaction at `offset`, or `null` if its length or its bytes are missing, or its length is out of range. */
export function readTransaction(payload: Uint8Array, offset: number): TransactionReading | null {
  if (!isOffset(offset) || payload.length - offset < TRANSACTION_LENGTH_SIZE) return null
  const view = new DataView(payload.buffer, payload.byteOffset + offset, TRANSACTION_LENGTH_SIZE)
  const length = view.getUint8(0) * 0x1_00_00 + view.getUint16(1)
  const start = offset + TRANSACTION_LENGTH_SIZE
  if (length < 1 || length > TRANSACTION_SIZE_MAX || payload.length - start < length) return null
  return { bytes: payload.subarray(start, start + length), nextOffset: start + length }
}

function isOffset(offset: number): boolean {
  return Number.isSafeInteger(offset) && offset >= 0
}
