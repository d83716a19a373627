/** Reward epochs for observers: what was proposed, challenged and paid, with trust and without. */
import type { ArchetypeName, EpochView, PayoutSummary } from '../protocol/persona.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import type { CampaignRecord, ProposalRecord } from './book.ts'
import { epochEnd, rewardsOf, rewardsWithoutTrust } from './moment.ts'
import type { Population } from './population.ts'
import type { EpochRewards } from './rewards.ts'
import { treesOf } from './rowProofs.ts'
import { type RowSetting, toMs } from './views.ts'

/** Epochs with actions or proposals, oldest first. `challengeSeconds` is the contract's. */
export function epochViews(
  setting: Omit<RowSetting, 'campaign' | 'trust'>,
  campaign: CampaignRecord,
  challengeSeconds: number,
): readonly EpochView[] {
  return [...campaign.epochs.keys()]
    .sort((left, right) => left - right)
    .flatMap((epoch) => {
      const proposals = campaign.proposals.filter((one) => one.epoch === epoch)
      const view = (proposal: ProposalRecord | null) =>
        epochView(setting, campaign, epoch, proposal, challengeSeconds)
      return proposals.length === 0 ? [view(null)] : proposals.map(view)
    })
}

function epochView(
  { book, population, people, time }: Omit<RowSetting, 'campaign' | 'trust'>,
  campaign: CampaignRecord,
  epoch: number,
  proposal: ProposalRecord | null,
  challengeSeconds: number,
): EpochView {
  const end = epochEnd(campaign, epoch)
  const isOver = end <= time
  const rewards = isOver ? rewardsOf(book, campaign, epoch) : null
  const expectedRoot = rewards === null ? null : bytesToHex(treesOf(rewards).rewards.root)
  const plain = isOver ? rewardsWithoutTrust(book, campaign, epoch) : null
  const summary = (of: EpochRewards | null) =>
    of === null ? NOTHING_PAID : knownSummary(of, population, people)
  return {
    campaign: String(campaign.campaign),
    epoch,
    status: statusOf(proposal, isOver),
    startMs: toMs(end - campaign.terms.epochSeconds),
    endMs: toMs(end),
    root: proposal?.rewardsRoot ?? null,
    expectedRoot,
    publisher: proposal?.proposer ?? null,
    slashedWei: proposal?.removed?.slashedWei ?? 0n,
    publishedMs: proposal === null ? null : toMs(proposal.proposed.timestamp),
    finalMs: proposal === null ? null : toMs(proposal.proposed.timestamp + challengeSeconds),
    challenge: challengeView(proposal, rewards),
    payouts: { withTrust: summary(rewards), withoutTrust: summary(plain) },
  }
}

function statusOf(proposal: ProposalRecord | null, isOver: boolean): EpochView['status'] {
  if (proposal === null) return isOver ? 'closed' : 'open'
  if (proposal.removed !== null) return 'removed'
  return proposal.finalized === null ? 'pending' : 'final'
}

const RULES = ['row', 'total', 'trust', 'unanswered demand'] as const

function challengeView(
  proposal: ProposalRecord | null,
  rewards: EpochRewards | null,
): EpochView['challenge'] {
  if (proposal === null || proposal.removed === null) return null
  const { challenger, fault, passport, source } = proposal.removed
  return {
    watcher: challenger,
    passport,
    rule: RULES[fault] ?? `fault ${fault}`,
    claimed: proposal.amounts[passport - 1] ?? 0n,
    recomputed: rewards?.rows[passport - 1]?.amount ?? 0n,
    transactionHash: source.transactionHash,
  }
}

const knownSummaries = new WeakMap<
  ReadonlyMap<number, number>,
  WeakMap<EpochRewards, PayoutSummary>
>()

/** Rewards of an epoch that is over stay as they are: they are summed up once. */
function knownSummary(
  rewards: EpochRewards,
  population: Population,
  people: ReadonlyMap<number, number>,
): PayoutSummary {
  const summaries = knownSummaries.get(people) ?? new WeakMap<EpochRewards, PayoutSummary>()
  const summary = summaries.get(rewards) ?? payoutSummary(rewards, population, people)
  knownSummaries.set(people, summaries.set(rewards, summary))
  return summary
}

const NOTHING: Readonly<Record<ArchetypeName, bigint>> = {
  governor: 0n,
  provider: 0n,
  creator: 0n,
  player: 0n,
  newcomer: 0n,
}
const NOTHING_PAID: PayoutSummary = {
  total: 0n,
  paidPersonas: 0,
  sybilShare: 0,
  byArchetype: NOTHING,
}

function payoutSummary(
  { rows }: EpochRewards,
  population: Population,
  people: ReadonlyMap<number, number>,
): PayoutSummary {
  const byArchetype = { ...NOTHING }
  let [total, sybils, paidPersonas] = [0n, 0n, 0]
  for (const { passport, amount } of rows) {
    if (amount === 0n) continue
    total += amount
    paidPersonas += 1
    const person = population.people[people.get(passport) ?? -1]
    if (person === undefined) continue
    byArchetype[person.archetype] += amount
    if (person.ring !== null) sybils += amount
  }
  const sybilShare = total === 0n ? 0 : Number((sybils * 1_000_000n) / total) / 1_000_000
  return { total, paidPersonas, sybilShare, byArchetype }
}
