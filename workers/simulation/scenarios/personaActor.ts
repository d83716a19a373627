/** The Persona demonstration as an actor: the same engine as the page's, driven by virtual time. */

import { NodeCrashedError } from '../../kernel/errors.ts'
import type { ScriptAction } from '../../kernel/script.ts'
import { PUBLISHER } from '../../persona/accounts.ts'
import { sendCampaign } from '../../persona/campaigns.ts'
import { createOutbox, type Nonces, type Outgoing } from '../../persona/outbox.ts'
import { createPopulation } from '../../persona/population.ts'
import {
  challenge,
  claim,
  dueEpoch,
  examine,
  finalize,
  pendingProposal,
  propose,
} from '../../persona/publishing.ts'
import { createBookReader } from '../../persona/reader.ts'
import { BATCH_ACTIONS, RELAY_START, type RelayState, relay, setRate } from '../../persona/relay.ts'
import {
  issueBadges,
  mintPassports,
  openSessions,
  passportOf,
  SETUP_START,
  type SetupState,
} from '../../persona/setup.ts'
import type { Stage } from '../../persona/stage.ts'
import { createDigests } from '../../persona/typedData.ts'
import { linkWallets } from '../../persona/wallets.ts'
import { LITEPAPER_DRAFT } from '../../protocol/litepaperDraft.ts'
import { executorNode } from '../../protocol/nodes.ts'
import { faultToAction } from '../faults.ts'
import type { Actor, ActorContext } from './actor.ts'

export interface PersonaActorOptions {
  readonly seed: number
  readonly personas: number
  readonly sybilPermille: number
  /** Actions per virtual second while there is load, and how many there are in all. */
  readonly actionsPerSecond: number
  readonly actions: number
  readonly epochSeconds: number
}

/** What the story has come to. */
type Chapter = 'people' | 'campaign' | 'sessions' | 'load' | 'rewards' | 'cheat' | 'told'

interface PersonaState {
  readonly nextMs: number
  readonly chapter: Chapter
  readonly setup: SetupState
  readonly relay: RelayState
  readonly nonces: Nonces
  /** Proposals on L2 that were examined, or followed by one that was: how many. */
  readonly examined: number
  readonly proposed: number
  readonly isFinalizing: boolean
}

const BEAT_MS = 1_000
/** The story's only campaign. */
const CAMPAIGN = 1
/** People who claim while the executor cheats. */
const CLAIMANTS = 5
const LIE_WEI = 500n * 10n ** 18n

type Turn = (state: PersonaState, stage: Stage) => Promise<PersonaState>

export function createPersonaActor(options: PersonaActorOptions): Actor<PersonaState> {
  const population = createPopulation(options)
  // A cache of the chain, no state of the actor's: after a rollback it finds its last block gone, and reads anew.
  const reader = createBookReader()
  return {
    name: 'persona',
    initial: {
      nextMs: 3_000,
      chapter: 'people',
      setup: SETUP_START,
      relay: RELAY_START,
      nonces: {},
      examined: 0,
      proposed: 0,
      isFinalizing: false,
    },
    nextMs: ({ nextMs, chapter }) => (chapter === 'told' ? null : nextMs),
    act: async (state, context) => {
      const later = { ...state, nextMs: context.timeMs + BEAT_MS }
      const read = (method: string, params: Parameters<ActorContext['read']>[2]) =>
        context.read('l2', method, params)
      try {
        await reader.sync(read)
      } catch (error) {
        // The executor is down; people wait.
        if (!(error instanceof NodeCrashedError)) throw error
        return { state: later, actions: [] }
      }
      const head = reader.head()
      if (head === null) return { state: later, actions: [] }
      const { l2ChainId } = context.parameters
      const outbox = createOutbox(read, l2ChainId, state.nonces)
      const stage: Stage = {
        timeMs: context.timeMs,
        read,
        book: reader.book(),
        head,
        outbox,
        digests: createDigests(l2ChainId),
        population,
      }
      const next = await turnOf(options)[state.chapter](later, stage)
      const actions = outbox.take().map(toAction)
      const isArming = state.chapter !== 'cheat' && next.chapter === 'cheat'
      const lie = { kind: 'corrupt', node: executorNode(0), fraud: 'fraud-reward' } as const
      return {
        state: { ...next, nonces: outbox.nonces() },
        actions: isArming ? [...actions, faultToAction(lie)] : actions,
      }
    },
  }
}

function toAction({ raw }: Outgoing): ScriptAction {
  const payload = { method: 'eth_sendRawTransaction', params: [raw] }
  return { kind: 'input', node: executorNode(0), type: 'rpc', payload }
}

