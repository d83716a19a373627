/**
 * What every actor of the simulation is: a state machine that receives one event at a time and answers with effects.
 * Time, chance, durable storage and the network are injected; a role never reads a clock or a global.
 */
import type { Patience } from './patience.ts'
import type { Rng } from './rng.ts'

/** Name of one logical node, e.g. `l1`, `sequencer-3`, `da-11`, `executor-0`, `challenger-0`. */
export type NodeId = string

/** Data that crosses worker borders, is hashed canonically and stored in snapshots. `undefined` is not data. */
export type Plain =
  | null
  | boolean
  | number
  | string
  | bigint
  | Uint8Array
  | readonly Plain[]
  | { readonly [key: string]: Plain }

/**
 * - `start`: first event after creation (`type` is `boot`) and after a crash and restart (`type` is `restart`)
 * - `message`: from another node over the simulated network
 * - `timer`: set by the node itself; `type` is the timer's id
 * - `job`: the result of long work that the node began; `type` is the job's id
 * - `input`: from outside the simulation (client, fault, click), stamped and recorded; may be answered by a `reply`
 */
export type RoleEventKind = 'start' | 'message' | 'timer' | 'job' | 'input'

/** Events are totally ordered by `(timeMs, source, sequence)`. */
export interface RoleEvent {
  readonly timeMs: number
  readonly source: NodeId
  readonly sequence: number
  readonly kind: RoleEventKind
  readonly type: string
  readonly payload: Plain
}

export type Effect =
  /** Sends a message; the network model draws its latency, loss and duplication. */
  | { readonly kind: 'send'; readonly to: NodeId; readonly type: string; readonly payload: Plain }
  /** Sets (or replaces) the node's timer `id`; fires as a `timer` event with `type: id`. `delayMs` is at least 1. */
  | {
      readonly kind: 'timer'
      readonly id: string
      readonly delayMs: number
      readonly payload?: Plain
    }
  | { readonly kind: 'cancelTimer'; readonly id: string }
  /** Begins the registered pure function `job` on `input`; its result arrives as a `job` event after exactly `priceMs` of virtual time. */
  | {
      readonly kind: 'job'
      readonly id: string
      readonly job: string
      readonly input: Plain
      readonly priceMs: number
    }
  /** Charges virtual CPU time: everything this node emits and receives later is delayed by it. */
  | { readonly kind: 'charge'; readonly ms: number }
  /** Writes to the node's durable storage, which survives a crash; `null` deletes. Durable before any effect after it. */
  | { readonly kind: 'persist'; readonly key: string; readonly value: Plain }
  /** Answers the `input` event being handled, or an earlier one by its `inputId` (payload key of the event). */
  | { readonly kind: 'reply'; readonly inputId: number; readonly result: Plain }
  | { readonly kind: 'replyError'; readonly inputId: number; readonly error: PlainError }
  /** Tells observers (page, checkers, report) what happened. Part of the event hash. Typed in `protocol/reports.ts`. */
  | { readonly kind: 'report'; readonly type: string; readonly payload: Plain }

/** An error as plain data, as it crosses ports. `name` is what callers match on. */
export interface PlainError {
  readonly name: string
  readonly message: string
  readonly code?: number
  readonly data?: Plain
}

export interface Role {
  /** Handles one event. May await pure computation; the host never calls it again before it resolved. */
  step(event: RoleEvent): Promise<readonly Effect[]>
  /** 32 bytes that commit to the role's whole state; equal states give equal digests. */
  digest(): Uint8Array
  /** The whole state as an opaque value that the same code can restore; it must not alias live mutable state. */
  snapshot(): unknown
  restore(snapshot: unknown): Promise<void>
  /**
   * A read of committed state, outside the simulation: changes nothing, is not recorded. Throws typed errors. `patience`: how long
   * it may take; without it, as long as it takes.
   */
  query(method: string, params: Plain, patience?: Patience): Promise<Plain>
}

export interface RoleContext {
  readonly id: NodeId
  /** Seeded per node. Its state is the host's to snapshot. */
  readonly rng: Rng
  /** What the node persisted before it crashed; empty at first boot. */
  readonly durable: ReadonlyMap<string, Plain>
}

/** Builds a role's state machine. Called at boot and again after a crash. */
export type RoleFactory<Config extends Plain = Plain> = (
  context: RoleContext,
  config: Config,
) => Promise<Role>

/** A pure function that takes long, run off the role's thread where the host can. */
export type Job = (input: Plain) => Promise<Plain>
