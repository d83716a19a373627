/**
 * Fixed point with 18 decimals, as the contracts reckon (`docs/specs/PERSONA.md`). Integers alone: `Math.log`, `Math.exp` and
 * `Math.pow` differ between engines, and what engines disagree on nobody can recompute.
 */
import { InvalidArgumentError } from '../kernel/errors.ts'

/** One. */
export const WAD = 10n ** 18n

/** `⌊left · right⌋` of two WAD numbers. */
export function mulWad(left: bigint, right: bigint): bigint {
  return (left * right) / WAD
}

/** `⌊√value⌋` of an integer. Throws `InvalidArgumentError` below zero. */
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

/** Display alone: a WAD number as the nearest JavaScript number. Exact division of two integers, alike in every engine. */
export function wadToNumber(value: bigint): number {
  return Number(value) / 1e18
}
