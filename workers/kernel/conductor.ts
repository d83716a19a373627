/**
 * The conductor owns virtual time, the network, faults and recorded inputs, and drives the roles in their hosts. The same
 * seed, nodes and inputs give the same event hash in every host.
 */
import { assertFault, takeNextTimes } from './conductorFaults.ts'
import { type InputPayload, record } from './conductorInputs.ts'
import { restoreSaved, type SavedConductor, saveConductor } from './conductorSave.ts'
import {
  type ConductorSnapshot,
  type ConductorState,
  findNode,
  type NodeState,
  restoreConductor,
  snapshotConductor,
} from './conductorState.ts'
import { nextEventMs, runWindow, sealedChain } from './conductorWindow.ts'
import { UnknownCheckpointError, WorldClosedError } from './errors.ts'
import { createHeap } from './heap.ts'
import type { HashFunction, JobRunner, NodeSpec, RoleHost } from './hostPort.ts'
import { createNetwork, type NetworkOptions } from './network.ts'
import { createReplies } from './replies.ts'
import type { NodeId, Plain } from './role.ts'
import { createIdleScript, SCRIPT_INPUT_ID, type Script } from './script.ts'
import { type KernelFault, type KernelTrace, type RecordedInput, WORLD_NODE } from './trace.ts'

export interface ConductorOptions {
  /** Unsigned 32-bit integer. */
  readonly seed: number
  readonly nodes: readonly { readonly spec: NodeSpec; readonly host: RoleHost }[]
  readonly jobs: JobRunner
  readonly network: NetworkOptions
  readonly hash: HashFunction
  /** Inputs of an earlier run, to replay. */
  readonly inputs?: readonly RecordedInput[]
  readonly script?: Script
  readonly onTrace?: (event: KernelTrace) => void
  /** Told of every input and fault as it is recorded, but for those that are replayed. */
  readonly onInput?: (input: RecordedInput) => void
  /** Where to go on from, instead of virtual time 0; `inputs` are those that came after. */
  readonly saved?: SavedConductor
  /** How often the states of all roles enter the event hash, in virtual milliseconds. */
  readonly digestEveryMs?: number
}

export interface Saved<Told> {
  readonly conductor: SavedConductor
  readonly told: Told
}

/** Calls that change the world are serialized; none may be made from within `onTrace`. */
export interface Conductor {
  nowMs(): number
  /** When something happens next; null when nothing will without an input. */
  nextMs(): number | null
  /** Runs the next window. False when there is nothing to run. */
  step(): Promise<boolean>
  /** Lets the clock idle forward, at most to the next event. */
  idleUntil(timeMs: number): Promise<void>
  /** Gives an input to a node and resolves with its reply. Rejects with typed errors; never hangs while time moves. */
  input(node: NodeId, type: string, payload: InputPayload): Promise<Plain>
  /** Gives an input and resolves once it is recorded; whether and how the node answers is ignored. */
  post(node: NodeId, type: string, payload: InputPayload): Promise<void>
  /** Records a fault; it applies at the current time, before the next event. Rejects with `InvalidArgumentError`. */
  fault(fault: KernelFault): Promise<void>
  query(node: NodeId, method: string, params: Plain): Promise<Plain>
  isAlive(node: NodeId): boolean
  checkpoint(): Promise<number>
  /** Returns all roles, queues, clock and chance to a checkpoint, which stays valid. */
  rollback(id: number): Promise<void>
  discard(id: number): Promise<void>
  /**
   * Everything as bytes, and what `tell` says of the same moment, given its event hash. Rejects with `GraphError` if a role's
   * state cannot be written.
   */
  save<Told>(tell: (eventHash: Uint8Array) => Told): Promise<Saved<Told>>
  /** Commits to every delivered event and to the states of all roles. */
  eventHash(): Promise<Uint8Array>
  /** Commits to every delivered event; cheap. */
  chain(): Uint8Array
  events(): number
  inputs(): readonly RecordedInput[]
  close(): Promise<void>
}

const DIGEST_EVERY_MS = 10_000

/** Boots all nodes at virtual time 0 and stops before the first event. */
export async function createConductor(options: ConductorOptions): Promise<Conductor> {
  const state = createState(options)
  if (options.saved === undefined) await bootHosts(state)
  else await restoreSaved(state, options.saved)
  for (const input of options.inputs ?? []) record(state, input)
  return expose(state)
}

async function bootHosts(state: ConductorState): Promise<void> {
  // Hosts boot side by side; what they answer is taken in their order.
  const answers = await Promise.all(
    [...state.hosts].map((host) => {
      const booted = [...state.nodes.values()].filter((node) => node.host === host)
      return host.boot(
        booted.map(({ spec }) => ({
          spec,
          seed: state.seed,
          incarnation: 0,
          timeMs: 0,
          slowFactor: 1,
          durable: [],
        })),
      )
    }),
  )
  for (const times of answers) takeNextTimes(state, times)
}

