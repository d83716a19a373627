/** How signals fade: badges in a straight line, as the contract has it; everyday actions by half-lives, which is this engine's choice. */
import { InvalidArgumentError } from '../kernel/errors.ts'
import { integerSqrt, ONE } from './fixed.ts'

/** What is left of a badge's value (section 3): nothing after `decaySeconds`; all of it if they are zero. */
export function decayedValue(value: bigint, ageSeconds: bigint, decaySeconds: bigint): bigint {
  if (decaySeconds === 0n) return value
  const left = decaySeconds - ageSeconds
  return left <= 0n ? 0n : (value * left) / decaySeconds
}

/** Steps that a half-life is cut into: the error against the curve stays below 1.1 %. */
const STEPS = 64
/** Beyond so many half-lives nothing is left. */
const HALVINGS_MAX = 30n

/** `FRACTIONS[k] = ⌊ONE · 2^(−k/64)⌋`, made of square roots of integers. */
const FRACTIONS: readonly bigint[] = buildFractions()

/** What is left of `ONE` after `ageSeconds`. Throws `InvalidArgumentError` unless the half-life is positive. */
export function halfLifeFactor(ageSeconds: number, halfLifeSeconds: number): bigint {
  if (!(Number.isSafeInteger(halfLifeSeconds) && halfLifeSeconds > 0)) {
    throw new InvalidArgumentError(
      `halfLifeSeconds must be a positive integer, is ${halfLifeSeconds}.`,
    )
  }
  if (ageSeconds <= 0) return ONE
  const age = BigInt(Math.floor(ageSeconds))
  const halfLife = BigInt(halfLifeSeconds)
  const halvings = age / halfLife
  if (halvings >= HALVINGS_MAX) return 0n
  const step = Number(((age % halfLife) * BigInt(STEPS)) / halfLife)
  return (FRACTIONS[step] ?? 0n) >> halvings
}

function buildFractions(): readonly bigint[] {
  const scale = ONE * ONE
  // √(1/2), √√(1/2), …: the factor of half a half-life, a quarter, down to a 64th.
  const roots: bigint[] = []
  for (let root = scale / 2n, part = STEPS; part > 1; part /= 2) {
    root = integerSqrt(root * scale)
    roots.push(root)
  }
  return Array.from({ length: STEPS }, (_, step) => {
    let factor = scale
    for (const [depth, root] of roots.entries()) {
      const bit = STEPS >> (depth + 1)
      if ((step & bit) !== 0) factor = (factor * root) / scale
    }
    return factor / ONE
  })
}
