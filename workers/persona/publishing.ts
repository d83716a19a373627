/**
 * Reward roots on L2: a publisher proposes them with a bond, a watcher recomputes every one and challenges what is wrong, and after the
 * challenge's time anyone makes them final and claims. Storing a wrong root is a valid transaction, so no fraud proof of the rollup
 * overturns it: this challenge is the application's own.
 */
import { encodeFunctionData, type Hex } from 'viem'
import { abi as rewardsAbi } from '../../contracts/generated/IEpochRewards.ts'
import { bigintToBytes, bytesToHex, concatBytes } from '../rollup/bytes.ts'
import { PUBLISHER, WATCHER } from './accounts.ts'
import { EPOCH_REWARDS } from './addresses.ts'
import type { CampaignRecord, ProposalRecord } from './book.ts'
import { readContract } from './chainPort.ts'
import { epochEnd, rewardsOf } from './moment.ts'
import { type RewardRow, rewardTrees } from './rewards.ts'
import { EMPTY_PROOF, finalRows, rowProof, toHexes, treesOf } from './rowProofs.ts'
import { passportOf } from './setup.ts'
import { sendSponsored } from './sponsor.ts'
import type { Stage } from './stage.ts'

/** More rows than this do not fit into one transaction; a watcher then asks for rows (`demand`). */
const AMOUNTS_MAX = 4_000
const AMOUNT_BYTES = 12
const CLAIM_GAS = 350_000n

/** A lie about one row; the rest is right. */
export interface RewardLie {
  readonly passport: number
  readonly extra: bigint
}

/** The proposal that is neither final nor removed. */
export function pendingProposal(campaign: CampaignRecord): ProposalRecord | null {
  const last = campaign.proposals.at(-1)
  return last === undefined || last.removed !== null || last.finalized !== null ? null : last
}

/** First epoch with actions that is over and has no final root; null if there is none. */
export function dueEpoch(campaign: CampaignRecord, now: number): number | null {
  const last = campaign.proposals.findLast(({ finalized }) => finalized !== null)
  const open = [...campaign.epochs]
    .filter(([epoch, { actions }]) => actions > 0 && epoch > (last?.epoch ?? -1))
    .map(([epoch]) => epoch)
    .sort((left, right) => left - right)
  const [first] = open
  return first !== undefined && epochEnd(campaign, first) <= now ? first : null
}

export function rewardBond(stage: Stage): Promise<bigint> {
  return ask<bigint>(stage, 'bondWei')
}

/** Proposes the root of an epoch. With a lie, the proposer's bond is lost to whoever shows it. */
export async function propose(
  stage: Stage,
  campaign: CampaignRecord,
  epoch: number,
  lie?: RewardLie,
): Promise<Hex> {
  const honest = rewardsOf(stage.book, campaign, epoch)
  const rows = lie === undefined ? honest.rows : honest.rows.map((row) => told(row, lie))
  const { rewards, trust } = rewardTrees({ rows, trust: honest.trust })
  const amounts =
    rows.length > AMOUNTS_MAX ? [] : rows.map(({ amount }) => bigintToBytes(amount, AMOUNT_BYTES))
  const data = encodeFunctionData({
    abi: rewardsAbi,
    functionName: 'propose',
    args: [
      BigInt(campaign.campaign),
      BigInt(epoch),
      bytesToHex(rewards.root),
      honest.total,
      trust.map(({ root }) => bytesToHex(root)),
      bytesToHex(concatBytes(...amounts)),
    ],
  })
  const gas = 1_500_000n + BigInt(amounts.length) * 800n
  const value = await rewardBond(stage)
  return stage.outbox.send(PUBLISHER, { to: EPOCH_REWARDS, data, value, gas })
}

function told(row: RewardRow, { passport, extra }: RewardLie): RewardRow {
  if (row.passport !== passport) return row
  return { ...row, amount: row.amount + extra, cumulative: row.cumulative + extra }
}

export type Finding =
  | { readonly kind: 'right' }
  /** The published amounts lead to the root: the first wrong row can be shown at once. */
  | { readonly kind: 'row'; readonly passport: number; readonly rows: readonly RewardRow[] }
  /** The rows behind the root are not known: the proposer must open one, or fall. */
  | { readonly kind: 'hidden'; readonly tree: number; readonly passport: number }

/** What recomputation says of a proposal. */
export function examine(stage: Stage, campaign: CampaignRecord, proposal: ProposalRecord): Finding {
  const honest = rewardsOf(stage.book, campaign, proposal.epoch)
  const trees = treesOf(honest)
  const round = trees.trust.findIndex(
    ({ root }, index) => bytesToHex(root) !== proposal.trustRoots[index],
  )
  if (round >= 0) return { kind: 'hidden', tree: 1 + round, passport: 1 }
  const isRight =
    bytesToHex(trees.rewards.root) === proposal.rewardsRoot && honest.total === proposal.total
  if (isRight) return { kind: 'right' }
  const rows = honest.rows.map((row, index) => {
    const amount = proposal.amounts[index] ?? row.amount
    return { ...row, amount, cumulative: row.cumulative - row.amount + amount }
  })
  const wrong = rows.find((row, index) => row.amount !== honest.rows[index]?.amount)
  const { rewards } = rewardTrees({ rows, trust: honest.trust })
  if (wrong === undefined || bytesToHex(rewards.root) !== proposal.rewardsRoot) {
    return { kind: 'hidden', tree: 0, passport: wrong?.passport ?? 1 }
  }
  return { kind: 'row', passport: wrong.passport, rows }
}

