/** One opened world: conductor, pacer, projection and JSON-RPC, from its first event to its end. */
import { touchesState } from '../chain/rpc/touched.ts'
import { createConductor } from '../kernel/conductor.ts'
import { createPacer } from '../kernel/pacer.ts'
import type { ChainName, Json } from '../protocol/world.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { openAnswering } from './answering.ts'
import { countBlock, followOutage } from './blockCount.ts'
import { createControls, keepInterval } from './controls.ts'
import { RPC_CODE, RpcError } from './errors.ts'
import { applyFault } from './faults.ts'
import { assertFaultAllowed } from './fork/disputes.ts'
import { openForkDesk } from './fork/running.ts'
import { failureText, placeNodes } from './placing.ts'
import { createProjector } from './projection.ts'
import { controlRpc } from './rpc/control.ts'
import { assertAlive, type RouterPort, readNode, routeRpc, SENDS } from './rpc/router.ts'
import { counter, createSubscriptions } from './rpc/subscriptions.ts'
import { viewRpc } from './rpc/views.ts'
import {
  isTakenOver,
  movesOnDemand,
  moveUntilSettled,
  phaseOf,
  type RunningOptions,
  type RunningState,
  type RunningWorld,
  runUntil,
  statusOf,
  tellPace,
} from './runningState.ts'
import { encodeSave } from './saveFile.ts'
import { toTraceEvent } from './traceAdapter.ts'

/** Virtual time within which a sent transaction is expected in a block, when the world moves for it. */
const INCLUSION_BOUND_MS = 60_000

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
  const state: RunningState = {
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
    genesis: 0,
    aimedMs: 0,
    intervals: {},
    advanceOnDemand: true,
    failure: null,
  }
  const running = expose(state)
  await running.fork?.refresh()
  state.genesis = await running.checkpoint()
  sink.onBlock = (chain, hash) => running.subscriptions[chain].blockAdded(hash)
  return running
}

function expose(state: RunningState): RunningWorld {
  const { conductor, pacer, given } = state
  const fork = openForkDesk(state)
  const port = routerPort(state, () => running)
  const read = (chain: ChainName) => async (method: string, params: readonly Json[]) =>
    readNode(port, port.nodeOf(chain), method, params)
  const nextId = counter()
  const subscriptions = {
    l1: createSubscriptions(read('l1'), nextId),
    l2: createSubscriptions(read('l2'), nextId),
  }
  const running: RunningWorld = {
    conductor,
    pacer,
    subscriptions,
    fork,
    phase: () => phaseOf(state),
    failure: () => state.failure,
    status: () => statusOf(state),
    setAdvanceOnDemand: (on) => {
      state.advanceOnDemand = on
    },
    blocks: (chain) => state.blocks[chain],
    runUntil: (options) => runUntil(state, options),
    fault: async (fault) => {
      assertFaultAllowed(given.options.fork, fault)
      await applyFault(conductor, fault)
    },
    rpc: (chain, request) => routeRpc(port, subscriptions[chain], chain, request),
    share: async () => ({
      buildHash: given.buildHash,
      seed: given.options.seed,
      preset: given.options.preset,
      scenario: given.options.scenario,
      ...(given.options.fork === undefined ? {} : { fork: given.options.fork }),
      ...(given.options.codeSizeLimit === undefined
        ? {}
        : { codeSizeLimit: given.options.codeSizeLimit }),
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
      state.aimedMs = 0
      const snapshot = state.checkpoints.get(id)
      if (snapshot !== undefined) {
        state.projector.restore(snapshot.projector)
        Object.assign(state.answering, snapshot.answering)
      }
      await fork?.refresh()
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
async function saveOf({ conductor, given, projector }: RunningState): Promise<Uint8Array> {
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

function routerPort(state: RunningState, running: () => RunningWorld): RouterPort {
  const { conductor, given } = state
  return {
    nodeOf: (chain) => assertAlive(state.answering[chain].current, conductor.isAlive),
    query: (node, method, params) => conductor.query(node, method, params),
    prepare: async (chain, method, params) => {
      if (chain === 'l2' && touchesState(method)) await running().fork?.prepare(method, params)
    },
    nowMs: () => Math.max(conductor.nowMs(), state.aimedMs),
    clock: given.clock,
    inputAndMove: async (chain, node, method, params) => {
      if (state.failure !== null) {
        throw new RpcError(
          `The world has failed: ${failureText(state.failure)}`,
          RPC_CODE.unavailable,
        )
      }
      if (SENDS.has(method) && movesOnDemand(state)) await keepInterval(state, running(), chain)
      const reply = conductor.input(node, 'rpc', { method, params } as never)
      // Even a world that waits for somebody to mine or to play takes what is sent: its hash comes at once, and a cheat's block.
      const result = (await moveUntilSettled(state, reply)) as Json
      if (SENDS.has(method)) await moveUntilIncluded(state, running(), chain, result)
      return result
    },
    control: (chain, method, params) =>
      controlRpc(createControls(state, running()), chain, method, params) ??
      viewRpc(viewPort(state, running()), method, params),
  }
}

async function moveUntilIncluded(
  state: RunningState,
  running: RunningWorld,
  chain: ChainName,
  hash: Json,
): Promise<void> {
  if (!movesOnDemand(state)) return
  let seenBlocks = -1
  await runUntil(state, {
    deadlineMs: state.conductor.nowMs() + INCLUSION_BOUND_MS,
    isCancelled: () => isTakenOver(state),
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

function viewPort(state: RunningState, running: RunningWorld) {
  return {
    projection: () => state.projector.projection(),
    contracts: state.given.composition.contracts,
    fault: running.fault,
  }
}
