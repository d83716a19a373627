/** The persona matching score of the litepaper, PMS = Σ wᵢ · V(Cᵢ), as `Campaigns.pmsAt` computes it (section 3). */
import type { Valuation } from '../protocol/persona.ts'
import { binaryLog, ONE } from './fixed.ts'

/** What a campaign asks, as the chain has it. */
export interface Criterion {
  /** Kind of badge whose value counts. */
  readonly kind: number
  readonly valuation: Valuation
  /** `ONE` is 1; all of a campaign's sum to `ONE`. */
  readonly weight: bigint
  /** Value for which `scaled` and `logarithmic` come to 1. */
  readonly maximum: bigint
}

/** V(C), 0 … `ONE`. */
export function valuate({ valuation, maximum }: Criterion, value: bigint): bigint {
  if (value <= 0n) return 0n
  const bounded = value > maximum ? maximum : value
  switch (valuation) {
    case 'binary':
      return ONE
    case 'scaled':
      return (ONE * bounded) / maximum
    case 'logarithmic': {
      const whole = knownLog(maximum)
      return (ONE * knownLog(bounded) + whole / 2n) / whole
    }
  }
}

const LOGS_MAX = 16_384
const logs = new Map<bigint, bigint>()

/** Rationale: thousands of people have a few hundred numbers of followers between them. */
function knownLog(value: bigint): bigint {
  const known = logs.get(value)
  if (known !== undefined) return known
  if (logs.size >= LOGS_MAX) logs.clear()
  const log = binaryLog(value)
  logs.set(value, log)
  return log
}

/** PMS, 0 … `ONE`. `valueAt` tells the value of a passport's badge of that kind. */
export function matchingScore(
  criteria: readonly Criterion[],
  valueAt: (kind: number) => bigint,
): bigint {
  let score = 0n
  for (const criterion of criteria) {
    score += (criterion.weight * valuate(criterion, valueAt(criterion.kind))) / ONE
  }
  return score
}
