/**
 * Fixed point as the contracts reckon (`docs/specs/PERSONA.md`). Integers alone: `Math.log`, `Math.exp` and `Math.pow` differ between
 * engines, and what engines disagree on nobody can recompute.
 */
import { InvalidArgumentError } from '../kernel/errors.ts'

/** One, of scores and weights. */
export const ONE = 1_000_000_000n

/** `⌊√value⌋`. Throws `InvalidArgumentError` below zero. */
export function integerSqrt(value: bigint): bigint {
  if (value < 0n) {
    throw new InvalidArgumentError(`The root's argument must be at least 0, is ${value}.`)
  }
  if (value < 2n) return value
  // Newton's method from above falls until it has passed the root.
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

const FRACTION_BITS = 48
const MANTISSA_BITS = 127n
const MANTISSA_END = 1n << 128n

/** `lb` of section 3: log₂ of 1 … 2¹²⁸ − 1 with 48 fractional bits. Throws `InvalidArgumentError` outside of them. */
export function binaryLog(value: bigint): bigint {
  if (value < 1n || value >= MANTISSA_END) {
    throw new InvalidArgumentError(
      `The logarithm's argument must be from 1 to 2^128 - 1, is ${value}.`,
    )
  }
  const whole = BigInt(value.toString(2).length - 1)
  let mantissa = value << (MANTISSA_BITS - whole)
  let fraction = 0n
  for (let bit = 0; bit < FRACTION_BITS; bit += 1) {
    // The next bit of log m is the whole part of log m².
    mantissa = (mantissa * mantissa) >> MANTISSA_BITS
    const isSet = mantissa >= MANTISSA_END
    if (isSet) mantissa >>= 1n
    fraction = (fraction << 1n) | (isSet ? 1n : 0n)
  }
  return (whole << BigInt(FRACTION_BITS)) | fraction
}

/** Display alone: a fixed-point number as the nearest JavaScript number. Division of two integers, alike in every engine. */
export function toNumber(value: bigint): number {
  return Number(value) / 1e9
}
