/**
 * The engine behind `PersonaApi`: keeps a book in step with L2, brings the people onto it, makes them act, publishes and watches reward
 * roots, and shows all of it. It knows the world by JSON-RPC alone, and time by what it is told.
 */
import { abi as rewardsAbi } from '../../contracts/generated/IEpochRewards.ts'
import type {
  PersonaApi,
  PersonaPatch,
  PersonaProjection,
  PersonaQuery,
  PersonaRow,
} from '../protocol/persona.ts'
import type { Json } from '../protocol/world.ts'
import { EPOCH_REWARDS } from './addresses.ts'
import { previewOf, taskViews } from './campaignViews.ts'
import { type ReadRpc, readContract } from './chainPort.ts'
import { performCommand } from './commands.ts'
import {
  type EngineState,
  flush,
  loadOf,
  PersonaError,
  type Settlement,
  settingOf,
  stageOf,
  type Wait,
} from './engineState.ts'
import { foldFeed } from './feed.ts'
import { toNumber } from './fixed.ts'
import { graphView } from './graphView.ts'
import { createKnown } from './known.ts'
import { meanRate, NO_CARRIAGE, readCarriage } from './loadView.ts'
import { epochAt } from './moment.ts'
import { createPopulation, type Population } from './population.ts'
import { projectionOf } from './projection.ts'
import { challenge, claimable, examine, finalize, pendingProposal } from './publishing.ts'
import { createBookReader } from './reader.ts'
import { hasRefusal, RELAY_START, relay, setRate } from './relay.ts'
import { issueBadges, mintPassports, openSessions, SETUP_START, waitingBadges } from './setup.ts'
import { operationOutcome } from './sponsor.ts'
import type { Stage } from './stage.ts'
import { createDigests } from './typedData.ts'
import { personaDetails, personaRow } from './views.ts'

const LOAD_MAX = 1_000
const ROWS_MAX = 200

/** `rpc` answers L2's JSON-RPC. */
export function createPersonaEngine(rpc: ReadRpc): PersonaApi {
  const state: EngineState = {
    read: rpc,
    send: (raw) => rpc('eth_sendRawTransaction', [raw]),
    listeners: new Set(),
    reader: createBookReader(),
    readings: 0,
    known: createKnown(),
    population: null,
    digests: null,
    chainId: 0,
    challengeSeconds: 0,
    timeMs: 0,
    nonces: {},
    setup: SETUP_START,
    relay: RELAY_START,
    carriage: NO_CARRIAGE,
    feed: [],
    handled: new Set(),
    failure: null,
    waits: [],
    projection: null,
    queue: Promise.resolve(),
  }
  forget(state)
  /** One thing after another: nonces and the book belong to one turn at a time. */
  const inTurn = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const done = state.queue.then(task)
    state.queue = done.catch(() => undefined)
    return done
  }
  return {
    open: (options) => inTurn(() => open(state, createPopulation(options))),
    forget: () => inTurn(async () => forget(state)),
    advance: (timeMs) => inTurn(() => advance(state, timeMs)),
    setLoad: (rate) => inTurn(async () => load(state, rate)),
    perform: (command) => performCommand(state, command, inTurn),
    subscribe: async (listener) => {
      state.listeners.add(listener)
      if (state.projection !== null) listener(state.projection)
      return () => state.listeners.delete(listener)
    },
    preview: async (draft) => previewOf(state.reader.book(), draft),
    personas: async (query) => personas(state, query),
    persona: async (passport, campaign, timeMs) => {
      const record = state.reader.book().passports[passport - 1]
      if (record === undefined) return null
      const setting = settingOf(state, campaign, timeMs)
      const { campaign: found, book } = setting
      const open = found === null ? 0n : claimable({ book }, found, passport)
      return personaDetails(setting, record, open)
    },
    tasks: async (passport, campaign) => {
      const { book, campaign: found, time } = settingOf(state, campaign)
      return found === null ? [] : taskViews(book, found, passport, time)
    },
    graph: async (timeMs) => graphView(settingOf(state, firstCampaign(state), timeMs)),
    report: async (campaign) => reportOf(state, campaign),
  }
}

function forget(state: EngineState): void {
  state.reader = createBookReader((log) => {
    state.feed = foldFeed(state.feed, log)
  })
  state.readings += 1
  state.nonces = {}
  state.setup = SETUP_START
  state.relay = { ...RELAY_START, waitMs: state.relay.waitMs }
  state.carriage = NO_CARRIAGE
  state.feed = []
  state.handled = new Set()
  state.failure = null
  for (const wait of state.waits) wait.settle({ kind: 'late' })
  state.waits = []
}

