/** What the book says of a past second, as the contracts would: values of badges, points, matching scores, the record of an epoch. */
import type {
  BadgeRecord,
  Book,
  CampaignRecord,
  EpochActions,
  PassportRecord,
  ProposalRecord,
} from './book.ts'
import { decayedValue } from './decay.ts'
import { epochOf } from './ledger.ts'
import {
  ACTION_LANES,
  computeRewards,
  type EpochRecord,
  type EpochRewards,
  payRewards,
  withEarned,
} from './rewards.ts'
import { matchingScore } from './score.ts'

/** Whether a badge counts at the end of second `time` (section 3). */
export function badgeCounts(book: Book, badge: BadgeRecord, time: number): boolean {
  const { issued, expiresAt, revoked, validator } = badge
  if (issued.timestamp > time || (expiresAt !== 0 && time >= expiresAt)) return false
  if (revoked !== null && time >= revoked.timestamp) return false
  const issuer = book.validators.get(validator)
  if (issuer === undefined || issuer.listedAt === 0 || issuer.listedAt > time) return false
  return issuer.revokedAt === 0 || time < issuer.revokedAt
}

/** The badge of a kind that was current at the end of second `time`; null if there was none. */
export function currentBadge(
  record: PassportRecord,
  kind: number,
  time: number,
): BadgeRecord | null {
  return record.badges.get(kind)?.findLast(({ issued }) => issued.timestamp <= time) ?? null
}

/** `Badges.valueAt`. */
export function badgeValue(book: Book, record: PassportRecord, kind: number, time: number): bigint {
  const badge = currentBadge(record, kind, time)
  if (badge === null || !badgeCounts(book, badge, time)) return 0n
  const age = BigInt(time - badge.issued.timestamp)
  return decayedValue(badge.value, age, BigInt(book.kinds[kind]?.decaySeconds ?? 0))
}

/** `Badges.pointsAt`: a value that decayed to nothing keeps its points. */
export function pointsAt(book: Book, record: PassportRecord, time: number): bigint {
  let points = 0
  for (const { kind, points: worth } of book.kinds) {
    const badge = currentBadge(record, kind, time)
    if (badge !== null && badgeCounts(book, badge, time)) points += worth
  }
  return BigInt(points)
}

/** `Campaigns.pmsAt`. */
export function pmsAt(
  book: Book,
  campaign: CampaignRecord,
  record: PassportRecord,
  time: number,
): bigint {
  return matchingScore(campaign.terms.criteria, (kind) => badgeValue(book, record, kind, time))
}

/** Passports that there were at the end of second `time`. */
export function supplyAt(book: Book, time: number): number {
  let supply = book.passports.length
  while (supply > 0 && (book.passports[supply - 1]?.minted.timestamp ?? 0) > time) supply -= 1
  return supply
}

/** First second after the epoch. */
export function epochEnd({ terms }: CampaignRecord, epoch: number): number {
  return terms.start + (epoch + 1) * terms.epochSeconds
}

/** Epoch that runs at `time`: below zero before the start, `epochCount` and more after the end. */
export function epochAt({ terms }: CampaignRecord, time: number): number {
  return Math.floor((time - terms.start) / terms.epochSeconds)
}

/** All that an epoch's rewards follow from, as of its last second. */
export function epochRecord(book: Book, campaign: CampaignRecord, epoch: number): EpochRecord {
  const time = epochEnd(campaign, epoch) - 1
  const records = book.passports.slice(0, supplyAt(book, time))
  const actions = campaign.epochs.get(epoch)
  const none = new Array<number>(ACTION_LANES).fill(0)
  return {
    terms: campaign.terms,
    counts: records.map(({ passport }) => actions?.counts.get(passport) ?? none),
    sources: records.map(({ passport }) => actions?.sources.get(passport) ?? []),
    points: records.map((record) => pointsAt(book, record, time)),
    pms: records.map((record) => pmsAt(book, campaign, record, time)),
  }
}

/** What was computed of an epoch that is over: amounts and trust never change, what was earned before grows with roots that become final. */
interface KnownRewards {
  readonly last: ProposalRecord | null
  readonly rewards: EpochRewards
}

const knownRewards = new WeakMap<EpochActions, KnownRewards>()
const knownPlain = new WeakMap<EpochActions, EpochRewards>()

/** Rewards of an epoch that is over, as anyone recomputes them. The last final epoch before it counts into what was earned. */
export function rewardsOf(book: Book, campaign: CampaignRecord, epoch: number): EpochRewards {
  const actions = epochOf(campaign, epoch)
  const last =
    campaign.proposals.findLast((one) => one.finalized !== null && one.epoch < epoch) ?? null
  const known = knownRewards.get(actions)
  if (known?.last === last) return known.rewards
  const own = known?.rewards ?? computeRewards(epochRecord(book, campaign, epoch))
  const earlier = last === null ? [] : rewardsOf(book, campaign, last.epoch).rows
  const rewards = withEarned(own, earlier)
  knownRewards.set(actions, { last, rewards })
  return rewards
}

/** What an epoch that is over pays if everyone is trusted alike: for comparison alone. */
export function rewardsWithoutTrust(
  book: Book,
  campaign: CampaignRecord,
  epoch: number,
): EpochRewards {
  const actions = epochOf(campaign, epoch)
  const known = knownPlain.get(actions)
  if (known !== undefined) return known
  const record = epochRecord(book, campaign, epoch)
  const terms = { ...record.terms, formula: 'plain' } as const
  const { trust } = rewardsOf(book, campaign, epoch)
  const rewards = payRewards({ ...record, terms }, trust)
  knownPlain.set(actions, rewards)
  return rewards
}
