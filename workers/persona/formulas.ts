/** How engagement, match and trust make a share: one small interface, on chain `IRewardFormula` (section 5). */
import type { FormulaName } from '../protocol/persona.ts'
import { integerSqrt, ONE } from './fixed.ts'

export interface RewardFormula {
  /** For people. */
  readonly text: string
  /** Contract on L2 that computes the same. */
  readonly address: `0x${string}`
  /** Passports are paid in proportion to it. Monotone in each argument. */
  shareOf(engagement: bigint, pms: bigint, trust: bigint): bigint
}

export const REWARD_FORMULAS: Readonly<Record<FormulaName, RewardFormula>> = {
  trusted: {
    text: 'engagement × match × trust',
    address: '0x420000000000000000000000000000000000003b',
    shareOf: (engagement, pms, trust) => engagement * pms * trust,
  },
  plain: {
    text: 'engagement × match, whoever it is',
    address: '0x420000000000000000000000000000000000003c',
    shareOf: (engagement, pms) => engagement * pms * ONE,
  },
  /** Rationale: the hundredth action of a script counts less than the first ones of a hundred people. */
  squareRoot: {
    text: '√engagement × match × trust',
    address: '0x420000000000000000000000000000000000003d',
    shareOf: (engagement, pms, trust) => integerSqrt(engagement * ONE) * pms * trust,
  },
}

/** The formula behind a contract's address; null if this engine does not know it. */
export function formulaAt(address: string): FormulaName | null {
  const wanted = address.toLowerCase()
  for (const [name, formula] of Object.entries(REWARD_FORMULAS)) {
    if (formula.address === wanted) return name as FormulaName
  }
  return null
}