async function open(state: EngineState, population: Population): Promise<void> {
  state.chainId = Number(await state.read('eth_chainId', []))
  state.digests = createDigests(state.chainId)
  state.population = population
  state.challengeSeconds = Number(
    await readContract<bigint>(state.read, {
      address: EPOCH_REWARDS,
      abi: rewardsAbi,
      functionName: 'challengeSeconds',
    }),
  )
  await state.reader.sync(state.read)
  publish(state)
}

function load(state: EngineState, rate: number): void {
  if (!(Number.isFinite(rate) && rate >= 0 && rate <= LOAD_MAX)) {
    throw new PersonaError(`The load must be from 0 to ${LOAD_MAX} actions a second, is ${rate}.`)
  }
  state.relay = setRate(state.relay, rate, state.timeMs)
}

async function advance(state: EngineState, timeMs: number): Promise<void> {
  state.timeMs = timeMs
  if (state.population === null) return
  const generation = state.reader.generation()
  try {
    await state.reader.sync(state.read)
    if (state.reader.generation() !== generation) restart(state)
    const stage = stageOf(state)
    await bringPeople(state, stage)
    await makeThemAct(state, stage)
    await watchRoots(state, stage)
    await flush(state, stage)
    await measure(state)
    await settleWaits(state)
    state.failure = null
  } catch (error) {
    // Shown to people; the next beat tries again.
    state.failure =
      error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : String(error)
  }
  publish(state)
}

/** The chain went back: what was sent may be gone. */
function restart(state: EngineState): void {
  const { relay: before } = state
  state.nonces = {}
  state.setup = SETUP_START
  state.carriage = NO_CARRIAGE
  state.feed = []
  state.handled = new Set()
  state.relay = setRate(
    {
      ...RELAY_START,
      next: before.next,
      withheld: before.withheld,
      sinceAction: before.next,
      waitMs: before.waitMs,
    },
    before.rate,
    state.timeMs,
  )
  state.relay = { ...state.relay, sinceAction: before.next }
}

async function bringPeople(state: EngineState, stage: Stage): Promise<void> {
  const { people } = stage.population
  state.setup = await mintPassports(state.setup, stage)
  if (stage.book.passports.length < people.length) return
  if (state.setup.badged < people.length) {
    state.setup = await issueBadges(state.setup, stage)
  } else if (!state.setup.isSettled && (await waitingBadges(stage)) === 0) {
    await state.reader.sync(state.read)
    state.setup = { ...state.setup, isSettled: true }
  }
}

/** The last campaign is the one that people act in. */
async function makeThemAct(state: EngineState, stage: Stage): Promise<void> {
  const campaign = [...stage.book.campaigns.values()].at(-1)
  if (campaign === undefined || state.setup.badged < stage.population.people.length) return
  const open = campaign.sessions.size
  if (open < stage.population.people.length) {
    if (state.setup.sessions === stage.population.people.length && open === 0) {
      state.setup = { ...state.setup, sessions: 0 }
    }
    state.setup = await openSessions(state.setup, stage, campaign.campaign)
    return
  }
  const epoch = epochAt(campaign, stage.head.timestamp)
  if (epoch < 0) return
  state.relay = await relay(state.relay, stage, campaign.campaign)
}

/** The watcher's eye on every pending root, and finality for those that nobody can challenge any more. */
async function watchRoots(state: EngineState, stage: Stage): Promise<void> {
  for (const campaign of stage.book.campaigns.values()) {
    const pending = pendingProposal(campaign)
    if (pending === null) continue
    const key = pending.proposed.transactionHash
    if (!state.handled.has(key)) {
      state.handled.add(key)
      await challenge(stage, campaign, pending, examine(stage, campaign, pending))
      continue
    }
    if (state.handled.has(`${key}/final`)) continue
    if ((await finalize(stage, campaign)) !== null) state.handled.add(`${key}/final`)
  }
}

/** Tells those who wait what became of their transaction. */
async function settleWaits(state: EngineState): Promise<void> {
  const open: Wait[] = []
  for (const wait of state.waits) {
    const receipt = await state.read('eth_getTransactionReceipt', [wait.hash])
    if (receipt !== null) wait.settle(settlementOf(receipt))
    else if (state.timeMs > wait.deadlineMs) wait.settle({ kind: 'late' })
    else open.push(wait)
  }
  state.waits = open
}

function settlementOf(receipt: Json): Settlement {
  const { status } = receipt as { readonly status?: string }
  const operation = operationOutcome(receipt)
  const isDone = status === '0x1' && operation?.success !== false
  if (!isDone) return { kind: 'reverted' }
  if (hasRefusal(receipt)) return { kind: 'refused' }
  return { kind: 'done', sponsoredWei: operation?.gasCostWei ?? null }
}

