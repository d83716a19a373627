/** The world as the page, the headless server and the scenario runner see it (`protocol/world.ts`). */
import { InvalidArgumentError } from '../kernel/errors.ts'
import type { HashFunction } from '../kernel/hostPort.ts'
import type { WallClock } from '../kernel/pacer.ts'
import type { KernelTrace, RecordedInput } from '../kernel/trace.ts'
import type { ProjectionPatch } from '../protocol/projection.ts'
import type {
  ChainName,
  Demand,
  Json,
  PinnedOptions,
  RpcNotification,
  RpcRequest,
  StepUnit,
  World,
  WorldOptions,
  WorldStatus,
} from '../protocol/world.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import type { Composition } from './composition.ts'
import { RpcError, toRpcError, WorldElsewhereError, WorldNotOpenError } from './errors.ts'
import { assertScenarioAllowed } from './fork/disputes.ts'
import type { HttpPost } from './fork/endpoint.ts'
import { connectSource, forkSource } from './fork/open.ts'
import type { ForkSource } from './fork/source.ts'
import type { Hosting } from './host.ts'
import { createKeeper, type Keeper, type KeeperOptions } from './keeper.ts'
import { assertOptions } from './options.ts'
import { createRunningWorld } from './running.ts'
import type { RunningWorld } from './runningState.ts'
import {
  decodeSave,
  freshSave,
  InvalidSaveError,
  type SavedState,
  type SavedWorld,
} from './saveFile.ts'
import { findScenario, SCENARIOS } from './scenarios/catalogue.ts'
import { createScenarioScript } from './scenarios/scenario.ts'
import { decodeShare, encodeShare, InvalidShareError } from './share.ts'
import type { StoredWorld, WorldStore } from './store.ts'

export interface WorldSetup {
  /** Names the code of this build; shares of other builds are refused. */
  readonly buildHash: string
  readonly clock: WallClock
  readonly hash: HashFunction
  /** Called for every opened world: a world's workers end with it. */
  readonly createHosting: () => Hosting
  /** Nodes and links of a preset. Loads genesis. */
  readonly compose: (options: PinnedOptions) => Promise<Composition>
  /** The way to the sources of forks; without it, no world can fork. */
  readonly post?: HttpPost
  /** Where the world is kept between visits; without it, nothing is. */
  readonly store?: WorldStore
  /** An input of a scenario's script was refused; for people. */
  readonly onRefused?: (type: string, error: Error) => void
  /** Sees the kernel's whole trace. */
  readonly onTrace?: (event: KernelTrace) => void
}

/** At most so many patches a second. */
const PATCHES_PER_SECOND = 60
/** Virtual time within which a step is expected to find what it looks for. */
const STEP_BOUND_MS = 3_600_000

interface State {
  readonly setup: WorldSetup
  running: RunningWorld | null
  keeper: Keeper | null
  /** Whether what the store keeps is this world's to replace. */
  isOwner: boolean
  /** What the next world begins with. */
  advanceOnDemand: Demand
  readonly observers: Set<(patch: ProjectionPatch) => void>
  readonly listeners: Record<ChainName, Set<(notification: RpcNotification) => void>>
  isPatchDue: boolean
}

/** A world that is opened, driven and read by any number of callers. */
export function createWorld(setup: WorldSetup): World {
  const state: State = {
    setup,
    running: null,
    keeper: null,
    isOwner: false,
    advanceOnDemand: true,
    observers: new Set(),
    listeners: { l1: new Set(), l2: new Set() },
    isPatchDue: false,
  }
  const running = (): RunningWorld => requireRunning(state)
  const status = async () => running().status()
  return {
    open: async (options, how) => {
      await openFresh(state, options, how?.kept !== false)
      return status()
    },
    status,
    scenarios: async () => SCENARIOS.map(({ name, description }) => ({ name, description })),
    play: async () => {
      assertAlive(running())
      running().pacer.play()
      running().tellPace()
    },
    pause: async () => {
      await running().pacer.pause()
      running().tellPace()
      return status()
    },
    step: async (unit) => {
      await step(running(), unit)
      return status()
    },
    setSpeed: async (speed) => {
      running().pacer.setSpeed(speed)
      running().tellPace()
    },
    setAdvanceOnDemand: async (on) => {
      state.advanceOnDemand = on
      running().setAdvanceOnDemand(on)
    },
    advance: async (byMs) => {
      assertSpan(byMs)
      const { conductor } = running()
      await running().runUntil({ deadlineMs: conductor.nowMs() + byMs })
      return status()
    },
    rpc: (chain, request) => rpc(state, chain, request),
    onNotification: async (chain, listener) => {
      state.listeners[chain].add(listener)
      return () => state.listeners[chain].delete(listener)
    },
    fault: async (fault) => running().fault(fault),
    findFork: async (request) => (await forkSource(setup.post, request)).point,
    connectFork: async (url) => {
      const { options } = await status()
      await connectSource(setup.post, { fork: options.fork, desk: running().fork }, url)
      return status()
    },
    share: async () => {
      const content = await running().share()
      return { text: encodeShare(content), eventHash: content.eventHash, timeMs: content.timeMs }
    },
    load: (text) => load(state, text),
    save: () => running().save(),
    restore: async (file) => {
      await own(state, false)
      return restore(state, { file, inputs: [], timeMs: 0 }, { file, inputs: [] })
    },
    resume: (how) => resume(state, how?.takeOver === true),
    checkpoint: async () => running().checkpoint(),
    rollback: async (id) => {
      await running().rollback(id)
      return status()
    },
    subscribe: async (observer) => {
      state.observers.add(observer)
      if (state.running !== null) observer(state.running.projection())
      return () => state.observers.delete(observer)
    },
    query: async (node, method, params) => running().conductor.query(node, method, params),
    close: () => end(state),
  }
}

