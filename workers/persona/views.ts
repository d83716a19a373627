/** Views for observers, from the book at a moment. Display alone: nothing on chain depends on them. */
import {
  ACTION_KINDS,
  type BadgeView,
  type ConditionScore,
  DIMENSIONS,
  type DimensionName,
  type DistributionView,
  type PersonaDetails,
  type PersonaRow,
  type Provenance,
  type RexyView,
  type SignalView,
} from '../protocol/persona.ts'
import { GENESIS_TIMESTAMP } from '../rollup/parameters.ts'
import type { BadgeRecord, Book, CampaignRecord, PassportRecord, Source } from './book.ts'
import { halfLifeFactor } from './decay.ts'
import { ONE, toNumber } from './fixed.ts'
import {
  badgeCounts,
  badgeValue,
  currentBadge,
  epochEnd,
  pmsAt,
  pointsAt,
  rewardsOf,
} from './moment.ts'
import type { Population } from './population.ts'
import { claimedBy } from './publishing.ts'
import { valuate } from './score.ts'
import { passportOf } from './setup.ts'

/** What kinds of badges say about somebody. */
const BADGE_DIMENSIONS: Readonly<Record<string, DimensionName>> = {
  governanceVotes: 'interests',
  liquidityUsd: 'assets',
  followers: 'social',
  region: 'demographics',
  quizzes: 'knowledge',
  interests: 'interests',
  vouches: 'social',
}
const ACTION_DIMENSIONS: readonly DimensionName[] = ['assets', 'knowledge', 'social']
const HALF_LIFE_SECONDS = 30 * 86_400
/** Decayed actions that fill a dimension of the radar. */
const FULL_ACTIONS = 100
const BINS = 20
const HOUR = 3_600

export function toMs(seconds: number): number {
  return (seconds - GENESIS_TIMESTAMP) * 1_000
}

export function toSeconds(timeMs: number): number {
  return GENESIS_TIMESTAMP + Math.floor(timeMs / 1_000)
}

export function provenanceOf({
  address,
  event,
  blockNumber,
  logIndex,
  transactionHash,
}: Source): Provenance {
  return { contract: address, event, blockNumber: BigInt(blockNumber), logIndex, transactionHash }
}

/** People by passport; passports of strangers are not in it. */
export function peopleByPassport(book: Book, population: Population): ReadonlyMap<number, number> {
  return new Map(population.people.map(({ index }) => [passportOf(book, index), index]))
}

export interface RowSetting {
  readonly book: Book
  readonly population: Population
  readonly people: ReadonlyMap<number, number>
  readonly campaign: CampaignRecord | null
  /** Unix seconds. */
  readonly time: number
  /** Trust by passport − 1 of the last epoch that is over, relative to the greatest. */
  readonly trust: readonly number[]
}

export function personaRow(setting: RowSetting, record: PassportRecord): PersonaRow {
  const { book, population, people, campaign, time, trust } = setting
  const person = population.people[people.get(record.passport) ?? -1]
  return {
    passport: record.passport,
    name: person?.name ?? `${record.owner.slice(0, 6)}…${record.owner.slice(-4)}`,
    archetype: person?.archetype ?? null,
    isSybil: isSybil(setting, record.passport),
    score: campaign === null ? 0 : toNumber(pmsAt(book, campaign, record, time)),
    trust: trust[record.passport - 1] ?? 0,
    points: Number(pointsAt(book, record, time)),
    actions: record.actions,
    earnedWei: campaign === null ? 0n : claimedBy(campaign, record.passport),
  }
}

/** Trust of the last epoch that is over, 0 … 1; of badges alone before there is one. */
export function relativeTrust(
  book: Book,
  campaign: CampaignRecord | null,
  time: number,
): readonly number[] {
  const epoch = campaign === null ? null : lastEpochOver(campaign, time)
  const trust =
    campaign === null || epoch === null
      ? book.passports.map((record) => pointsAt(book, record, time) * ONE)
      : (rewardsOf(book, campaign, epoch).trust.at(-1) ?? [])
  const most = trust.reduce((max, one) => (one > max ? one : max), 1n)
  return trust.map((one) => Number((one * ONE) / most) / 1e9)
}

