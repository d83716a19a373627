/** What the conductor asks of a host: the place (a thread, a worker) in which some of the roles run. */
import type { Effect, NodeId, Plain, PlainError, RoleEvent } from './role.ts'

/** 32 bytes that commit to the input; the same function in every host of a world. */
export type HashFunction = (bytes: Uint8Array) => Uint8Array

/** One logical node. `role` names its factory in the host's registry; link rules match on it. */
export interface NodeSpec {
  readonly id: NodeId
  readonly role: string
  readonly config: Plain
}

/** Everything that a node starts with, so that it can be started in a host that never saw it before. */
export interface BootRequest {
  readonly spec: NodeSpec
  readonly seed: number
  /** 0 at first boot, one more after each crash. Draws a generator and a range of sequence numbers of its own. */
  readonly incarnation: number
  readonly timeMs: number
  readonly slowFactor: number
  readonly durable: readonly (readonly [string, Plain])[]
}

/** An event on its way to a node. `event.timeMs` is its arrival; `payloadDigest` was computed by its sender's host. */
export interface Delivery {
  readonly node: NodeId
  readonly event: RoleEvent
  readonly payloadDigest: Uint8Array
}

/** All events before `endMs`, in no particular order. Timers below `endMs` are the host's own. */
export interface Window {
  readonly endMs: number
  readonly deliveries: readonly Delivery[]
}

/** Effects that reach beyond the node. `timer`, `cancelTimer` and `charge` are applied by the host. */
export type OutwardEffect = Exclude<Effect, { kind: 'timer' | 'cancelTimer' | 'charge' }>

export interface StampedEffect {
  /** When the effect left the node: the event's time and what was charged before. */
  readonly timeMs: number
  /** Ascending per node. */
  readonly sequence: number
  readonly effect: OutwardEffect
  /** Of what a `send`, `report` or `persist` carries; empty for other effects. */
  readonly payloadDigest: Uint8Array
}

/** One event that a node handled. */
export interface Handled {
  readonly node: NodeId
  readonly timeMs: number
  /** Commits to the event, the node, and what the node reported and persisted. */
  readonly digest: Uint8Array
  readonly effects: readonly StampedEffect[]
  /** Set when the role threw: it is gone until it is booted again. */
  readonly died: PlainError | null
}

/** When the node's own next event is due; null: only when something arrives. */
export type NextTimes = readonly (readonly [NodeId, number | null])[]

export interface WindowResult {
  /** Per node in the order of handling. */
  readonly handled: readonly Handled[]
  readonly nextMs: NextTimes
}

export interface RoleHost {
  /** Builds nodes and queues their `start` events. A factory that throws rejects nothing: the node dies at its first event. */
  boot(requests: readonly BootRequest[]): Promise<NextTimes>
  deliver(window: Window): Promise<WindowResult>
  /** Drops the node's volatile state, timers and undelivered events. */
  crash(node: NodeId): Promise<void>
  /** Multiplies what the node charges from now on. */
  slow(node: NodeId, factor: number): Promise<void>
  /** Nobody acts before the time given for it; the timers that are due by then fire at it, in order. */
  sleep(wakes: readonly (readonly [NodeId, number])[]): Promise<NextTimes>
  query(node: NodeId, method: string, params: Plain): Promise<Plain>
  /** Of every living node of this host. */
  digests(): Promise<readonly (readonly [NodeId, Uint8Array])[]>
  /** Keeps the state of all nodes of this host under `id`; it never leaves the host. */
  checkpoint(id: number): Promise<void>
  rollback(id: number): Promise<NextTimes>
  discard(id: number): Promise<void>
  /** Bytes of a checkpoint, from which `importCheckpoint` of the same build makes it again in any host. */
  exportCheckpoint(id: number): Promise<Uint8Array>
  /** Keeps under `id` what another host exported. Rejects with `GraphError` if the bytes are damaged. */
  importCheckpoint(id: number, bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** Runs registered pure functions; where, is the host's business. Rejects with `JobError`. */
export interface JobRunner {
  run(job: string, input: Plain): Promise<Plain>
  close(): Promise<void>
}