async function rpc(state: State, chain: ChainName, request: RpcRequest): Promise<Json> {
  if (chain !== 'l1' && chain !== 'l2') throw new RpcError(`No chain "${String(chain)}".`, -32602)
  try {
    const result = await requireRunning(state).rpc(chain, request)
    // Nobody learns of an input that a killed tab would forget.
    await state.keeper?.durable()
    return result
  } catch (error) {
    throw toRpcError(error)
  }
}

function requireRunning(state: State): RunningWorld {
  if (state.running !== null) return state.running
  throw new WorldNotOpenError('No world is open.', { metaMessages: ['Call open or load first.'] })
}

async function openFresh(state: State, asked: WorldOptions, isKept: boolean): Promise<void> {
  const { fork, ...rest } = asked
  // A source that fails leaves the world that runs as it is.
  const source = fork === undefined ? undefined : await forkSource(state.setup.post, fork)
  const options = source === undefined ? rest : { ...rest, fork: source.point }
  if (isKept) await own(state, false)
  const file = freshSave(state.setup.buildHash, options)
  const begin = isKept ? { file, inputs: [] } : 'notKept'
  await open(state, { options, inputs: [], begin, ...(source === undefined ? {} : { source }) })
}

interface Opening {
  readonly options: PinnedOptions
  readonly inputs: readonly RecordedInput[]
  readonly saved?: SavedState
  readonly source?: ForkSource
  /** What the store is to keep from now on; null if it keeps this very world already. */
  readonly begin: KeeperOptions['begin'] | 'notKept'
}

async function open(
  state: State,
  { options, inputs, saved, source, begin }: Opening,
): Promise<RunningWorld> {
  assertOptions(options)
  const scenario = findScenario(options.scenario)
  assertScenarioAllowed(options.fork, options.scenario)
  await close(state)
  const { setup } = state
  const composition = await setup.compose(options)
  const running = await createRunningWorld({
    options,
    buildHash: setup.buildHash,
    composition,
    script: createScenarioScript(scenario, {
      seed: options.seed,
      parameters: composition.parameters,
      contracts: composition.contracts,
      ...(setup.onRefused === undefined ? {} : { onRefused: setup.onRefused }),
    }),
    hosting: setup.createHosting(),
    hash: setup.hash,
    clock: setup.clock,
    inputs,
    ...(saved === undefined ? {} : { saved }),
    ...(source === undefined ? {} : { source }),
    ...(setup.onTrace === undefined ? {} : { onTrace: setup.onTrace }),
    onInput: (input) => state.keeper?.input(input),
    onRollback: () => state.keeper?.rolledBack(),
    onChange: () => schedulePatch(state),
  })
  running.setAdvanceOnDemand(state.advanceOnDemand)
  for (const chain of ['l1', 'l2'] as const) {
    running.subscriptions[chain].onNotification((notification) => {
      for (const listener of state.listeners[chain]) listener(notification)
    })
  }
  state.running = running
  if (state.isOwner && begin !== 'notKept') keep(state, running, begin)
  running.tellPace()
  publish(state)
  return running
}

function keep(state: State, running: RunningWorld, begin: KeeperOptions['begin']): void {
  const { store, clock } = state.setup
  if (store === undefined) return
  state.keeper = createKeeper({
    store,
    clock,
    begin,
    save: () => running.save(),
    nowMs: () => running.conductor.nowMs(),
    blocks: () => running.blocks('l1') + running.blocks('l2'),
    onChange: (view) => running.setStorage(view),
  })
}

/** Makes what the store keeps this world's, if it may be. */
async function own(state: State, takeOver: boolean): Promise<boolean> {
  const { store } = state.setup
  if (store === undefined || state.isOwner) return state.isOwner
  state.isOwner = await store.acquire({ takeOver }, () => void lose(state))
  return state.isOwner
}

