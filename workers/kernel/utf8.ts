/** UTF-8 without `TextEncoder`, which roles cannot name. Lone surrogates and malformed bytes are refused. */
import { CanonicalError } from './errors.ts'

/** Bytes that the UTF-8 encoding of `text` takes. Throws `CanonicalError` on a lone surrogate. */
export function utf8Size(text: string): number {
  let size = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) size += 1
    else if (unit < 0x800) size += 2
    else if (unit < 0xd800 || unit > 0xdfff) size += 3
    else {
      pairedCodePoint(text, i)
      size += 4
      i++
    }
  }
  return size
}

/** Writes `text` at `offset` of `target` and returns the offset behind it. `target` must have room. */
export function utf8Write(text: string, target: Uint8Array, offset: number): number {
  let at = offset
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      target[at++] = unit
    } else if (unit < 0x800) {
      target[at++] = 0xc0 | (unit >> 6)
      target[at++] = 0x80 | (unit & 0x3f)
    } else if (unit < 0xd800 || unit > 0xdfff) {
      target[at++] = 0xe0 | (unit >> 12)
      target[at++] = 0x80 | ((unit >> 6) & 0x3f)
      target[at++] = 0x80 | (unit & 0x3f)
    } else {
      const point = pairedCodePoint(text, i)
      i++
      target[at++] = 0xf0 | (point >> 18)
      target[at++] = 0x80 | ((point >> 12) & 0x3f)
      target[at++] = 0x80 | ((point >> 6) & 0x3f)
      target[at++] = 0x80 | (point & 0x3f)
    }
  }
  return at
}

/** UTF-8 bytes of `text`. Throws `CanonicalError` on a lone surrogate. */
export function utf8Encode(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Size(text))
  utf8Write(text, bytes, 0)
  return bytes
}

/** Text of strict UTF-8 `bytes`. Throws `CanonicalError` on overlong, truncated or surrogate sequences. */
export function utf8Decode(bytes: Uint8Array): string {
  let text = ''
  let at = 0
  while (at < bytes.length) {
    const lead = bytes[at] as number
    const size = sequenceSize(lead)
    text +=
      size === 1 ? String.fromCharCode(lead) : String.fromCodePoint(decodeSequence(bytes, at, size))
    at += size
  }
  return text
}

/** 0 for a byte that begins no sequence. */
function sequenceSize(lead: number): number {
  if (lead < 0x80) return 1
  if (lead < 0xc2) return 0
  if (lead < 0xe0) return 2
  if (lead < 0xf0) return 3
  return lead < 0xf5 ? 4 : 0
}

const SMALLEST_POINT = [0, 0, 0x80, 0x800, 0x10000]

function decodeSequence(bytes: Uint8Array, at: number, size: number): number {
  if (size === 0 || at + size > bytes.length) throw malformed(at)
  let point = (bytes[at] as number) & (0xff >> (size + 1))
  for (let i = 1; i < size; i++) {
    const next = bytes[at + i] as number
    if ((next & 0xc0) !== 0x80) throw malformed(at)
    point = (point << 6) | (next & 0x3f)
  }
  const isSurrogate = point >= 0xd800 && point <= 0xdfff
  if (point < (SMALLEST_POINT[size] as number) || point > 0x10ffff || isSurrogate)
    throw malformed(at)
  return point
}

function pairedCodePoint(text: string, index: number): number {
  const high = text.charCodeAt(index)
  const low = text.charCodeAt(index + 1)
  if (high > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) {
    throw new CanonicalError(`String has a lone surrogate at index ${index}.`)
  }
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
}

function malformed(offset: number): CanonicalError {
  return new CanonicalError(`Bytes are not UTF-8 at offset ${offset}.`)
}
