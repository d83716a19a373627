/** The persona matching score of the litepaper: PMS = Σ wᵢ · V(Cᵢ), in fixed point. */
import { InvalidArgumentError } from '../kernel/errors.ts'
import type { Valuation } from '../protocol/persona.ts'
import { mulWad, WAD } from './fixed.ts'
import { log10Wad } from './logarithm.ts'

/** What a campaign asks, as the chain has it. */
export interface Condition {
  readonly valuation: Valuation
  /** In WAD; all of a campaign's sum to one WAD. */
  readonly weight: bigint
  /** Value for which `scaled` and `logarithmic` come to 1; at least 1, and at least 2 for `logarithmic`. */
  readonly full: bigint
}

/** V(C) in WAD, 0 … 1. What exceeds `full` counts as `full`. */
export function valuate({ valuation, full }: Condition, value: bigint): bigint {
  if (value <= 0n) return 0n
  switch (valuation) {
    case 'binary':
      return WAD
    case 'scaled':
      return value >= full ? WAD : (value * WAD) / full
    case 'logarithmic':
      return value >= full ? WAD : (log10Wad(value) * WAD) / log10Wad(full)
  }
}

/** PMS in WAD, 0 … 1. `values[i]` is what a Persona shows for condition i; what is missing counts as nothing. */
export function matchingScore(conditions: readonly Condition[], values: readonly bigint[]): bigint {
  let score = 0n
  for (const [index, condition] of conditions.entries()) {
    score += mulWad(condition.weight, valuate(condition, values[index] ?? 0n))
  }
  return score
}

/** Throws `InvalidArgumentError` naming the condition whose weight or `full` is out of range. */
export function assertConditions(conditions: readonly Condition[]): void {
  let sum = 0n
  for (const [index, { weight, full, valuation }] of conditions.entries()) {
    if (weight <= 0n || weight > WAD) {
      throw new InvalidArgumentError(`Weight ${index} must be above 0 and at most 1, is ${weight}.`)
    }
    const least = valuation === 'logarithmic' ? 2n : 1n
    if (full < least) {
      throw new InvalidArgumentError(`Full value ${index} must be at least ${least}, is ${full}.`)
    }
    sum += weight
  }
  if (sum !== WAD) throw new InvalidArgumentError(`Weights must sum to 1, sum to ${sum} / 10^18.`)
}
