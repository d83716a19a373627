/** Base64 for URLs (RFC 4648, section 5), without padding. */
import { InvalidArgumentError } from '../kernel/errors.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUE_OF = new Map([...ALPHABET].map((letter, value) => [letter, value]))

export function bytesToBase64Url(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3)
    const group = (a << 16) | (b << 8) | c
    const letters = Math.min(4, bytes.length - at + 1)
    for (let i = 0; i < letters; i++) text += ALPHABET[(group >> (18 - 6 * i)) & 63]
  }
  return text
}

/** Throws `InvalidArgumentError` on a letter outside the alphabet, an impossible length, or stray bits. */
export function base64UrlToBytes(text: string): Uint8Array {
  if (text.length % 4 === 1) throw new InvalidArgumentError('Base64 has an impossible length.')
  const bytes = new Uint8Array((text.length * 3) >> 2)
  let at = 0
  let bits = 0
  let pending = 0
  for (const letter of text) {
    const value = VALUE_OF.get(letter)
    if (value === undefined) throw new InvalidArgumentError(`Not a base64url letter: "${letter}".`)
    pending = ((pending << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = pending >> bits
  }
  if ((pending & ((1 << bits) - 1)) !== 0) throw new InvalidArgumentError('Base64 has stray bits.')
  return bytes
}
