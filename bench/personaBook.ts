/** A book as L2's logs would have filled it, without the chain: what the engine works on, at any size. */

import { ownerAccount } from '../workers/persona/accounts.ts'
import {
  type BadgeRecord,
  type Book,
  createBook,
  createCampaignRecord,
  type Source,
} from '../workers/persona/book.ts'
import { addEdge, epochOf } from '../workers/persona/ledger.ts'
import { type Population, planAction } from '../workers/persona/population.ts'
import type { RewardTerms } from '../workers/persona/rewards.ts'
import type { Criterion } from '../workers/persona/score.ts'
import { badgesOf } from '../workers/persona/setup.ts'
import { ACTION_KINDS, type ValidatorKind } from '../workers/protocol/persona.ts'
import { MeasurementError } from './figure.ts'

export const START = 1_767_225_600
const VALIDATOR = '0x00000000000000000000000000000000000000aa'
const TOKEN = '0x420000000000000000000000000000000000003a'
const SOURCE: Source = {
  address: VALIDATOR,
  event: '',
  blockNumber: 1,
  timestamp: START,
  transactionHash: `0x${'ab'.repeat(32)}`,
  logIndex: 0,
}

/** Kinds of the demonstration's badges (tools/genesis/persona.ts). */
const KINDS: readonly (readonly [string, ValidatorKind, number, number])[] = [
  ['governanceVotes', 'onchain', 50, 0],
  ['liquidityUsd', 'onchain', 100, 180 * 86_400],
  ['followers', 'zktls', 40, 0],
  ['quizzes', 'ecosystem', 30, 0],
  ['vouches', 'social', 25, 0],
]
/** Of kinds 0, 1 and 2 of `KINDS`: the litepaper's campaign. */
export const CRITERIA: readonly Criterion[] = [
  { kind: 0, valuation: 'binary', weight: 500_000_000n, maximum: 1n },
  { kind: 1, valuation: 'scaled', weight: 300_000_000n, maximum: 1_000n },
  { kind: 2, valuation: 'logarithmic', weight: 200_000_000n, maximum: 100_000n },
]

export interface BookPlan {
  readonly population: Population
  readonly terms: RewardTerms
  /** All of them in the first epoch. */
  readonly actions: number
}

/** Campaign 1, whose first epoch has all the actions. */
export function createMeasuredBook({ population, terms, actions }: BookPlan): Book {
  const book = createBook()
  for (const [kind, [name, validatorKind, points, decaySeconds]] of KINDS.entries()) {
    book.kinds.push({
      kind,
      schema: '',
      name,
      validatorKind,
      points,
      lifetimeSeconds: 0,
      decaySeconds,
    })
  }
  const listed = { status: 2, listedAt: 1, revokedAt: 0 }
  book.validators.set(VALIDATOR, { address: VALIDATOR, name: 'Issuer', kind: 'onchain', ...listed })
  for (const person of population.people) addPerson(book, person.index, badgesOf(person))
  addCampaign(book, terms)
  for (let number = 0; number < actions; number += 1) addAction(book, population, number)
  return book
}

function addPerson(book: Book, index: number, plans: ReturnType<typeof badgesOf>): void {
  const owner = ownerAccount(index).address
  const badges = new Map<number, BadgeRecord[]>()
  for (const plan of plans) {
    const kind = KINDS.findIndex(([name]) => name === plan.kind)
    const fresh = { expiresAt: 0, issued: SOURCE, revoked: null, validator: VALIDATOR }
    badges.set(kind, [{ uid: `${index}/${kind}`, kind, value: plan.value, ...fresh }])
    book.badges += 1
  }
  book.wallets.set(owner, index + 1)
  book.passports.push({
    passport: index + 1,
    owner,
    minted: SOURCE,
    wallets: [{ address: owner, linked: SOURCE, unlinked: null }],
    badges,
    activity: new Map(),
    recentActions: [],
    sessions: [],
    actions: 0,
  })
}

function addCampaign(book: Book, terms: RewardTerms): void {
  const schedule = { start: START, epochSeconds: 60, epochCount: 1_000 }
  const record = createCampaignRecord({
    campaign: 1,
    owner: VALIDATOR,
    terms: { name: 'Measured', token: TOKEN, criteria: CRITERIA, ...schedule, ...terms },
    created: SOURCE,
  })
  book.campaigns.set(1, { ...record, fundedWei: terms.epochBudget })
}

function addAction(book: Book, population: Population, number: number): void {
  const campaign = book.campaigns.get(1)
  if (campaign === undefined) throw new MeasurementError('There is no campaign.')
  const { actor, target, kind } = planAction(population, number)
  const lane = ACTION_KINDS.indexOf(kind)
  const { counts } = epochOf(campaign, 0)
  const own = counts.get(actor + 1) ?? new Array<number>(8).fill(0)
  own[lane] = (own[lane] ?? 0) + 1
  counts.set(actor + 1, own)
  if (kind === 'social') addEdge(campaign, 0, actor + 1, target + 1)
}
