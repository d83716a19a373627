/** One opened world: conductor, pacer, projection and JSON-RPC, from its first event to its end. */
import { type Conductor, createConductor } from '../kernel/conductor.ts'
import type { HashFunction } from '../kernel/hostPort.ts'
import { createPacer, type Pacer, type RunOptions, type WallClock } from '../kernel/pacer.ts'
import type { Script } from '../kernel/script.ts'
import type { KernelTrace, RecordedInput } from '../kernel/trace.ts'
import type { ProjectionPatch, StorageView } from '../protocol/projection.ts'
import type {
  ChainName,
  Json,
  Phase,
  RpcRequest,
  WorldOptions,
  WorldStatus,
} from '../protocol/world.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { GENESIS_TIMESTAMP } from '../rollup/parameters.ts'
import { type Answering, openAnswering } from './answering.ts'
import { countBlock, followOutage } from './blockCount.ts'
import type { Composition } from './composition.ts'
import { RPC_CODE, RpcError } from './errors.ts'
import { applyFault } from './faults.ts'
import type { Hosting } from './host.ts'
import { failureText, placeNodes } from './placing.ts'
import { createProjector, type Projector, type ProjectorSnapshot } from './projection.ts'
import { controlRpc } from './rpc/control.ts'
import { assertAlive, type RouterPort, routeRpc } from './rpc/router.ts'
import { createSubscriptions, type Subscriptions } from './rpc/subscriptions.ts'
import { viewRpc } from './rpc/views.ts'
import { encodeSave, type SavedState } from './saveFile.ts'
import { encodeShare, type ShareContent } from './share.ts'
import { toTraceEvent } from './traceAdapter.ts'

export interface RunningOptions {
  readonly options: WorldOptions
  readonly buildHash: string
  readonly composition: Composition
  readonly script: Script
  readonly hosting: Hosting
  readonly hash: HashFunction
  readonly clock: WallClock
  readonly inputs: readonly RecordedInput[]
  /** Where to go on from; `inputs` are those that came after. */
  readonly saved?: SavedState
  /** Told of every new input and fault. */
  readonly onInput?: (input: RecordedInput) => void
  /** Recorded inputs were forgotten. */
  readonly onRollback?: () => void
  /** Sees the whole trace, e.g. checkers. */
  readonly onTrace?: (event: KernelTrace) => void
  /** Something changed that observers want to see. */
  readonly onChange: () => void
}

export interface RunningWorld {
  readonly conductor: Conductor
  readonly pacer: Pacer
  readonly subscriptions: Readonly<Record<ChainName, Subscriptions>>
  phase(): Phase
  /** Why the world failed; null while it did not. */
  failure(): unknown
  status(advanceOnDemand: boolean): Promise<WorldStatus>
  setAdvanceOnDemand(on: boolean): void
  /** L1 and L2 blocks so far, of the node that answers for the chain. */
  blocks(chain: ChainName): number
  runUntil(options: RunOptions): Promise<unknown>
  rpc(chain: ChainName, request: RpcRequest): Promise<Json>
  share(): Promise<ShareContent>
  checkpoint(): Promise<number>
  rollback(id: number): Promise<void>
  /** A save file of this moment. */
  save(): Promise<Uint8Array>
  setStorage(view: StorageView): void
  patch(): ProjectionPatch
  projection(): ProjectionPatch
  /** Tells observers how the host runs now. */
  tellPace(): void
  close(): Promise<void>
}

/** Virtual time within which a sent transaction is expected in a block, when the world moves for it. */
export const INCLUSION_BOUND_MS = 60_000
/** Virtual time within which a chain is expected to make a block. */
const BLOCK_BOUND_MS = 120_000

interface Checkpoint {
  readonly projector: ProjectorSnapshot
  readonly answering: Readonly<Record<ChainName, Answering>>
}

interface State {
  readonly given: RunningOptions
  readonly conductor: Conductor
  readonly pacer: Pacer
  readonly projector: Projector
  readonly checkpoints: Map<number, Checkpoint>
  readonly blocks: { l1: number; l2: number }
  /** Who answers for each chain. */
  readonly answering: Record<ChainName, Answering>
  advanceOnDemand: boolean
  failure: unknown
}

