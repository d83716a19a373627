/** Everything that the conductor knows between two windows, and its snapshots. */
import { errorToPlain, UnknownNodeError } from './errors.ts'
import { createHeap, type EventHeap, type Ordered } from './heap.ts'
import type { Delivery, HashFunction, JobRunner, NodeSpec, RoleHost } from './hostPort.ts'
import type { Network, NetworkSnapshot } from './network.ts'
import type { Replies } from './replies.ts'
import type { NodeId, Plain, PlainError } from './role.ts'
import type { Script } from './script.ts'
import type { KernelFault, KernelTrace, RecordedInput } from './trace.ts'

export type JobOutcome = { readonly result: Plain } | { readonly error: PlainError }

/** `event` waits to be delivered; `job` waits for its virtual time and for its result. */
export type Item = Ordered &
  (
    | { readonly kind: 'event'; readonly delivery: Delivery; readonly inputId: number | null }
    | {
        readonly kind: 'job'
        readonly node: NodeId
        readonly id: string
        readonly incarnation: number
        /** Kept beside the outcome, so that a world that was saved can begin the work again. */
        readonly job: string
        readonly input: Plain
        readonly outcome: Promise<JobOutcome>
      }
  )

export interface Control extends Ordered {
  readonly fault: KernelFault
}

export interface NodeState {
  readonly spec: NodeSpec
  readonly host: RoleHost
  isAlive: boolean
  incarnation: number
  slowFactor: number
  nextMs: number | null
  /** Copy of the node's durable storage, so that it outlives the node's host. */
  readonly durable: Map<string, Plain>
}

export interface ConductorState {
  readonly seed: number
  readonly hosts: readonly RoleHost[]
  readonly jobs: JobRunner
  readonly hash: HashFunction
  readonly digestEveryMs: number
  readonly network: Network
  readonly replies: Replies
  readonly nodes: ReadonlyMap<NodeId, NodeState>
  readonly script: Script
  readonly emit: (event: KernelTrace) => void
  /** Told of every input as it is recorded, but for those that are replayed. */
  readonly onInput: (input: RecordedInput) => void
  /** Everything before is done; inputs are stamped with it. */
  nowMs: number
  /** The script does not act before; 0 where the clock never leapt. */
  sleepUntilMs: number
  heap: EventHeap<Item>
  controls: EventHeap<Control>
  inputs: RecordedInput[]
  nextInputId: number
  nextScriptId: number
  messages: number
  events: number
  chain: Uint8Array
  nextDigestMs: number
}

export interface ConductorSnapshot {
  readonly nowMs: number
  readonly sleepUntilMs: number
  readonly items: readonly Item[]
  readonly controls: readonly Control[]
  readonly inputs: readonly RecordedInput[]
  readonly nextInputId: number
  readonly nextScriptId: number
  readonly script: unknown
  readonly messages: number
  readonly events: number
  readonly chain: Uint8Array
  readonly nextDigestMs: number
  readonly network: NetworkSnapshot
  readonly nodes: readonly {
    readonly id: NodeId
    readonly isAlive: boolean
    readonly incarnation: number
    readonly slowFactor: number
    readonly durable: ReadonlyMap<string, Plain>
  }[]
}

/** Throws `UnknownNodeError` naming the nodes that there are. */
export function findNode(state: ConductorState, id: NodeId): NodeState {
  const node = state.nodes.get(id)
  if (node !== undefined) return node
  throw new UnknownNodeError(`No node "${id}".`, {
    metaMessages: [`Nodes: ${[...state.nodes.keys()].join(', ')}`],
  })
}

/** Begins a job; its failure is an outcome, too. */
export function runJob(state: ConductorState, job: string, input: Plain): Promise<JobOutcome> {
  return state.jobs.run(job, input).then(
    (result): JobOutcome => ({ result }),
    (error: unknown): JobOutcome => ({ error: errorToPlain(error) }),
  )
}

/** When the script acts next; not while the clock leaps. */
export function nextScriptMs({ script, sleepUntilMs }: ConductorState): number | null {
  const nextMs = script.nextMs()
  return nextMs === null ? null : Math.max(nextMs, sleepUntilMs)
}

export function snapshotConductor(state: ConductorState): ConductorSnapshot {
  return {
    nowMs: state.nowMs,
    sleepUntilMs: state.sleepUntilMs,
    items: state.heap.items(),
    controls: state.controls.items(),
    inputs: [...state.inputs],
    nextInputId: state.nextInputId,
    nextScriptId: state.nextScriptId,
    script: state.script.snapshot(),
    messages: state.messages,
    events: state.events,
    chain: state.chain,
    nextDigestMs: state.nextDigestMs,
    network: state.network.snapshot(),
    nodes: [...state.nodes.values()].map((node) => ({
      id: node.spec.id,
      isAlive: node.isAlive,
      incarnation: node.incarnation,
      slowFactor: node.slowFactor,
      durable: new Map(node.durable),
    })),
  }
}

/** The inverse of `snapshotConductor`. Hosts roll back on their own and tell `nextMs` of their nodes. */
export function restoreConductor(state: ConductorState, snapshot: ConductorSnapshot): void {
  state.nowMs = snapshot.nowMs
  state.sleepUntilMs = snapshot.sleepUntilMs
  state.heap = createHeap(snapshot.items)
  state.controls = createHeap(snapshot.controls)
  state.inputs = [...snapshot.inputs]
  state.nextInputId = snapshot.nextInputId
  state.nextScriptId = snapshot.nextScriptId
  state.script.restore(snapshot.script)
  state.messages = snapshot.messages
  state.events = snapshot.events
  state.chain = snapshot.chain
  state.nextDigestMs = snapshot.nextDigestMs
  state.network.restore(snapshot.network)
  for (const saved of snapshot.nodes) {
    const node = findNode(state, saved.id)
    const { isAlive, incarnation, slowFactor } = saved
    Object.assign(node, { isAlive, incarnation, slowFactor, nextMs: null })
    node.durable.clear()
    for (const [key, value] of saved.durable) node.durable.set(key, value)
  }
}
