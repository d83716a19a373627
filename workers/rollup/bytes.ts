/** Bytes, hexadecimal strings, integers and text, without any platform API. All integers are big-endian. */
import { BaseError } from '../kernel/errors.ts'

const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

export const EMPTY_BYTES: Uint8Array = new Uint8Array(0)
export const ZERO_HASH: Uint8Array = new Uint8Array(32)
export const ZERO_ADDRESS: Uint8Array = new Uint8Array(20)

/** A `0x` string of an even number of hexadecimal digits. */
export type Hex = `0x${string}`

/** A string that is not the hexadecimal, or an integer that does not fit, as the caller promised. */
export class BytesError extends BaseError {
  override name = 'BytesError'
}

/** `0x` and two lower-case digits per byte. */
export function bytesToHex(bytes: Uint8Array): Hex {
  let digits = ''
  for (const byte of bytes) digits += HEX_OF_BYTE[byte]
  return `0x${digits}`
}

/** Reads an even number of hexadecimal digits, with or without `0x`. Throws `BytesError`. */
export function hexToBytes(hex: string): Uint8Array {
  const start = hex.startsWith('0x') ? 2 : 0
  const digits = hex.length - start
  if (digits % 2 !== 0) throw new BytesError(`Odd number of hexadecimal digits: ${digits}.`)
  const bytes = new Uint8Array(digits / 2)
  for (let index = 0; index < bytes.length; index += 1) {
    const at = start + 2 * index
    bytes[index] = 16 * hexDigit(hex.charCodeAt(at)) + hexDigit(hex.charCodeAt(at + 1))
  }
  return bytes
}

/** Whether `value` is `0x` and an even number of digits; of `size` bytes where a size is given. */
export function isHex(value: unknown, size?: number): value is Hex {
  if (typeof value !== 'string' || !/^0x(?:[0-9a-fA-F]{2})*$/.test(value)) return false
  return size === undefined || value.length === 2 + 2 * size
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let size = 0
  for (const part of parts) size += part.length
  const joined = new Uint8Array(size)
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false
  for (let index = 0; index < left.length; index += 1) {
    if (left[index] !== right[index]) return false
  }
  return true
}

/** Lexicographic order: negative, zero or positive. A prefix comes first. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = left.length < right.length ? left.length : right.length
  for (let index = 0; index < shared; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

export function isZeroBytes(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false
  return true
}

/** Zeros in front of `bytes` up to `size`. Throws `BytesError` where it is longer already. */
export function padLeft(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length === size) return bytes
  if (bytes.length > size) throw new BytesError(`${bytes.length} bytes do not fit into ${size}.`)
  const padded = new Uint8Array(size)
  padded.set(bytes, size - bytes.length)
  return padded
}

/** Zeros behind `bytes` up to `size`. Throws `BytesError` where it is longer already. */
export function padRight(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length === size) return bytes
  if (bytes.length > size) throw new BytesError(`${bytes.length} bytes do not fit into ${size}.`)
  const padded = new Uint8Array(size)
  padded.set(bytes)
  return padded
}

/** Without leading zero bytes, as RLP wants integers; zero is empty. */
export function trimLeft(bytes: Uint8Array): Uint8Array {
  let start = 0
  while (start < bytes.length && bytes[start] === 0) start += 1
  return start === 0 ? bytes : bytes.subarray(start)
}

/** Unsigned integer of any number of bytes; empty is zero. */
export function bytesToBigint(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n
  let digits = '0x'
  for (const byte of bytes) digits += HEX_OF_BYTE[byte]
  return BigInt(digits)
}

/** Exactly `size` bytes. Throws `BytesError` for a negative value or one that does not fit. */
export function bigintToBytes(value: bigint, size: number): Uint8Array {
  const digits = value.toString(16)
  if (value < 0n || digits.length > 2 * size) {
    throw new BytesError(
      `Integer ${value} does not fit into ${size} bytes (0 to 2^${8 * size} - 1).`,
    )
  }
  return hexToBytes(digits.padStart(2 * size, '0'))
}

