/** What a campaign came to, recomputed after the run from chain data alone, as anyone could. */
import type { Book, CampaignRecord } from '../../persona/book.ts'
import type { ReadRpc } from '../../persona/chainPort.ts'
import { toNumber } from '../../persona/fixed.ts'
import { pmsAt, rewardsOf, rewardsWithoutTrust } from '../../persona/moment.ts'
import { createPopulation, type Population } from '../../persona/population.ts'
import { createBookReader } from '../../persona/reader.ts'
import type { EpochRewards } from '../../persona/rewards.ts'
import { badgesOf, passportOf } from '../../persona/setup.ts'
import type { Json } from '../../protocol/world.ts'
import { batchesOf, type Summary } from '../summary.ts'
import type { SectionContent } from './scenario.ts'

const WEI = 10n ** 18n
const HALF_YEAR = 182 * 86_400
const ALICE_PMS = 780_000_000n

export async function personaSection(
  read: ReadRpc,
  summary: Summary,
  seed: number,
): Promise<SectionContent> {
  const reader = createBookReader()
  await reader.sync(read)
  const book = reader.book()
  const campaign = book.campaigns.get(1)
  const final = campaign?.proposals.find(({ finalized }) => finalized !== null)
  if (campaign === undefined || final === undefined) {
    return { value: null, complaints: ['No epoch of the campaign was paid.'] }
  }
  const population = createPopulation({ seed, personas: 200, sybilPermille: 200 })
  const rewards = rewardsOf(book, campaign, final.epoch)
  const plain = rewardsWithoutTrust(book, campaign, final.epoch)
  const removed = campaign.proposals.filter((proposal) => proposal.removed !== null)
  const alice = passportOf(book, 0)
  const aliceRecord = book.passports[alice - 1]
  const now = reader.head()?.timestamp ?? 0
  const score = (time: number) =>
    aliceRecord === undefined ? 0n : pmsAt(book, campaign, aliceRecord, time)
  const shares = {
    withTrust: sybilShare(book, population, rewards),
    withoutTrust: sybilShare(book, population, plain),
  }
  const value = {
    personas: book.passports.length,
    sybils: population.people.length - population.sybilsFrom,
    badges: badgeCount(book),
    actions: campaign.actions,
    ...batchFigures(book, summary),
    epochs: [...campaign.epochs.keys()],
    payouts: payouts(rewards, campaign),
    sybilShare: shares,
    alice: {
      passport: alice,
      scoreAtIssue: toNumber(score(aliceIssue(book, alice))),
      scoreNow: toNumber(score(now)),
      scoreInSixMonths: toNumber(score(now + HALF_YEAR)),
    },
    rewardRoots: {
      proposed: campaign.proposals.length,
      removed: removed.length,
      slashedWei: removed
        .reduce((sum, one) => sum + (one.removed?.slashedWei ?? 0n), 0n)
        .toString(),
      final: campaign.proposals.filter(({ finalized }) => finalized !== null).length,
    },
    claims: campaign.claims.length,
  }
  return {
    value,
    complaints: complaintsOf(book, population, {
      shares,
      removed: removed.length,
      campaign,
      scoreAtIssue: score(aliceIssue(book, alice)),
    }),
  }
}

/** The second in which Alice's last badge was issued: nothing has decayed yet. */
function aliceIssue(book: Book, passport: number): number {
  const badges = [...(book.passports[passport - 1]?.badges.values() ?? [])].flat()
  return badges.reduce((latest, { issued }) => Math.max(latest, issued.timestamp), 0)
}

function badgeCount(book: Book): number {
  return book.passports.reduce((sum, { badges }) => sum + badges.size, 0)
}

/** Bytes and gas of real blocks and batches. */
function batchFigures(book: Book, summary: Summary) {
  const actions = book.batches.reduce((sum, batch) => sum + batch.actions, 0)
  const bytes = book.batches.reduce((sum, batch) => sum + batch.bytes, 0)
  const byEntry = new Map<string, number>()
  for (const { actions: count, source } of book.batches) {
    const entry = summary.blockTransactions.get(BigInt(source.blockNumber))?.batchIndex
    if (entry !== undefined) byEntry.set(`${entry}`, (byEntry.get(`${entry}`) ?? 0) + count)
  }
  const entries = batchesOf(summary).filter(({ index }) => (byEntry.get(`${index}`) ?? 0) > 0)
  const posted = entries.reduce((sum, { index }) => sum + (byEntry.get(`${index}`) ?? 0), 0)
  const perAction = (total: number, count: number): number | null =>
    count === 0 ? null : Number((total / count).toFixed(2))
  return {
    relayTransactions: book.batches.length,
    refusedGroups: book.batches.reduce((sum, batch) => sum + batch.refused, 0),
    batches: entries.length,
    largestBatchActions: Math.max(0, ...byEntry.values()),
    relayedBytesPerAction: perAction(bytes, actions),
    bytesPerAction: perAction(
      entries.reduce((sum, entry) => sum + entry.bytes, 0),
      posted,
    ),
    l1GasPerAction: perAction(
      entries.reduce((sum, entry) => sum + Number(entry.gasUsed), 0),
      posted,
    ),
  }
}

function payouts({ rows, total }: EpochRewards, { terms }: CampaignRecord): Json {
  const paid = rows.reduce((sum, { amount }) => sum + amount, 0n)
  return {
    paidPersonas: rows.filter(({ amount }) => amount > 0n).length,
    paidTokens: Number(paid / WEI),
    epochBudgetTokens: Number(terms.epochBudget / WEI),
    totalShares: total.toString(),
  }
}

function sybilShare(
  book: Book,
  { people, sybilsFrom }: Population,
  { rows }: EpochRewards,
): number {
  let [all, sybils] = [0n, 0n]
  for (const { index } of people) {
    const amount = rows[passportOf(book, index) - 1]?.amount ?? 0n
    all += amount
    if (index >= sybilsFrom) sybils += amount
  }
  return all === 0n ? 0 : Number((sybils * 10_000n) / all) / 10_000
}

interface Outcome {
  readonly shares: { readonly withTrust: number; readonly withoutTrust: number }
  readonly removed: number
  readonly campaign: CampaignRecord
  readonly scoreAtIssue: bigint
}

function complaintsOf(book: Book, population: Population, outcome: Outcome): readonly string[] {
  const { shares, removed, campaign, scoreAtIssue } = outcome
  const expected = population.people.reduce((sum, person) => sum + badgesOf(person).length, 0)
  const largest = Math.max(0, ...book.batches.map(({ refused }) => refused))
  return [
    ...(book.passports.length === population.people.length ? [] : ['Not everyone got a passport.']),
    ...(badgeCount(book) === expected
      ? []
      : [`${badgeCount(book)} of ${expected} badges were issued.`]),
    ...(largest === 0 ? [] : ['A batch had groups that were refused.']),
    ...(removed === 1 ? [] : [`${removed} false reward roots fell, not one.`]),
    ...(shares.withTrust < shares.withoutTrust ? [] : ['Trust gave Sybils no less.']),
    ...(campaign.claims.length > 0 ? [] : ['Nobody claimed.']),
    ...(scoreAtIssue === ALICE_PMS ? [] : [`Alice scored ${scoreAtIssue}, not ${ALICE_PMS}.`]),
  ]
}