async function measure(state: EngineState): Promise<void> {
  const book = state.reader.book()
  if (book.batches.length === 0) return
  state.carriage = await readCarriage(state.read, state.carriage)
  const included = new Set<string>(book.batches.map(({ source }) => source.transactionHash))
  const gas = new Map(state.carriage.gasOfTransaction)
  for (const hash of state.relay.batches.flatMap(({ hashes }) => hashes)) {
    if (gas.has(hash) || !included.has(hash)) continue
    const receipt = await state.read('eth_getTransactionReceipt', [hash])
    const used = (receipt as { readonly gasUsed?: string } | null)?.gasUsed
    if (used !== undefined) gas.set(hash, BigInt(used))
  }
  state.carriage = { ...state.carriage, gasOfTransaction: gas }
}

function publish(state: EngineState): void {
  const before = state.projection
  state.projection = projectionOf(state, settingOf(state, firstCampaign(state)), before)
  const patch: Record<string, unknown> = {}
  for (const [name, section] of Object.entries(state.projection)) {
    if (before === null || before[name as keyof PersonaProjection] !== section)
      patch[name] = section
  }
  if (Object.keys(patch).length === 0) return
  for (const listener of state.listeners) listener(patch as PersonaPatch)
}

function firstCampaign(state: EngineState): string | null {
  const last = [...state.reader.book().campaigns.keys()].at(-1)
  return last === undefined ? null : String(last)
}

function personas(
  state: EngineState,
  { campaign, from, count, order, search, timeMs }: PersonaQuery,
) {
  const setting = settingOf(state, campaign, timeMs)
  const wanted = search?.trim().toLowerCase() ?? ''
  const rows = setting.book.passports
    .map((record) => personaRow(setting, record))
    .filter(
      ({ name, passport }) =>
        wanted === '' || name.toLowerCase().includes(wanted) || String(passport) === wanted,
    )
    .sort(ORDERS[order])
  return { total: rows.length, rows: rows.slice(from, from + Math.min(count, ROWS_MAX)) }
}

const ORDERS: Readonly<
  Record<PersonaQuery['order'], (left: PersonaRow, right: PersonaRow) => number>
> = {
  score: (left, right) => right.score - left.score || left.passport - right.passport,
  trust: (left, right) => right.trust - left.trust || left.passport - right.passport,
  earned: (left, right) =>
    Number(right.earnedWei - left.earnedWei) || left.passport - right.passport,
  actions: (left, right) => right.actions - left.actions || left.passport - right.passport,
  passport: (left, right) => left.passport - right.passport,
}

function reportOf(state: EngineState, campaign: string) {
  const view = state.projection?.campaigns.find(({ id }) => id === campaign)
  if (view === undefined) throw new PersonaError(`There is no campaign ${campaign}.`)
  const setting = settingOf(state, campaign)
  const load = loadOf(state)
  const { onL1 } = load
  const shown = (value: number | null | undefined) =>
    value == null ? 'not yet' : value < 100 ? value.toFixed(1) : withCommas(Math.round(value))
  return {
    campaign: view,
    epochs: (state.projection?.epochs ?? []).filter((epoch) => epoch.campaign === campaign),
    personas: setting.book.passports.map((record) => personaRow(setting, record)),
    figures: [
      { name: 'Actions on L2', value: withCommas(load.included), source: 'measured' as const },
      {
        name: 'Actions per virtual second, from first to last',
        value: shown(meanRate(setting.book)),
        source: 'measured' as const,
      },
      { name: 'L2 gas per action', value: shown(load.l2GasPerAction), source: 'measured' as const },
      {
        name: 'Bytes on L1 per action, over all batches',
        value: shown(onL1?.all.bytesPerAction),
        source: 'measured' as const,
      },
      {
        name: 'L1 gas per action, over all batches',
        value: shown(onL1?.all.l1GasPerAction),
        source: 'measured' as const,
      },
      {
        name: 'L1 gas per action, in the fullest batch',
        value: shown(onL1?.fullest.l1GasPerAction),
        source: 'measured' as const,
      },
      {
        name: 'People and what they do',
        value: `${withCommas(setting.population.people.length)} Personas`,
        source: 'simulated' as const,
      },
      {
        name: 'Average score',
        value: toNumber(
          BigInt(Math.round((state.projection?.distribution.average ?? 0) * 1e9)),
        ).toFixed(3),
        source: 'measured' as const,
      },
    ],
  }
}

/** 12345 → 12,345. */
const withCommas = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',')
