/** Rewards of an epoch: one row per passport, and the trees that a proposal commits to (sections 5 and 7). Pure in what the chain recorded. */
import type { FormulaName } from '../protocol/persona.ts'
import { REWARD_FORMULAS } from './formulas.ts'
import { createPositionTree, type PositionTree, wordsLeaf } from './positionTree.ts'
import { trustRounds } from './trust.ts'

export const ACTION_LANES = 8

/** What a campaign pays for. */
export interface RewardTerms {
  readonly formula: FormulaName
  readonly trustIterations: number
  readonly epochBudget: bigint
  /** By kind of action, eight of each. */
  readonly actionWeights: readonly number[]
  readonly actionCaps: readonly number[]
}

/** What the chain recorded of one epoch; lists by passport − 1, as of the epoch's last second. */
export interface EpochRecord {
  readonly terms: RewardTerms
  /** Actions by kind, eight each. */
  readonly counts: readonly (readonly number[])[]
  /** Who stands in each chain of in-edges. */
  readonly sources: readonly (readonly number[])[]
  readonly points: readonly bigint[]
  readonly pms: readonly bigint[]
}

export interface RewardRow {
  readonly passport: number
  readonly engagement: bigint
  readonly pms: bigint
  readonly trust: bigint
  readonly prefix: bigint
  readonly amount: bigint
  readonly cumulative: bigint
}

export interface EpochRewards {
  readonly rows: readonly RewardRow[]
  readonly total: bigint
  /** By round, then by passport − 1. */
  readonly trust: readonly (readonly bigint[])[]
}

/** Index of social actions among the kinds. */
const SOCIAL = 2

/** Without what earlier epochs paid. */
export function computeRewards(record: EpochRecord): EpochRewards {
  const { terms, counts, points, sources } = record
  const trust = trustRounds({
    points,
    sources,
    sent: counts.map((kinds) => kinds[SOCIAL] ?? 0),
    rounds: terms.trustIterations,
  })
  return payRewards(record, trust)
}

/** Rows of a record whose trust is known by round. */
export function payRewards(record: EpochRecord, trust: EpochRewards['trust']): EpochRewards {
  const { terms, counts } = record
  const last = trust.at(-1) as readonly bigint[]
  const { shareOf } = REWARD_FORMULAS[terms.formula]
  const engagements = counts.map((kinds) => engagementOf(terms, kinds))
  const shares = engagements.map((engagement, index) =>
    shareOf(engagement, record.pms[index] as bigint, last[index] as bigint),
  )
  const total = shares.reduce((sum, share) => sum + share, 0n)
  let prefix = 0n
  const rows = shares.map((share, index) => {
    prefix += share
    const amount = total === 0n ? 0n : (terms.epochBudget * share) / total
    return {
      passport: index + 1,
      engagement: engagements[index] as bigint,
      pms: record.pms[index] as bigint,
      trust: last[index] as bigint,
      prefix,
      amount,
      cumulative: amount,
    }
  })
  return { rows, total, trust }
}

/** The same with what the last final root says of earlier epochs; younger passports have no row in it. */
export function withEarned(rewards: EpochRewards, earlier: readonly RewardRow[]): EpochRewards {
  const rows = rewards.rows.map((row, index) => ({
    ...row,
    cumulative: row.amount + (earlier[index]?.cumulative ?? 0n),
  }))
  return { ...rewards, rows }
}

/** Σ weight · min(count, cap). */
export function engagementOf(
  { actionWeights, actionCaps }: RewardTerms,
  counts: readonly number[],
): bigint {
  let sum = 0n
  for (let kind = 0; kind < ACTION_LANES; kind += 1) {
    const counted = Math.min(counts[kind] ?? 0, actionCaps[kind] ?? 0)
    sum += BigInt(actionWeights[kind] ?? 0) * BigInt(counted)
  }
  return sum
}

export interface RewardTrees {
  readonly rewards: PositionTree
  /** By round. */
  readonly trust: readonly PositionTree[]
}

export function rewardTrees({ rows, trust }: Pick<EpochRewards, 'rows' | 'trust'>): RewardTrees {
  let ofTrust: readonly PositionTree[] | undefined
  return {
    rewards: createPositionTree(rows.map(rowLeaf)),
    // Made when asked for: whoever only looks needs the root of rewards.
    get trust() {
      ofTrust ??= trust.map((round) =>
        createPositionTree(round.map((value, index) => wordsLeaf([BigInt(index + 1), value]))),
      )
      return ofTrust
    },
  }
}

export function rowLeaf(row: RewardRow): Uint8Array {
  const { passport, engagement, pms, trust, prefix, amount, cumulative } = row
  return wordsLeaf([BigInt(passport), engagement, pms, trust, prefix, amount, cumulative])
}