/** Null before any is. */
export function lastEpochOver(campaign: CampaignRecord, time: number): number | null {
  const over = [...campaign.epochs.keys()].filter((epoch) => epochEnd(campaign, epoch) <= time)
  return over.length === 0 ? null : Math.max(...over)
}

export function personaDetails(
  setting: RowSetting,
  record: PassportRecord,
  claimableWei: bigint,
): PersonaDetails {
  const { book, campaign, time } = setting
  const signals = signalsOf(book, record, time)
  return {
    ...personaRow(setting, record),
    owner: record.owner,
    wallets: record.wallets
      .filter(({ linked }) => linked.timestamp <= time)
      .map(({ address, linked, unlinked }) => ({
        address,
        linked: unlinked === null || unlinked.timestamp > time,
        timeMs: toMs(linked.timestamp),
        transactionHash: linked.transactionHash,
      })),
    radar: radarOf(signals),
    signals,
    badges: badgeViews(book, record, time),
    conditions: campaign === null ? [] : conditionScores(book, campaign, record, time),
    rexy: rexyOf(book, record, time),
    claimableWei,
    claimedWei: campaign === null ? 0n : claimedBy(campaign, record.passport),
  }
}

export function signalsOf(book: Book, record: PassportRecord, time: number): readonly SignalView[] {
  const badges = book.kinds.flatMap(({ kind, name, decaySeconds }): SignalView[] => {
    const badge = currentBadge(record, kind, time)
    if (badge === null) return []
    const now = badgeCounts(book, badge, time) ? badgeValue(book, record, kind, time) : 0n
    const share = badge.value === 0n ? 0 : Number((now * ONE) / badge.value) / 1e9
    const isFaded = decaySeconds !== 0 || now === 0n
    const { issued } = badge
    return [
      {
        dimension: BADGE_DIMENSIONS[name] ?? 'interests',
        name,
        weight: 1,
        weightNow: isFaded ? share : 1,
        timeMs: toMs(issued.timestamp),
        provenance: provenanceOf(issued),
      },
    ]
  })
  return [...badges, ...actionSignals(record, time)]
}

function actionSignals(record: PassportRecord, time: number): readonly SignalView[] {
  return ACTION_KINDS.flatMap((kind, lane): SignalView[] => {
    const hours = record.activity.get(lane)
    const recent = record.recentActions.findLast(
      ({ counts, source }) => (counts[lane] ?? 0) > 0 && source.timestamp <= time,
    )
    if (hours === undefined || recent === undefined) return []
    let [sum, left] = [0, 0n]
    for (const [hour, count] of hours) {
      if (hour * HOUR > time) continue
      sum += count
      left += BigInt(count) * halfLifeFactor(time - hour * HOUR, HALF_LIFE_SECONDS)
    }
    return [
      {
        dimension: ACTION_DIMENSIONS[lane] ?? 'interests',
        name: kind,
        weight: Math.min(1, sum / FULL_ACTIONS),
        weightNow: Math.min(1, toNumber(left) / FULL_ACTIONS),
        timeMs: toMs(recent.source.timestamp),
        provenance: provenanceOf(recent.source),
      },
    ]
  })
}

function radarOf(signals: readonly SignalView[]): Readonly<Record<DimensionName, number>> {
  const radar = { demographics: 0, assets: 0, social: 0, interests: 0, knowledge: 0 }
  for (const dimension of DIMENSIONS) {
    // Signals of one dimension add what the others leave open: none can fill it alone twice.
    const open = signals
      .filter((signal) => signal.dimension === dimension)
      .reduce((left, { weightNow }) => left * (1 - 0.6 * weightNow), 1)
    radar[dimension] = 1 - open
  }
  return radar
}

