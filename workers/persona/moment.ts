/** What the book says of a past second, as the contracts would: values of badges, points, matching scores, the record of an epoch. */
import type { BadgeRecord, Book, CampaignRecord, EpochActions, PassportRecord } from './book.ts'
import { decayedValue } from './decay.ts'
import { epochOf } from './ledger.ts'
import { ACTION_LANES, computeRewards, type EpochRecord, type EpochRewards } from './rewards.ts'
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

/** Cumulative rewards by passport − 1 under the last final root before `epoch`. */
function earnedBefore(book: Book, campaign: CampaignRecord, epoch: number): readonly bigint[] {
  const last = campaign.proposals.findLast((one) => one.finalized !== null && one.epoch < epoch)
  if (last === undefined) return []
  return rewardsOf(book, campaign, last.epoch).rows.map((row) => row.cumulative)
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
    earned: earnedBefore(book, campaign, epoch),
  }
}

/** Rewards of epochs that are over never change: they are computed once. */
const knownRewards = new WeakMap<EpochActions, EpochRewards>()

/** Rewards of an epoch that is over, as anyone recomputes them. Final epochs before it count into what was earned. */
export function rewardsOf(book: Book, campaign: CampaignRecord, epoch: number): EpochRewards {
  const actions = epochOf(campaign, epoch)
  const known = knownRewards.get(actions)
  if (known !== undefined) return known
  const rewards = computeRewards(epochRecord(book, campaign, epoch))
  knownRewards.set(actions, rewards)
  return rewards
}

/** What an epoch pays if everyone is trusted alike: for comparison alone. */
export function rewardsWithoutTrust(
  book: Book,
  campaign: CampaignRecord,
  epoch: number,
): EpochRewards {
  const record = epochRecord(book, campaign, epoch)
  return computeRewards({ ...record, terms: { ...record.terms, formula: 'plain' } })
}
