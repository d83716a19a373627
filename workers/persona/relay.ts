/**
 * The load: people act at a rate per virtual second, session keys sign, and a relayer brings the actions to L2 in batches. Which actions
 * are due follows from time and rate alone, so a slow machine is not buried and every run is the same.
 */
import { encodeFunctionData, type Hex, toEventSelector } from 'viem'
import { abi as engagementsAbi } from '../../contracts/generated/IEngagements.ts'
import { ACTION_KINDS, type ActionKind } from '../protocol/persona.ts'
import type { Json } from '../protocol/world.ts'
import { bytesToHex, concatBytes } from '../rollup/bytes.ts'
import { RELAYER, sessionAccount } from './accounts.ts'
import { type Action, type ActionGroup, encodeAction, encodeBatch, groupSize } from './actions.ts'
import { ENGAGEMENTS } from './addresses.ts'
import type { Book, SessionRecord } from './book.ts'
import { planAction } from './population.ts'
import { passportOf } from './setup.ts'
import type { Stage } from './stage.ts'
import { signDigestCompactly } from './typedData.ts'

/** A batch closes with so many actions. */
export const BATCH_ACTIONS = 2_000

export interface RelayState {
  /** Actions per virtual second; 0 rests. */
  readonly rate: number
  /** When the rate was set, and the number of the first action since then. */
  readonly sinceMs: number
  readonly sinceAction: number
  /** The next action that goes into a batch. */
  readonly next: number
  /** Actions before `next` that nobody signed, because the actor's session is revoked. */
  readonly withheld: number
  /** When the open batch got its first action; null while it is empty. */
  readonly openedMs: number | null
  /** Longest time that an action waits for its batch to close. */
  readonly waitMs: number
  readonly batches: readonly ClosedBatch[]
  /** Actions by session that were signed for, those in no block yet included. */
  readonly sent: ReadonlyMap<number, number>
}

/** A batch that was signed and sent. */
export interface ClosedBatch {
  readonly number: number
  readonly actions: number
  readonly closedMs: number
  readonly hashes: readonly string[]
}

export const RELAY_START: RelayState = {
  rate: 0,
  sinceMs: 0,
  sinceAction: 0,
  next: 0,
  withheld: 0,
  openedMs: null,
  waitMs: 4_000,
  batches: [],
  sent: new Map(),
}

const BATCHES_KEPT = 24
const DEADLINE_SECONDS = 600
/** One transaction: the data that a transaction may have, and the gas that it may use with room for what was not foreseen. */
const BYTES_MAX = 40_000
const GAS_MAX = 15_000_000
/**
 * Most that a group and each of its actions can cost: a first action, by somebody who has no counts yet and about somebody whom nobody
 * liked yet, writes slots that were zero. The more people there are, the more of these are in a batch.
 */
const GROUP_GAS = 85_000
const ACTION_GAS: Readonly<Record<ActionKind, number>> = {
  microReward: 3_000,
  gameMove: 3_500,
  social: 50_000,
}
const SUBMIT_GAS = 120_000

/** Gas that is surely enough for a batch of these groups' actions. */
export function batchGas(groups: readonly (readonly Pick<Action, 'kind'>[])[]): number {
  return groups.reduce((sum, actions) => sum + groupGas(actions), SUBMIT_GAS)
}

function groupGas(actions: readonly Pick<Action, 'kind'>[]): number {
  return actions.reduce((sum, { kind }) => sum + ACTION_GAS[kind], GROUP_GAS)
}

export function setRate(state: RelayState, rate: number, timeMs: number): RelayState {
  return { ...state, rate, sinceMs: timeMs, sinceAction: dueActions(state, timeMs) }
}

/** Number of the first action that is not due yet. */
export function dueActions({ rate, sinceMs, sinceAction }: RelayState, timeMs: number): number {
  return sinceAction + Math.floor((rate * Math.max(0, timeMs - sinceMs)) / 1_000)
}

/** Closes the batches that are full or waited long enough, and sends them. */
export async function relay(
  state: RelayState,
  stage: Stage,
  campaign: number,
): Promise<RelayState> {
  const due = dueActions(state, stage.timeMs)
  let { next, openedMs, withheld } = state
  const batches = [...state.batches]
  if (due === next) return { ...state, openedMs: null }
  const isDue = due - next >= BATCH_ACTIONS || isOld(state, openedMs, stage.timeMs)
  if (!isDue) return { ...state, openedMs: openedMs ?? stage.timeMs }
  const ledger = await openLedger(stage, campaign, state.sent)
  while (due - next >= BATCH_ACTIONS || (due > next && isOld(state, openedMs, stage.timeMs))) {
    const count = Math.min(due - next, BATCH_ACTIONS)
    const { hashes, actions } = await sendBatch(stage, ledger, { campaign, from: next, count })
    const number = (batches.at(-1)?.number ?? 0) + 1
    if (actions > 0) batches.push({ number, actions, closedMs: stage.timeMs, hashes })
    withheld += count - actions
    next += count
    openedMs = null
  }
  return {
    ...state,
    next,
    withheld,
    openedMs: due > next ? (openedMs ?? stage.timeMs) : null,
    batches: batches.slice(-BATCHES_KEPT),
    sent: ledger.sent(),
  }
}

function isOld(state: RelayState, openedMs: number | null, timeMs: number): boolean {
  // What is left when the load rests goes out at once.
  return openedMs !== null && (state.rate === 0 || timeMs - openedMs >= state.waitMs)
}

