/** How an epoch's reward is shared: one small interface, one function per formula. */
import type { FormulaName } from '../protocol/persona.ts'
import { integerSqrt, mulWad, WAD } from './fixed.ts'

/** What a formula may look at, for one Persona. */
export interface Engagement {
  /** Sum of the weights of its actions in the epoch, WAD. */
  readonly actionWeight: bigint
  /** Matching score, WAD, 0 … 1. */
  readonly score: bigint
  /** Trust, WAD; `WAD` for everyone where trust is off. */
  readonly trust: bigint
}

export interface RewardFormula {
  readonly name: FormulaName
  /** For people. */
  readonly text: string
  /** A Persona's share is its points over the sum of all points. Never negative; zero means no reward. */
  points(engagement: Engagement): bigint
  /** No Persona gets more than this part of the budget, WAD; what is cut off stays in the budget. */
  readonly capWad: bigint
}

const proportional: RewardFormula = {
  name: 'proportional',
  text: 'share = action weight × matching score × trust',
  points: product,
  capWad: WAD,
}

/** Rationale: the hundredth action of a script counts less than the first ones of a hundred people. */
const squareRoot: RewardFormula = {
  name: 'squareRoot',
  text: 'share = √(action weight) × matching score × trust',
  points: ({ actionWeight, score, trust }) =>
    product({ actionWeight: integerSqrt(actionWeight * WAD), score, trust }),
  capWad: WAD,
}

const capped: RewardFormula = {
  name: 'capped',
  text: 'share = action weight × matching score × trust, at most 2 % of the budget each',
  points: product,
  capWad: WAD / 50n,
}

export const REWARD_FORMULAS: Readonly<Record<FormulaName, RewardFormula>> = {
  proportional,
  squareRoot,
  capped,
}

/** Rewards in the order of `engagements`; their sum is at most `budget`. */
export function shareBudget(
  formula: RewardFormula,
  budget: bigint,
  engagements: readonly Engagement[],
): readonly bigint[] {
  const points = engagements.map(formula.points)
  const sum = points.reduce((total, one) => total + one, 0n)
  if (sum === 0n) return points.map(() => 0n)
  const cap = mulWad(budget, formula.capWad)
  return points.map((one) => {
    const share = (budget * one) / sum
    return share > cap ? cap : share
  })
}

function product({ actionWeight, score, trust }: Engagement): bigint {
  return mulWad(mulWad(actionWeight, score), trust)
}
