/** Decimal logarithm in fixed point, digit by digit, by integer arithmetic alone. */
import { InvalidArgumentError } from '../kernel/errors.ts'
import { WAD } from './fixed.ts'

const DIGITS = 18
/** The mantissa has 40 decimals: raising it to the tenth power 18 times costs 18 of them. */
const ONE = 10n ** 40n
const TEN = 10n * ONE

/** `⌊log₁₀(value)⌋` in WAD, exact at powers of ten. Throws `InvalidArgumentError` below 1. */
export function log10Wad(value: bigint): bigint {
  if (value < 1n) {
    throw new InvalidArgumentError(`The logarithm's argument must be at least 1, is ${value}.`)
  }
  const whole = value.toString().length - 1
  let mantissa = (value * ONE) / 10n ** BigInt(whole)
  let fraction = 0n
  for (let digit = 0; digit < DIGITS; digit += 1) {
    // The next digit of log m is the whole part of log m¹⁰.
    mantissa = tenthPower(mantissa)
    let digitValue = 0n
    for (; mantissa >= TEN; mantissa /= 10n) digitValue += 1n
    fraction = fraction * 10n + digitValue
  }
  return BigInt(whole) * WAD + fraction
}

/** Of a number in [1, 10) with 40 decimals. */
function tenthPower(mantissa: bigint): bigint {
  const second = (mantissa * mantissa) / ONE
  const fourth = (second * second) / ONE
  const eighth = (fourth * fourth) / ONE
  return (eighth * second) / ONE
}