/** Boots all roles in the hosting and stops before the first event. */
export async function createRunningWorld(given: RunningOptions): Promise<RunningWorld> {
  const { options, buildHash, composition } = given
  const { parameters, accounts } = composition
  const nodes = composition.placements.flatMap((placement) => placement.nodes.map(({ id }) => id))
  const projector = createProjector({
    seed: options.seed,
    scenario: options.scenario,
    buildHash,
    parameters,
    nodes,
    accounts,
  })
  if (given.saved !== undefined) projector.restore(given.saved.projector)
  const blocks = { l1: 0, l2: 0 }
  const { l1, l2 } = composition.rpcNodes
  const answering = {
    l1: openAnswering(l1),
    l2: given.saved?.projector.answering ?? openAnswering(l2),
  }
  const sink = { onBlock: (_chain: ChainName, _hash: string): void => undefined }
  const conductor = await createConductor({
    seed: options.seed,
    nodes: await placeNodes(given.hosting, composition),
    jobs: await given.hosting.createJobs('jobs'),
    network: composition.network,
    hash: given.hash,
    inputs: given.inputs,
    script: given.script,
    ...(given.saved === undefined ? {} : { saved: given.saved.conductor }),
    ...(given.onInput === undefined ? {} : { onInput: given.onInput }),
    onTrace: (event) => {
      given.onTrace?.(event)
      const shown = toTraceEvent(event)
      if (shown === null) return
      followOutage(answering, shown)
      countBlock(shown, answering, blocks, sink.onBlock)
      projector.apply(shown)
      given.onChange()
    },
  })
  const state: State = {
    given,
    conductor,
    projector,
    blocks,
    answering,
    pacer: createPacer({
      conductor,
      clock: given.clock,
      onFailure: (error) => {
        state.failure = error
        tellPace(state)
      },
    }),
    checkpoints: new Map(),
    advanceOnDemand: true,
    failure: null,
  }
  const running = expose(state)
  sink.onBlock = (chain, hash) => running.subscriptions[chain].blockAdded(hash)
  return running
}

function expose(state: State): RunningWorld {
  const { conductor, pacer, given } = state
  const port = routerPort(state, () => running)
  const read = (chain: ChainName) => async (method: string, params: readonly Json[]) =>
    (await port.query(port.nodeOf(chain), 'rpc', { method, params } as never)) as Json
  const subscriptions = {
    l1: createSubscriptions(read('l1')),
    l2: createSubscriptions(read('l2')),
  }
  const running: RunningWorld = {
    conductor,
    pacer,
    subscriptions,
    phase: () => phaseOf(state),
    failure: () => state.failure,
    status: (advanceOnDemand) => statusOf(state, advanceOnDemand),
    setAdvanceOnDemand: (on) => {
      state.advanceOnDemand = on
    },
    blocks: (chain) => state.blocks[chain],
    runUntil: (options) => runUntil(state, options),
    rpc: (chain, request) => routeRpc(port, subscriptions[chain], chain, request),
    share: async () => ({
      buildHash: given.buildHash,
      seed: given.options.seed,
      preset: given.options.preset,
      scenario: given.options.scenario,
      timeMs: conductor.nowMs(),
      eventHash: bytesToHex(await conductor.eventHash()),
      inputs: conductor.inputs(),
    }),
    checkpoint: async () => {
      const id = await conductor.checkpoint()
      state.checkpoints.set(id, {
        projector: state.projector.snapshot(),
        answering: { ...state.answering },
      })
      return id
    },
    rollback: async (id) => {
      await conductor.rollback(id)
      const snapshot = state.checkpoints.get(id)
      if (snapshot !== undefined) {
        state.projector.restore(snapshot.projector)
        Object.assign(state.answering, snapshot.answering)
      }
      given.onRollback?.()
      given.onChange()
    },
    save: () => saveOf(state),
    setStorage: (view) => {
      state.projector.setStorage(view)
      given.onChange()
    },
    patch: () => state.projector.patch(),
    projection: () => state.projector.projection(),
    tellPace: () => tellPace(state),
    close: async () => {
      await pacer.pause()
      await conductor.close()
    },
  }
  return running
}

/** State and projection are of one moment: nothing runs in between. */
async function saveOf({ conductor, given, projector }: State): Promise<Uint8Array> {
  const saved = await conductor.save((eventHash) => ({
    buildHash: given.buildHash,
    options: given.options,
    timeMs: conductor.nowMs(),
    eventHash: bytesToHex(eventHash),
    lastInputId: conductor.inputs().at(-1)?.id ?? 0,
    projector: projector.snapshot(),
  }))
  const { conductor: state, told } = saved
  const { projector: shown, ...header } = told
  return encodeSave({ ...header, state: { conductor: state, projector: shown } })
}

function phaseOf(state: State): Phase {
  if (state.failure !== null) return 'failed'
  return state.pacer.isPlaying() ? 'playing' : 'paused'
}

async function statusOf(state: State, advanceOnDemand: boolean): Promise<WorldStatus> {
  const { conductor, given, pacer } = state
  return {
    phase: phaseOf(state),
    options: given.options,
    buildHash: given.buildHash,
    timeMs: conductor.nowMs(),
    speed: pacer.speed(),
    advanceOnDemand,
    events: conductor.events(),
    eventHash: bytesToHex(await conductor.eventHash()),
    nodes: given.composition.placements.flatMap(({ nodes }) => nodes.map(({ id }) => id)),
  }
}