/** How many actions each session did, those on their way counted: what the next signature must say. */
interface SessionLedger {
  readonly sessions: ReadonlyMap<number, SessionRecord>
  use(session: number, actions: number): number
  sent(): ReadonlyMap<number, number>
}

async function openLedger(
  { book, outbox }: Stage,
  campaign: number,
  known: RelayState['sent'],
): Promise<SessionLedger> {
  // Nothing is on its way: what the chain says holds, also where it refused something.
  const isSettled = (await outbox.waiting(RELAYER)) === 0
  const sent = new Map(isSettled ? [] : known)
  return {
    sessions: book.campaigns.get(campaign)?.sessions ?? new Map(),
    sent: () => sent,
    use: (session, actions) => {
      const used = Math.max(sent.get(session) ?? 0, book.sessions.get(session)?.used ?? 0)
      sent.set(session, used + actions)
      return used
    },
  }
}

/** The nonce of a session's next action, for one that somebody does beside the load. */
export async function reserveNonce(
  relay: RelayState,
  stage: Stage,
  { session, campaign }: SessionRecord,
): Promise<{ readonly relay: RelayState; readonly nonce: number }> {
  const ledger = await openLedger(stage, campaign, relay.sent)
  const nonce = ledger.use(session, 1)
  return { relay: { ...relay, sent: ledger.sent() }, nonce }
}

const REFUSED_TOPIC = toEventSelector('GroupRefused(uint256,uint256,uint8)')

/** Whether a batch had a group that was not recorded: its transaction succeeds nevertheless. */
export function hasRefusal(receipt: Json): boolean {
  const { logs = [] } = receipt as {
    readonly logs?: readonly { readonly address: string; readonly topics: readonly Hex[] }[]
  }
  return logs.some(
    ({ address, topics }) => address.toLowerCase() === ENGAGEMENTS && topics[0] === REFUSED_TOPIC,
  )
}

interface BatchPlan {
  readonly campaign: number
  readonly from: number
  readonly count: number
}

/** Signs one group per acting person and packs groups into transactions. */
async function sendBatch(
  stage: Stage,
  ledger: SessionLedger,
  { campaign, from, count }: BatchPlan,
): Promise<Pick<ClosedBatch, 'hashes' | 'actions'>> {
  const byPerson = new Map<number, Action[]>()
  for (let number = from; number < from + count; number += 1) {
    const { actor, target, kind } = planAction(stage.population, number)
    const action = toAction(stage.book, number, kind, target)
    const known = byPerson.get(actor)
    if (known === undefined) byPerson.set(actor, [action])
    else known.push(action)
  }
  const deadline = stage.head.timestamp + DEADLINE_SECONDS
  const hashes: string[] = []
  let groups: ActionGroup[] = []
  let [bytes, gas, signed] = [0, SUBMIT_GAS, 0]
  const flush = async (): Promise<void> => {
    if (groups.length === 0) return
    const batch = bytesToHex(encodeBatch({ campaign, deadline, groups }))
    const data = encodeFunctionData({ abi: engagementsAbi, functionName: 'submit', args: [batch] })
    const call = { to: ENGAGEMENTS, data, gas: BigInt(gas) } as const
    hashes.push(await stage.outbox.send(RELAYER, call))
    groups = []
    bytes = 0
    gas = SUBMIT_GAS
  }
  for (const [person, actions] of byPerson) {
    const session = ledger.sessions.get(passportOf(stage.book, person))
    if (session === undefined || !maySign(session, person)) continue
    const group = signGroup(stage, { ledger, session, person, actions, deadline })
    const cost = groupGas(actions)
    if (bytes + groupSize(group) > BYTES_MAX || gas + cost > GAS_MAX) await flush()
    groups.push(group)
    bytes += groupSize(group)
    gas += cost
    signed += actions.length
  }
  await flush()
  return { hashes, actions: signed }
}

/** Whether the chain takes what the person's session key signs: not if the owner revoked the session, or opened it for another key. */
export function maySign({ revoked, key }: SessionRecord, person: number): boolean {
  return revoked === null && key === sessionAccount(person).address
}

interface GroupPlan {
  readonly ledger: SessionLedger
  readonly session: SessionRecord
  readonly person: number
  readonly actions: readonly Action[]
  readonly deadline: number
}

function signGroup(
  stage: Stage,
  { ledger, session, person, actions, deadline }: GroupPlan,
): ActionGroup {
  const bytes = concatBytes(...actions.map(encodeAction))
  const digest = stage.digests.engagement({
    passport: session.passport,
    actions: bytes,
    campaign: session.campaign,
    nonce: ledger.use(session.session, actions.length),
    deadline,
  })
  const signature = signDigestCompactly(digest, sessionAccount(person).key)
  return { session: session.session, actions: bytes, signature }
}

function toAction(book: Book, number: number, kind: ActionKind, target: number): Action {
  switch (kind) {
    case 'microReward':
      return { kind, task: number % 32 }
    case 'gameMove':
      return { kind, direction: number % 4, steps: 1 + (number % 8) }
    case 'social':
      return { kind, target: passportOf(book, target), reaction: number % 5 }
  }
}

/** Lane of a kind in counts of the chain. */
export function laneOf(kind: ActionKind): number {
  return ACTION_KINDS.indexOf(kind)
}
