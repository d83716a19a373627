/** What a campaign came to, recomputed after the run from chain data alone, as anyone could. */
import { erc20Abi } from 'viem'
import { abi as engagementsAbi } from '../../../contracts/generated/IEngagements.ts'
import { ENGAGEMENTS } from '../../persona/addresses.ts'
import type { Book, CampaignRecord } from '../../persona/book.ts'
import { type ReadRpc, readContract } from '../../persona/chainPort.ts'
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
/** So many actions stand in the batch in which the executor lies, at the least. */
const CROWD = 2_000
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
  const afterVerdict = await resultsOnChain(read, book, campaign)
  const figures = batchFigures(book, summary)
  const value = {
    personas: book.passports.length,
    sybils: population.people.length - population.sybilsFrom,
    badges: badgeCount(book),
    actions: campaign.actions,
    ...figures,
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
    afterVerdict,
  }
  return {
    value,
    complaints: complaintsOf(book, population, {
      shares,
      removed: removed.length,
      campaign,
      scoreAtIssue: score(aliceIssue(book, alice)),
      actionsAroundLie: figures.actionsAroundLie,
      wrong: afterVerdict.wrong,
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
    actionsAroundLie: actionsWithClaims(book, summary, byEntry),
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

/** Actions in the rollup batch in which rewards were claimed, one of them inflated by the executor. */
function actionsWithClaims(
  book: Book,
  summary: Summary,
  byEntry: ReadonlyMap<string, number>,
): number {
  const claims = [...book.campaigns.values()].flatMap((campaign) => campaign.claims)
  const counts = claims.map(({ source }) => {
    const entry = summary.blockTransactions.get(BigInt(source.blockNumber))?.batchIndex
    return entry === undefined ? 0 : (byEntry.get(`${entry}`) ?? 0)
  })
  return Math.max(0, ...counts)
}

/**
 * What L2 holds of every action and claim once L1 has decided, against what the logs say was done: the inflated reward is gone, and all
 * others' results are untouched.
 */
async function resultsOnChain(read: ReadRpc, book: Book, campaign: CampaignRecord) {
  let [actions, claims, wrong] = [0, 0, 0]
  for (const [epoch, { counts }] of campaign.epochs) {
    for (const { passport } of book.passports) {
      const lanes = counts.get(passport) ?? []
      const expected = lanes.reduce(
        (sum, one, lane) => sum + (BigInt(one) << BigInt(32 * lane)),
        0n,
      )
      const held = await readContract<bigint>(read, {
        address: ENGAGEMENTS,
        abi: engagementsAbi,
        functionName: 'countsOf',
        args: [BigInt(campaign.campaign), BigInt(epoch), BigInt(passport)],
      })
      actions += lanes.reduce((sum, one) => sum + one, 0)
      if (held !== expected) wrong += 1
    }
  }
  for (const [passport, claimed] of campaign.claimedWei) {
    const held = await readContract<bigint>(read, {
      address: campaign.terms.token,
      abi: erc20Abi,
      functionName: 'balanceOf',
      args: [book.passports[passport - 1]?.owner],
    })
    claims += 1
    if (held !== claimed) wrong += 1
  }
  return { actions, claims, wrong }
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
  readonly actionsAroundLie: number
  readonly wrong: number
}

function complaintsOf(book: Book, population: Population, outcome: Outcome): readonly string[] {
  const { shares, removed, campaign, scoreAtIssue, actionsAroundLie, wrong } = outcome
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
    ...(actionsAroundLie >= CROWD
      ? []
      : [`${actionsAroundLie} actions stood around the lie, not ${CROWD}.`]),
    ...(wrong === 0 ? [] : [`${wrong} results of actions and claims are not what was signed.`]),
    ...(scoreAtIssue === ALICE_PMS ? [] : [`Alice scored ${scoreAtIssue}, not ${ALICE_PMS}.`]),
  ]
}