function turnOf(options: PersonaActorOptions): Readonly<Record<Chapter, Turn>> {
  return {
    people: bringPeople,
    campaign: (state, stage) => openCampaign(state, stage, options),
    sessions: (state, stage) => openKeys(state, stage, options),
    load: (state, stage) => act(state, stage, options),
    rewards: reward,
    cheat: claimRewards,
    told: async (state) => state,
  }
}

/** Steps 1 to 3: passports, two linked wallets of Alice's, badges of all kinds of validators. */
async function bringPeople(state: PersonaState, stage: Stage): Promise<PersonaState> {
  const { population, book } = stage
  const minted = await mintPassports(state.setup, stage)
  const isMinted = book.passports.length >= population.people.length
  if (!isMinted) return { ...state, setup: minted }
  if (minted.badged === 0) {
    await linkWallets(stage, 0, [0, 1])
  }
  const setup = await issueBadges(minted, stage)
  const isDone = setup.badged >= population.people.length
  return { ...state, setup, chapter: isDone ? 'campaign' : 'people' }
}

/** Steps 4 to 6. */
async function openCampaign(
  state: PersonaState,
  stage: Stage,
  { epochSeconds }: PersonaActorOptions,
): Promise<PersonaState> {
  await sendCampaign(
    stage,
    { ...LITEPAPER_DRAFT, epochSeconds },
    CAMPAIGN,
    stage.head.timestamp + 10,
  )
  return { ...state, chapter: 'sessions' }
}

async function openKeys(
  state: PersonaState,
  stage: Stage,
  { actionsPerSecond }: PersonaActorOptions,
): Promise<PersonaState> {
  const { book, population, head } = stage
  const campaign = book.campaigns.get(CAMPAIGN)
  if (campaign === undefined) return state
  const setup = await openSessions(state.setup, stage, CAMPAIGN)
  const isOpen =
    book.sessions.size >= population.people.length && head.timestamp >= campaign.terms.start
  if (!isOpen) return { ...state, setup }
  return {
    ...state,
    setup,
    chapter: 'load',
    relay: setRate(state.relay, actionsPerSecond, stage.timeMs),
  }
}

/** Step 7: everybody acts. */
async function act(
  state: PersonaState,
  stage: Stage,
  { actions }: PersonaActorOptions,
): Promise<PersonaState> {
  const isEnough = state.relay.next >= actions
  const before =
    isEnough && state.relay.rate > 0 ? setRate(state.relay, 0, stage.timeMs) : state.relay
  const after = await relay(before, stage, CAMPAIGN)
  const isOver = after.rate === 0 && after.openedMs === null
  return { ...state, relay: after, chapter: isOver ? 'rewards' : 'load' }
}

/** Step 8, and the application's challenge: the first root that is published lies about a Sybil's row. */
async function reward(state: PersonaState, stage: Stage): Promise<PersonaState> {
  const { book, head, population } = stage
  const campaign = book.campaigns.get(CAMPAIGN)
  if (campaign === undefined) return state
  const pending = pendingProposal(campaign)
  if (pending !== null) {
    if (state.examined < campaign.proposals.length) {
      await challenge(stage, campaign, pending, examine(stage, campaign, pending))
      return { ...state, examined: campaign.proposals.length }
    }
    if (state.isFinalizing) return state
    const sent = await finalize(stage, campaign)
    return { ...state, isFinalizing: sent !== null }
  }
  if (campaign.proposals.at(-1)?.finalized) return { ...state, chapter: 'cheat' }
  const epoch = dueEpoch(campaign, head.timestamp)
  const isSent = state.proposed > campaign.proposals.length
  if (epoch === null || isSent || (await stage.outbox.waiting(PUBLISHER)) > 0) return state
  const sybil = passportOf(book, population.people.length - 1)
  const lie = { passport: sybil, extra: LIE_WEI }
  if (state.proposed === 0) await propose(stage, campaign, epoch, lie)
  else await propose(stage, campaign, epoch)
  return { ...state, proposed: state.proposed + 1 }
}

/**
 * Steps 9 and 10: rewards are claimed without gas, amid a full batch of actions, and the executor inflates one of the rewards in its root.
 * Rationale: one false step among thousands of actions must fall, and leave all the others as they are.
 */
async function claimRewards(state: PersonaState, stage: Stage): Promise<PersonaState> {
  const campaign = stage.book.campaigns.get(CAMPAIGN)
  if (campaign === undefined) return state
  const { relay: rested } = state
  const crowd = { ...rested, sinceMs: stage.timeMs, sinceAction: rested.next + BATCH_ACTIONS }
  const relayed = await relay(crowd, stage, CAMPAIGN)
  for (let person = 0; person < CLAIMANTS; person += 1) {
    await claim(stage, campaign, person)
  }
  return { ...state, relay: relayed, chapter: 'told' }
}