function badgeViews(book: Book, record: PassportRecord, time: number): readonly BadgeView[] {
  return [...record.badges.values()].flat().flatMap((badge): BadgeView[] => {
    const kind = book.kinds[badge.kind]
    if (kind === undefined || badge.issued.timestamp > time) return []
    const level = (record.badges.get(badge.kind)?.indexOf(badge) ?? 0) + 1
    return [
      {
        uid: badge.uid,
        name: kind.name,
        kind: kind.validatorKind,
        validator: book.validators.get(badge.validator)?.name ?? badge.validator,
        level,
        points: kind.points,
        issuedMs: toMs(badge.issued.timestamp),
        expiresMs: badge.expiresAt === 0 ? null : toMs(badge.expiresAt),
        state: badgeState(book, badge, time),
        transactionHash: badge.issued.transactionHash,
      },
    ]
  })
}

function badgeState(book: Book, badge: BadgeRecord, time: number): BadgeView['state'] {
  if (badgeCounts(book, badge, time)) return 'valid'
  return badge.expiresAt !== 0 && time >= badge.expiresAt ? 'expired' : 'revoked'
}

export function conditionScores(
  book: Book,
  { terms }: CampaignRecord,
  record: PassportRecord,
  time: number,
): readonly ConditionScore[] {
  return terms.criteria.map((criterion) => {
    const value = valuate(criterion, badgeValue(book, record, criterion.kind, time))
    return {
      name: book.kinds[criterion.kind]?.name ?? `kind ${criterion.kind}`,
      weight: toNumber(criterion.weight),
      value: toNumber(value),
      contribution: toNumber((criterion.weight * value) / ONE),
    }
  })
}

const SPIKES_MAX = 8

/** Traits as the contract `Rexy` has them: hue from the number, a spike for each badge that counts, level and growth from points. */
function rexyOf(book: Book, record: PassportRecord, time: number): RexyView {
  const points = Number(pointsAt(book, record, time))
  const stages = ['egg', 'hatchling', 'young', 'grown'] as const
  const stage = stages[points === 0 ? 0 : points < 60 ? 1 : points < 150 ? 2 : 3] ?? 'egg'
  const marks = book.kinds
    .filter(({ kind }) => {
      const badge = currentBadge(record, kind, time)
      return badge !== null && badgeCounts(book, badge, time)
    })
    .map(({ validatorKind }) => validatorKind)
  const worn = book.kinds.filter(({ kind }) => badgeValue(book, record, kind, time) > 0n).length
  return {
    hue: (record.passport * 137) % 360,
    stage,
    level: Math.floor(Math.log2(1 + points)),
    spikes: Math.min(worn, SPIKES_MAX),
    marks: [...new Set(marks)],
    pattern: Math.imul(record.passport, 0x9e3779b1) >>> 0,
  }
}

export function distributionOf(setting: RowSetting): DistributionView {
  const { book, campaign, time } = setting
  const honest = new Array<number>(BINS).fill(0)
  const sybils = new Array<number>(BINS).fill(0)
  let sum = 0
  for (const record of book.passports) {
    const score = campaign === null ? 0 : toNumber(pmsAt(book, campaign, record, time))
    const bins = isSybil(setting, record.passport) ? sybils : honest
    const bin = Math.min(BINS - 1, Math.floor(score * BINS))
    bins[bin] = (bins[bin] ?? 0) + 1
    sum += score
  }
  return {
    campaign: campaign === null ? null : String(campaign.campaign),
    honest,
    sybils,
    average: book.passports.length === 0 ? 0 : sum / book.passports.length,
  }
}

function isSybil({ population, people }: RowSetting, passport: number): boolean {
  return (population.people[people.get(passport) ?? -1]?.ring ?? null) !== null
}