function tellPace(state: State): void {
  const { conductor, pacer, projector } = state
  const timeMs = conductor.nowMs()
  projector.apply({
    kind: 'pace',
    timeMs,
    phase: phaseOf(state),
    speed: pacer.speed(),
    pace: pacer.pace(),
    failure: state.failure === null ? null : failureText(state.failure),
  })
  state.given.onChange()
}

async function runUntil(state: State, options: RunOptions): Promise<unknown> {
  try {
    return await state.pacer.runUntil(options)
  } catch (error) {
    state.failure = error
    throw error
  } finally {
    tellPace(state)
  }
}

function routerPort(state: State, running: () => RunningWorld): RouterPort {
  const { conductor, given } = state
  return {
    nodeOf: (chain) => assertAlive(state.answering[chain].current, conductor.isAlive),
    query: (node, method, params) => conductor.query(node, method, params),
    clock: given.clock,
    inputAndMove: async (chain, node, method, params) => {
      const reply = conductor.input(node, 'rpc', { method, params } as never)
      const result = (await moveUntilSettled(state, reply)) as Json
      if (method === 'eth_sendRawTransaction' || method === 'eth_sendTransaction') {
        await moveUntilIncluded(state, running(), chain, result)
      }
      return result
    },
    control: (chain, method, params) =>
      controlRpc(controlPort(state, running()), chain, method, params) ??
      viewRpc(viewPort(state), method, params),
  }
}

/** Whether a paused world may move for a client. */
function movesOnDemand(state: State): boolean {
  return state.advanceOnDemand && state.failure === null && !state.pacer.isPlaying()
}

async function moveUntilSettled<Result>(state: State, reply: Promise<Result>): Promise<Result> {
  let isSettled = false
  const mark = (): void => {
    isSettled = true
  }
  reply.then(mark, mark)
  if (movesOnDemand(state)) {
    // The reply has its own bound of virtual time; playing takes over when someone presses it.
    await runUntil(state, {
      deadlineMs: Number.POSITIVE_INFINITY,
      isDone: () => isSettled,
      isCancelled: () => state.pacer.isPlaying(),
    })
  }
  return reply
}

async function moveUntilIncluded(
  state: State,
  running: RunningWorld,
  chain: ChainName,
  hash: Json,
): Promise<void> {
  if (!movesOnDemand(state)) return
  let seenBlocks = -1
  await runUntil(state, {
    deadlineMs: state.conductor.nowMs() + INCLUSION_BOUND_MS,
    isCancelled: () => state.pacer.isPlaying(),
    isDone: async () => {
      // A receipt can only appear with a block.
      if (state.blocks[chain] === seenBlocks) return false
      seenBlocks = state.blocks[chain]
      return (
        (await running.rpc(chain, { method: 'eth_getTransactionReceipt', params: [hash] })) !== null
      )
    },
  })
}

function viewPort(state: State) {
  return {
    projection: () => state.projector.projection(),
    contracts: state.given.composition.contracts,
    fault: (fault: Parameters<typeof applyFault>[1]) => applyFault(state.conductor, fault),
  }
}

/** Runs to the chain's next block. Throws `RpcError` when none comes. */
async function mineOne(state: State, chain: ChainName): Promise<void> {
  const before = state.blocks[chain]
  const isMined = () => state.blocks[chain] > before
  await runUntil(state, {
    deadlineMs: state.conductor.nowMs() + BLOCK_BOUND_MS,
    isDone: isMined,
  })
  if (isMined()) return
  throw new RpcError(`No block within ${BLOCK_BOUND_MS} virtual ms.`, RPC_CODE.unavailable)
}

function controlPort(state: State, running: RunningWorld) {
  const { conductor, pacer } = state
  return {
    checkpoint: () => running.checkpoint(),
    revert: async (id: number) => {
      if (!state.checkpoints.has(id)) return false
      await running.rollback(id)
      for (const later of [...state.checkpoints.keys()].filter((one) => one >= id)) {
        state.checkpoints.delete(later)
        await conductor.discard(later)
      }
      return true
    },
    advance: (byMs: number) => runUntil(state, { deadlineMs: conductor.nowMs() + byMs }),
    mine: async (chain: ChainName, count: number) => {
      for (let mined = 0; mined < count; mined++) await mineOne(state, chain)
    },
    unixSeconds: () => GENESIS_TIMESTAMP + Math.floor(conductor.nowMs() / 1000),
    fault: (fault: Parameters<typeof applyFault>[1]) => applyFault(conductor, fault),
    play: async () => {
      pacer.play()
      tellPace(state)
    },
    pause: async () => {
      await pacer.pause()
      tellPace(state)
    },
    setSpeed: async (speed: number | 'max') => {
      pacer.setSpeed(speed)
      tellPace(state)
    },
    status: async () => (await statusOf(state, state.advanceOnDemand)) as unknown as Json,
    share: async () => {
      const content = await running.share()
      return { text: encodeShare(content), eventHash: content.eventHash, timeMs: content.timeMs }
    },
  }
}