/** Acts on a finding; null where all is right. */
export async function challenge(
  stage: Stage,
  campaign: CampaignRecord,
  proposal: ProposalRecord,
  finding: Finding,
): Promise<Hex | null> {
  switch (finding.kind) {
    case 'right':
      return null
    case 'row':
      return challengeRow(stage, campaign, proposal, finding)
    case 'hidden': {
      const args = [
        BigInt(campaign.campaign),
        BigInt(finding.tree),
        BigInt(finding.passport),
      ] as const
      const data = encodeFunctionData({ abi: rewardsAbi, functionName: 'demand', args })
      const value = await ask<bigint>(stage, 'demandBondWei')
      return stage.outbox.send(WATCHER, { to: EPOCH_REWARDS, data, value, gas: 300_000n })
    }
  }
}

async function challengeRow(
  stage: Stage,
  campaign: CampaignRecord,
  proposal: ProposalRecord,
  { passport, rows }: Extract<Finding, { kind: 'row' }>,
): Promise<Hex> {
  const { trust } = rewardsOf(stage.book, campaign, proposal.epoch)
  const claimed = rewardTrees({ rows, trust })
  const final = campaign.proposals.findLast(({ finalized }) => finalized !== null)
  const last = final === undefined ? null : finalRows(stage, campaign, final)
  const lastTrust = trust.at(-1) as readonly bigint[]
  const evidence = {
    row: rowProof(rows, claimed, passport),
    before: rowProof(rows, claimed, passport - 1),
    trust: {
      passport: BigInt(passport),
      trust: lastTrust[passport - 1] as bigint,
      proof: toHexes(claimed.trust.at(-1)?.proof(passport) ?? []),
    },
    last: last === null ? EMPTY_PROOF : rowProof(last.rows, last.trees, passport),
  }
  const args = [BigInt(campaign.campaign), evidence] as const
  const data = encodeFunctionData({ abi: rewardsAbi, functionName: 'challengeRow', args })
  return stage.outbox.send(WATCHER, { to: EPOCH_REWARDS, data, gas: 2_500_000n })
}

/** Makes the pending root final once nobody can challenge it any more; null before. */
export async function finalize(stage: Stage, campaign: CampaignRecord): Promise<Hex | null> {
  const pending = pendingProposal(campaign)
  if (pending === null) return null
  const seconds = await ask<bigint>(stage, 'challengeSeconds')
  if (stage.head.timestamp <= pending.proposed.timestamp + Number(seconds)) return null
  const args = [BigInt(campaign.campaign)] as const
  const data = encodeFunctionData({ abi: rewardsAbi, functionName: 'finalize', args })
  return stage.outbox.send(PUBLISHER, { to: EPOCH_REWARDS, data, gas: 500_000n })
}

/** A person takes what the last final root says; a paymaster pays the gas. Null if there is nothing to claim. */
export async function claim(
  stage: Stage,
  campaign: CampaignRecord,
  person: number,
): Promise<Hex | null> {
  const passport = passportOf(stage.book, person)
  if (claimable(stage, campaign, passport) <= 0n) return null
  const final = campaign.proposals.findLast(({ finalized }) => finalized !== null)
  if (final === undefined) return null
  const { rows, trees } = finalRows(stage, campaign, final)
  const args = [BigInt(campaign.campaign), rowProof(rows, trees, passport)] as const
  const data = encodeFunctionData({ abi: rewardsAbi, functionName: 'claim', args })
  return sendSponsored(stage, person, [{ to: EPOCH_REWARDS, data, gas: CLAIM_GAS }])
}

/** Proven by the last final root and not taken yet. */
export function claimable(
  stage: Pick<Stage, 'book'>,
  campaign: CampaignRecord,
  passport: number,
): bigint {
  const final = campaign.proposals.findLast(({ finalized }) => finalized !== null)
  if (final === undefined) return 0n
  const earned = finalRows(stage, campaign, final).rows[passport - 1]?.cumulative ?? 0n
  return earned - claimedBy(campaign, passport)
}

export function claimedBy({ claimedWei }: CampaignRecord, passport: number): bigint {
  return claimedWei.get(passport) ?? 0n
}

function ask<Result>({ read }: Stage, functionName: string): Promise<Result> {
  return readContract<Result>(read, { address: EPOCH_REWARDS, abi: rewardsAbi, functionName })
}
