/** Batch payloads of docs/specs/BATCH.md: the strict encoder and the total decoder. */
import { BaseError } from '../../kernel/errors.ts'
import {
  BLOCK_HEADER_SIZE,
  PAYLOAD_SIZE_MAX,
  PAYLOAD_VERSION,
  TRANSACTION_COUNT_MAX,
  TRANSACTION_LENGTH_SIZE,
  TRANSACTION_SIZE_MAX,
  UINT64_MAX,
  VERSION_SIZE,
} from './geometry.ts'
import { firstBlockOffset, readBlockHeader, readTransaction } from './reader.ts'

/** One L2 block as the committee orders it, with its stated (unclamped) values. */
export interface BatchBlock {
  /** Unix seconds, below 2^64. */
  readonly timestamp: bigint
  /** Inbox messages consumed once this block is executed, below 2^64. */
  readonly inboxCount: bigint
  /** EIP-2718 encodings of 1 to 65,536 bytes. */
  readonly transactions: readonly Uint8Array[]
}

/** Bytes that a payload of these blocks has. */
export function payloadSize(blocks: readonly BatchBlock[]): number {
  return blocks.reduce((size, block) => size + blockSize(block), VERSION_SIZE)
}

/** Bytes that one block takes in a payload. */
export function blockSize(block: BatchBlock): number {
  return block.transactions.reduce(
    (size, transaction) => size + TRANSACTION_LENGTH_SIZE + transaction.length,
    BLOCK_HEADER_SIZE,
  )
}

/** Throws `PayloadError` if a field is out of range or the payload exceeds 126,976 bytes. */
export function encodePayload(blocks: readonly BatchBlock[]): Uint8Array {
  const size = payloadSize(blocks)
  assertRange('payload size in bytes', size, VERSION_SIZE, PAYLOAD_SIZE_MAX)
  const payload = new Uint8Array(size)
  const view = new DataView(payload.buffer)
  view.setUint8(0, PAYLOAD_VERSION)
  let offset = VERSION_SIZE
  for (const block of blocks) offset = writeBlock({ payload, view, offset }, block)
  return payload
}

/** Total: never throws, whatever the bytes are. Transactions are copies. */
export function decodePayload(payload: Uint8Array): readonly BatchBlock[] {
  const blocks: BatchBlock[] = []
  let offset = firstBlockOffset(payload)
  while (offset !== null) {
    const header = readBlockHeader(payload, offset)
    if (header === null) break
    const transactions: Uint8Array[] = []
    offset = header.nextOffset
    for (let index = 0; index < header.transactionCount && offset !== null; index++) {
      const reading = readTransaction(payload, offset)
      if (reading !== null) transactions.push(reading.bytes.slice())
      offset = reading === null ? null : reading.nextOffset
    }
    blocks.push({ timestamp: header.timestamp, inboxCount: header.inboxCount, transactions })
  }
  return blocks
}

interface Cursor {
  readonly payload: Uint8Array
  readonly view: DataView
  readonly offset: number
}

function writeBlock({ payload, view, offset }: Cursor, block: BatchBlock): number {
  assertRange('timestamp', block.timestamp, 0n, UINT64_MAX)
  assertRange('inboxCount', block.inboxCount, 0n, UINT64_MAX)
  assertRange('transactions.length', block.transactions.length, 0, TRANSACTION_COUNT_MAX)
  view.setBigUint64(offset, block.timestamp)
  view.setBigUint64(offset + 8, block.inboxCount)
  view.setUint16(offset + 16, block.transactions.length)
  let next = offset + BLOCK_HEADER_SIZE
  for (const transaction of block.transactions) {
    assertRange('transaction length', transaction.length, 1, TRANSACTION_SIZE_MAX)
    view.setUint8(next, transaction.length >> 16)
    view.setUint16(next + 1, transaction.length & 0xffff)
    payload.set(transaction, next + TRANSACTION_LENGTH_SIZE)
    next += TRANSACTION_LENGTH_SIZE + transaction.length
  }
  return next
}

function assertRange<T extends number | bigint>(field: string, value: T, min: T, max: T): void {
  if (value >= min && value <= max) return
  throw new PayloadError(`${field} is ${value}, outside ${min} to ${max}`)
}

/** The blocks cannot be a batch payload; the message names the field and its range. */
export class PayloadError extends BaseError {
  override readonly name = 'PayloadError'
}
