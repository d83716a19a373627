/** How a signal fades: its weight halves with every half-life. */
import { InvalidArgumentError } from '../kernel/errors.ts'
import { integerSqrt, mulWad, WAD } from './fixed.ts'

/** Steps that a half-life is cut into: the error against the curve stays below 1.1 %. */
const STEPS = 64
/** Beyond so many half-lives nothing is left of a WAD. */
const HALVINGS_MAX = 60n

/** `FRACTIONS[k] = ⌊2^(−k/64)⌋` in WAD, made of square roots of integers. */
const FRACTIONS: readonly bigint[] = buildFractions()

/** What is left of 1 after `ageSeconds`, in WAD; 1 before its time. Throws `InvalidArgumentError` unless the half-life is positive. */
export function decayFactor(ageSeconds: number, halfLifeSeconds: number): bigint {
  if (!(Number.isSafeInteger(halfLifeSeconds) && halfLifeSeconds > 0)) {
    throw new InvalidArgumentError(
      `halfLifeSeconds must be a positive integer, is ${halfLifeSeconds}.`,
    )
  }
  if (ageSeconds <= 0) return WAD
  const age = BigInt(Math.floor(ageSeconds))
  const halfLife = BigInt(halfLifeSeconds)
  const halvings = age / halfLife
  if (halvings >= HALVINGS_MAX) return 0n
  const step = Number(((age % halfLife) * BigInt(STEPS)) / halfLife)
  return (FRACTIONS[step] ?? 0n) >> halvings
}

function buildFractions(): readonly bigint[] {
  // √(1/2), √√(1/2), …: the factor of half a half-life, a quarter, down to a 64th.
  const roots: bigint[] = []
  for (let root = WAD / 2n, part = STEPS; part > 1; part /= 2) {
    root = integerSqrt(root * WAD)
    roots.push(root)
  }
  return Array.from({ length: STEPS }, (_, step) => {
    let factor = WAD
    for (const [depth, root] of roots.entries()) {
      const bit = STEPS >> (depth + 1)
      if ((step & bit) !== 0) factor = mulWad(factor, root)
    }
    return factor
  })
}
