/** Rows of an epoch with their proofs, as `EpochRewards` and L1's `PersonaProver` take them; anyone can compute them from L2's logs. */
import type { Hex } from 'viem'
import { bytesToHex } from '../rollup/bytes.ts'
import type { Book, CampaignRecord, ProposalRecord } from './book.ts'
import { rewardsOf } from './moment.ts'
import { type EpochRewards, type RewardRow, type RewardTrees, rewardTrees } from './rewards.ts'

const EMPTY_ROW = {
  passport: 0n,
  engagement: 0n,
  pms: 0n,
  trust: 0n,
  prefix: 0n,
  amount: 0n,
  cumulative: 0n,
}
export const EMPTY_PROOF = { row: EMPTY_ROW, proof: [] as readonly Hex[] }

/** A row with its siblings; empty for a passport that has none. */
export function rowProof(rows: readonly RewardRow[], { rewards }: RewardTrees, passport: number) {
  const row = rows[passport - 1]
  if (row === undefined) return EMPTY_PROOF
  return { row: { ...row, passport: BigInt(passport) }, proof: toHexes(rewards.proof(passport)) }
}

export function toHexes(siblings: readonly Uint8Array[]): readonly Hex[] {
  return siblings.map(bytesToHex)
}

const knownTrees = new WeakMap<EpochRewards, RewardTrees>()

/** The trees of rewards, made once. */
export function treesOf(rewards: EpochRewards): RewardTrees {
  const trees = knownTrees.get(rewards) ?? rewardTrees(rewards)
  knownTrees.set(rewards, trees)
  return trees
}

/** Rows and trees of a root that is final. */
export function finalRows(
  stage: { readonly book: Book },
  campaign: CampaignRecord,
  final: ProposalRecord,
) {
  const rewards = rewardsOf(stage.book, campaign, final.epoch)
  return { rows: rewards.rows, trees: treesOf(rewards) }
}
