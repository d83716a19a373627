/** Strict decoding of Recursive Length Prefix (Yellow Paper, appendix B): one encoding for each value, nothing behind it. */
import { BaseError } from '../../kernel/errors.ts'
import type { RlpItem } from '../trie/rlp.ts'

/** Bytes that are not the canonical RLP of one item. */
export class RlpError extends BaseError {
  override name = 'RlpError'
}

/** Lists deeper than this are refused; transactions need three levels. */
const DEPTH_MAX = 16

/** The item that `bytes` encode. Byte strings are views into `bytes`. Throws `RlpError`. */
export function decodeRlp(bytes: Uint8Array): RlpItem {
  const { item, end } = readItem(bytes, 0, bytes.length, 0)
  if (end !== bytes.length) throw new RlpError(`${bytes.length - end} bytes follow the item.`)
  return item
}

interface Reading {
  readonly item: RlpItem
  readonly end: number
}

function readItem(bytes: Uint8Array, start: number, limit: number, depth: number): Reading {
  const prefix = bytes[start]
  if (start >= limit || prefix === undefined) throw new RlpError(`No item at byte ${start}.`)
  if (prefix < 0x80) return { item: bytes.subarray(start, start + 1), end: start + 1 }
  const isList = prefix >= 0xc0
  const base = isList ? 0xc0 : 0x80
  const from = start + 1
  const { size, bodyStart } =
    prefix - base < 56
      ? { size: prefix - base, bodyStart: from }
      : readLongSize(bytes, from, prefix - base - 55, limit)
  const end = bodyStart + size
  if (end > limit) throw new RlpError(`The item at byte ${start} is cut off.`)
  if (isList) return { item: readList(bytes, bodyStart, end, depth + 1), end }
  if (size === 1 && (bytes[bodyStart] ?? 0) < 0x80) {
    throw new RlpError(`The byte at ${bodyStart} must stand for itself.`)
  }
  return { item: bytes.subarray(bodyStart, end), end }
}

function readList(bytes: Uint8Array, start: number, end: number, depth: number): RlpItem[] {
  if (depth > DEPTH_MAX) throw new RlpError(`Lists are nested deeper than ${DEPTH_MAX}.`)
  const items: RlpItem[] = []
  let position = start
  while (position < end) {
    const reading = readItem(bytes, position, end, depth)
    items.push(reading.item)
    position = reading.end
  }
  return items
}

function readLongSize(
  bytes: Uint8Array,
  start: number,
  sizeBytes: number,
  limit: number,
): { size: number; bodyStart: number } {
  if (sizeBytes > 4 || start + sizeBytes > limit) {
    throw new RlpError(`The length at byte ${start} is out of range.`)
  }
  let size = 0
  for (let index = start; index < start + sizeBytes; index += 1)
    size = size * 256 + (bytes[index] ?? 0)
  if (bytes[start] === 0 || size < 56) {
    throw new RlpError(`The length at byte ${start} is not in its shortest form.`)
  }
  return { size, bodyStart: start + sizeBytes }
}