/** The fewest bytes, as RLP wants integers; zero is empty. */
export function bigintToMinimalBytes(value: bigint): Uint8Array {
  if (value === 0n) return EMPTY_BYTES
  const digits = value.toString(16)
  if (value < 0n) throw new BytesError(`Integer ${value} is negative.`)
  return hexToBytes(digits.length % 2 === 0 ? digits : `0${digits}`)
}

/** 32 bytes, as the EVM and ABI encoding hold integers. */
export function word(value: bigint | number): Uint8Array {
  return bigintToBytes(BigInt(value), 32)
}

/** Safe integer of up to 6 bytes. */
export function bytesToNumber(bytes: Uint8Array): number {
  if (bytes.length > 6) throw new BytesError(`${bytes.length} bytes do not fit into a number (6).`)
  let value = 0
  for (const byte of bytes) value = value * 256 + byte
  return value
}

/** Exactly `size` bytes of a non-negative safe integer. */
export function numberToBytes(value: number, size: number): Uint8Array {
  if (!Number.isSafeInteger(value)) throw new BytesError(`${value} is not a safe integer.`)
  return bigintToBytes(BigInt(value), size)
}

/** UTF-8 of a string; a lone surrogate becomes U+FFFD, as TextEncoder does it. */
export function utf8ToBytes(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) pushCodePoint(bytes, character.codePointAt(0) ?? 0)
  return Uint8Array.from(bytes)
}

/** Text of UTF-8 bytes; every byte that does not belong to a sequence becomes U+FFFD. */
export function bytesToUtf8(bytes: Uint8Array): string {
  let text = ''
  let index = 0
  while (index < bytes.length) {
    const { codePoint, size } = readCodePoint(bytes, index)
    text += String.fromCodePoint(codePoint)
    index += size
  }
  return text
}

function pushCodePoint(bytes: number[], stated: number): void {
  const codePoint = stated >= 0xd800 && stated <= 0xdfff ? 0xfffd : stated
  if (codePoint < 0x80) bytes.push(codePoint)
  else if (codePoint < 0x800) bytes.push(0xc0 | (codePoint >> 6), tail(codePoint, 0))
  else if (codePoint < 0x10000) {
    bytes.push(0xe0 | (codePoint >> 12), tail(codePoint, 6), tail(codePoint, 0))
  } else {
    bytes.push(
      0xf0 | (codePoint >> 18),
      tail(codePoint, 12),
      tail(codePoint, 6),
      tail(codePoint, 0),
    )
  }
}

function tail(codePoint: number, shift: number): number {
  return 0x80 | ((codePoint >> shift) & 0x3f)
}

/** Smallest code point that needs a sequence of 1 to 4 bytes; anything below is an overlong encoding. */
const SMALLEST_BY_SIZE = [0, 0, 0x80, 0x800, 0x10000] as const
const REPLACEMENT = { codePoint: 0xfffd, size: 1 } as const

function readCodePoint(bytes: Uint8Array, start: number): { codePoint: number; size: number } {
  const lead = bytes[start] ?? 0
  if (lead < 0x80) return { codePoint: lead, size: 1 }
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  if (lead < 0xc2 || lead > 0xf4 || start + size > bytes.length) return REPLACEMENT
  let codePoint = lead & (0x7f >> size)
  for (let offset = 1; offset < size; offset += 1) {
    const byte = bytes[start + offset] ?? 0
    if ((byte & 0xc0) !== 0x80) return REPLACEMENT
    codePoint = (codePoint << 6) | (byte & 0x3f)
  }
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff
  const isOverlong = codePoint < (SMALLEST_BY_SIZE[size] ?? 0)
  return isSurrogate || isOverlong || codePoint > 0x10ffff ? REPLACEMENT : { codePoint, size }
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  if (code >= 97 && code <= 102) return code - 87
  if (code >= 65 && code <= 70) return code - 55
  throw new BytesError(`Not a hexadecimal digit: ${JSON.stringify(String.fromCharCode(code))}.`)
}