/** Another tab took over: this world stands still, so that no client is told what is not kept. */
async function lose(state: State): Promise<void> {
  const { running, keeper } = state
  state.isOwner = false
  state.keeper = null
  if (running === null) return
  await running.pacer.pause()
  await keeper?.stop()
  running.setStorage({ state: 'elsewhere', savedMs: null, error: null })
  running.tellPace()
}

async function resume(state: State, takeOver: boolean): Promise<WorldStatus | null> {
  const { store } = state.setup
  if (store === undefined) return null
  if (!(await own(state, takeOver))) {
    throw new WorldElsewhereError('Another tab runs the world that is kept here.', {
      metaMessages: ['Go to that tab, or take the world over.'],
    })
  }
  const stored = await store.load()
  return stored === null ? null : restore(state, stored, null)
}

/** Opens a saved world and replays what came in after it. */
async function restore(
  state: State,
  stored: StoredWorld,
  begin: KeeperOptions['begin'],
): Promise<WorldStatus> {
  const world = decodeSave(stored.file, state.setup.buildHash)
  const { options, state: saved } = world
  const inputs = stored.inputs.filter(({ id }) => id > world.lastInputId)
  const opening = { options, inputs, begin, ...(saved === null ? {} : { saved }) }
  const running = await open(state, opening)
  if (saved !== null) await assertSame(running, world)
  const lastMs = Math.max(stored.timeMs, world.timeMs, inputs.at(-1)?.timeMs ?? 0)
  await running.runUntil({ deadlineMs: lastMs })
  return running.status()
}

async function assertSame({ conductor }: RunningWorld, world: SavedWorld): Promise<void> {
  const eventHash = bytesToHex(await conductor.eventHash())
  if (eventHash === world.eventHash) return
  throw new InvalidSaveError('The saved world did not come back as it was.', {
    metaMessages: [`Event hash saved: ${world.eventHash}`, `Restored: ${eventHash}`],
  })
}

/** The visit is over: whoever comes next goes on from this very moment. */
async function end(state: State): Promise<void> {
  const { running, keeper, setup } = state
  await running?.pacer.pause()
  await keeper?.save()
  await close(state)
  if (!state.isOwner) return
  state.isOwner = false
  await setup.store?.release()
}

async function close(state: State): Promise<void> {
  const { running, keeper } = state
  state.running = null
  state.keeper = null
  await keeper?.stop()
  await running?.close()
}

function assertAlive(running: RunningWorld): void {
  const failure = running.failure()
  if (failure !== null) throw failure
}

function assertSpan(byMs: number): void {
  if (Number.isSafeInteger(byMs) && byMs >= 0) return
  throw new InvalidArgumentError(`The span must be an integer of at least 0 ms, is ${byMs}.`)
}

async function step(running: RunningWorld, unit: StepUnit): Promise<void> {
  await running.pacer.pause()
  if (unit === 'event') {
    await running.conductor.step()
    running.tellPace()
    return
  }
  const chain = unit === 'l2-block' ? 'l2' : 'l1'
  const before = running.blocks(chain)
  await running.runUntil({
    deadlineMs: running.conductor.nowMs() + STEP_BOUND_MS,
    isDone: () => running.blocks(chain) > before,
  })
}

/** Replays to the share's end and stops there. */
async function load(state: State, text: string): Promise<WorldStatus> {
  const content = decodeShare(text, state.setup.buildHash)
  const { seed, preset, scenario, codeSizeLimit, fork, timeMs } = content
  const options = {
    seed,
    preset,
    scenario,
    ...(codeSizeLimit === undefined ? {} : { codeSizeLimit }),
    ...(fork === undefined ? {} : { fork }),
  }
  await own(state, false)
  const running = await open(state, {
    options,
    inputs: content.inputs,
    begin: { file: freshSave(state.setup.buildHash, options), inputs: content.inputs },
  })
  await running.runUntil({ deadlineMs: timeMs })
  const status = await running.status()
  if (status.eventHash === content.eventHash) return status
  throw new InvalidShareError('The replay took another course than the share.', {
    metaMessages: [
      `Event hash of the share: ${content.eventHash}`,
      `Replayed: ${status.eventHash}`,
    ],
  })
}

/** Gathers changes into at most 60 patches a second; the last one is never dropped. */
function schedulePatch(state: State): void {
  if (state.isPatchDue || state.observers.size === 0) return
  state.isPatchDue = true
  state.setup.clock.schedule(1000 / PATCHES_PER_SECOND, () => {
    state.isPatchDue = false
    publish(state)
  })
}

function publish(state: State): void {
  if (state.running === null || state.observers.size === 0) return
  const patch = state.running.patch()
  if (Object.keys(patch).length === 0) return
  for (const observer of state.observers) observer(patch)
}
