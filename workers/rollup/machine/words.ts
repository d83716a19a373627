/** 256-bit words between their two forms, quickly: bigint on the stack, 32 bytes in hashes and memory. */
const LIMB = (1n << 64n) - 1n
export const WORD_MASK = (1n << 256n) - 1n
export const ADDRESS_MASK = (1n << 160n) - 1n
export const SIGN_BIT = 1n << 255n

/** 32 bytes, big-endian; `value` is below 2^256. */
export function wordToBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32)
  writeWord(bytes, 0, value)
  return bytes
}

/** Writes a word at `offset`. */
export function writeWord(bytes: Uint8Array, offset: number, value: bigint): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, 32)
  if (value <= LIMB) {
    view.setBigUint64(0, 0n)
    view.setBigUint64(8, 0n)
    view.setBigUint64(16, 0n)
    view.setBigUint64(24, value)
    return
  }
  view.setBigUint64(0, value >> 192n)
  view.setBigUint64(8, (value >> 128n) & LIMB)
  view.setBigUint64(16, (value >> 64n) & LIMB)
  view.setBigUint64(24, value & LIMB)
}

/** The word at `offset`, as if zeros followed the end. */
export function readWord(bytes: Uint8Array, offset: number): bigint {
  if (offset + 32 <= bytes.length) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, 32)
    const high = (view.getBigUint64(0) << 64n) | view.getBigUint64(8)
    const low = (view.getBigUint64(16) << 64n) | view.getBigUint64(24)
    return high === 0n ? low : (high << 128n) | low
  }
  const padded = new Uint8Array(32)
  if (offset < bytes.length) padded.set(bytes.subarray(offset))
  return readWord(padded, 0)
}

/** The lower 20 bytes. */
export function wordToAddress(value: bigint): Uint8Array {
  return wordToBytes(value & ADDRESS_MASK).subarray(12)
}

export function addressToWord(address: Uint8Array): bigint {
  const padded = new Uint8Array(32)
  padded.set(address, 12)
  return readWord(padded, 0)
}

/** Two's complement. */
export function toSigned(value: bigint): bigint {
  return value >= SIGN_BIT ? value - (1n << 256n) : value
}

/** The number, or `limit` if the word is above it; `limit` is a safe integer. */
export function clampNumber(value: bigint, limit: number): number {
  return value > BigInt(limit) ? limit : Number(value)
}

/** Words needed for `size` bytes. */
export function wordCount(size: number): number {
  return Math.ceil(size / 32)
}