function createState(options: ConductorOptions): ConductorState {
  const nodes = new Map<NodeId, NodeState>()
  for (const { spec, host } of options.nodes) {
    nodes.set(spec.id, {
      spec,
      host,
      isAlive: true,
      incarnation: 0,
      slowFactor: 1,
      nextMs: null,
      durable: new Map(),
    })
  }
  const { seed, jobs, hash, script = createIdleScript() } = options
  return {
    seed,
    hosts: [...new Set(options.nodes.map((node) => node.host))],
    jobs,
    hash,
    digestEveryMs: options.digestEveryMs ?? DIGEST_EVERY_MS,
    network: createNetwork(options.network, seed, (id) => nodes.get(id)?.spec.role ?? '*'),
    replies: createReplies(),
    nodes,
    script,
    emit: (event) => {
      script.observe(event)
      options.onTrace?.(event)
    },
    onInput: options.onInput ?? (() => undefined),
    nowMs: 0,
    sleepUntilMs: 0,
    heap: createHeap(),
    controls: createHeap(),
    inputs: [],
    nextInputId: 1,
    nextScriptId: SCRIPT_INPUT_ID,
    messages: 0,
    events: 0,
    chain: new Uint8Array(32),
    nextDigestMs: 0,
  }
}

function expose(state: ConductorState): Conductor {
  const exclusive = createQueue()
  const checkpoints = new Map<number, ConductorSnapshot>()
  let nextCheckpoint = 1
  return {
    nowMs: () => state.nowMs,
    nextMs: () => nextEventMs(state),
    step: () => exclusive(() => runWindow(state)),
    idleUntil: (timeMs) =>
      exclusive(async () => {
        state.nowMs = Math.max(state.nowMs, Math.min(timeMs, nextEventMs(state) ?? timeMs))
      }),
    input: async (node, type, payload) => {
      const { reply } = await exclusive(async () => giveInput(state, node, type, payload))
      return reply
    },
    post: (node, type, payload) =>
      exclusive(async () => {
        giveInput(state, node, type, payload)
      }),
    fault: (fault) => exclusive(async () => giveFault(state, fault)),
    query: (node, method, params) => findNode(state, node).host.query(node, method, params),
    isAlive: (node) => findNode(state, node).isAlive,
    checkpoint: () =>
      exclusive(async () => {
        const id = nextCheckpoint++
        await Promise.all(state.hosts.map((host) => host.checkpoint(id)))
        checkpoints.set(id, snapshotConductor(state))
        return id
      }),
    rollback: (id) => exclusive(() => rollback(state, checkpoints.get(id), id)),
    discard: (id) =>
      exclusive(async () => {
        checkpoints.delete(id)
        await Promise.all(state.hosts.map((host) => host.discard(id)))
      }),
    save: (tell) =>
      exclusive(async () => {
        const id = nextCheckpoint++
        await Promise.all(state.hosts.map((host) => host.checkpoint(id)))
        try {
          const eventHash = await sealedChain(state, state.nowMs)
          return { conductor: await saveConductor(state, id), told: tell(eventHash) }
        } finally {
          await Promise.all(state.hosts.map((host) => host.discard(id)))
        }
      }),
    eventHash: () => exclusive(() => sealedChain(state, state.nowMs)),
    chain: () => state.chain,
    events: () => state.events,
    inputs: () => state.inputs,
    close: async () => {
      state.replies.rejectWhere(() => true, new WorldClosedError('The world was closed.'))
      await Promise.all([...state.hosts.map((host) => host.close()), state.jobs.close()])
    },
  }
}

/** The reply is wrapped, so that whoever awaits this function does not wait for it. */
function giveInput(
  state: ConductorState,
  node: NodeId,
  type: string,
  payload: InputPayload,
): { readonly reply: Promise<Plain> } {
  const input = { id: state.nextInputId, timeMs: state.nowMs, node, type, payload }
  record(state, input)
  state.onInput(input)
  return { reply: state.replies.expect(input.id, node, input.timeMs) }
}

function giveFault(state: ConductorState, fault: KernelFault): void {
  assertFault(state, fault)
  const { nextInputId: id, nowMs: timeMs } = state
  const payload = fault as unknown as Plain
  const input = { id, timeMs, node: WORLD_NODE, type: 'fault', payload }
  record(state, input)
  state.onInput(input)
}

async function rollback(
  state: ConductorState,
  snapshot: ConductorSnapshot | undefined,
  id: number,
): Promise<void> {
  if (snapshot === undefined) throw new UnknownCheckpointError(`No checkpoint ${id}.`)
  const times = await Promise.all(state.hosts.map((host) => host.rollback(id)))
  restoreConductor(state, snapshot)
  takeNextTimes(state, times.flat())
  const forgotten = new UnknownCheckpointError(`The world returned to checkpoint ${id}.`, {
    metaMessages: ['What was sent after the checkpoint is forgotten: send it again.'],
  })
  state.replies.rejectWhere(
    (inputId) =>
      inputId >= (inputId < SCRIPT_INPUT_ID ? snapshot.nextInputId : snapshot.nextScriptId),
    forgotten,
  )
  state.emit({ kind: 'rollback', timeMs: state.nowMs, id })
}

/** Runs tasks one after the other, each after the one before has settled. */
function createQueue(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = last.then(task, task)
    last = result.catch(() => undefined)
    return result
  }
}
