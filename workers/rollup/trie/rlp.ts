/**
 * Recursive Length Prefix, as the state trie and account records need it (Yellow Paper, appendix B).
 */

import { bigintToMinimalBytes } from '../bytes.ts'

/** A byte string, or a list of items. */
export type RlpItem = Uint8Array | readonly RlpItem[]

/** Encodes an item. */
export function rlpEncode(item: RlpItem): Uint8Array {
  return item instanceof Uint8Array ? rlpBytes(item) : rlpList(item.map(rlpEncode))
}

/** Encodes a byte string. */
export function rlpBytes(bytes: Uint8Array): Uint8Array {
  const first = bytes[0]
  if (bytes.length === 1 && first !== undefined && first < 0x80) return bytes
  return withPrefix(0x80, bytes.length, [bytes])
}

/** Encodes a list of items that are encoded already. */
export function rlpList(encodedItems: readonly Uint8Array[]): Uint8Array {
  let size = 0
  for (const item of encodedItems) size += item.length
  return withPrefix(0xc0, size, encodedItems)
}

/** Encodes a non-negative integer: big-endian without leading zeros. */
export function rlpInteger(value: bigint): Uint8Array {
  return rlpBytes(bigintToMinimalBytes(value))
}

function withPrefix(offset: number, size: number, parts: readonly Uint8Array[]): Uint8Array {
  const lengthSize =
    size < 56 ? 0 : size < 0x100 ? 1 : size < 0x10000 ? 2 : size < 0x1000000 ? 3 : 4
  const result = new Uint8Array(1 + lengthSize + size)
  if (lengthSize === 0) result[0] = offset + size
  else {
    result[0] = offset + 55 + lengthSize
    for (let i = 0; i < lengthSize; i++) result[lengthSize - i] = (size >>> (8 * i)) & 0xff
  }
  let position = 1 + lengthSize
  for (const part of parts) {
    result.set(part, position)
    position += part.length
  }
  return result
}
