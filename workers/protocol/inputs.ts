/**
 * Inputs that the world gives to nodes (`kind: 'input'`), by type. The kernel adds `inputId` to the payload object; a role
 * answers with `reply` or `replyError` naming it, at once or later. Every input below but `corrupt`, `heal` and `reorg`
 * must be answered; those may be. All of them are recorded and replayed.
 *
 * What else a role may rely on: links are FIFO and lose nothing unless a fault says otherwise, and take at least 10 ms; a
 * job's price below 10 ms counts as 10; a job or a step that throws stops the node (`role.error`); `event.timeMs` is
 * when the node handles the event, after the CPU time that it was charged; virtual time 0 is `GENESIS_TIMESTAMP`.
 */
import type { FraudName } from './faults.ts'
import type { Json } from './world.ts'

export interface Inputs {
  /** To `l1` and executors: a JSON-RPC call that changes the world, e.g. `eth_sendRawTransaction`. The reply is its result (JSON). */
  rpc: { readonly method: string; readonly params: readonly Json[] }
  /** To executors, challengers, sequencers, data nodes: arms a dishonest behaviour. */
  corrupt: { readonly fraud: FraudName }
  /** Disarms all of the node's dishonest behaviours. */
  heal: Record<never, never>
  /** To `l1`: replaces the last `depth` blocks by others, with their transactions back in the mempool. */
  reorg: { readonly depth: number }
}

export type InputType = keyof Inputs
export type InputPayload<T extends InputType> = Inputs[T] & { readonly inputId: number }

/** A read of a chain by JSON-RPC. */
export interface RpcRead {
  readonly method: string
  readonly params: readonly Json[]
  /** Virtual time of the world, or later: the next block's, if somebody fixed it. */
  readonly nowMs?: number
}

/**
 * Reads (`Role.query`) that `l1` and executors answer for JSON-RPC:
 * - `rpc` with an `RpcRead`: the result of a method that changes nothing; throws an error with a JSON-RPC `code`
 * - `rpcKind` with `{method}`: `read`, `input` (send it as the input `rpc`) or `unknown`
 */
export type RpcKind = 'read' | 'input' | 'unknown'
