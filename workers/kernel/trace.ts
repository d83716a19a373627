/** What the conductor tells observers, in the order in which it happened. No part of the simulation depends on it. */
import type { NetworkFault } from './network.ts'
import type { NodeId, Plain } from './role.ts'

/** Typed options of what can go wrong. `crash` loses volatile state; `slow` multiplies CPU charges and link latencies. */
export type KernelFault =
  | { readonly kind: 'crash'; readonly node: NodeId }
  | { readonly kind: 'restart'; readonly node: NodeId }
  | { readonly kind: 'slow'; readonly node: NodeId; readonly factor: number }
  | ClockLeap
  | NetworkFault

/**
 * The clock leaps: no node acts before `toMs`, those in `early` so many ms before it. What is due meanwhile waits for its node to
 * wake: messages first, then timers, each in order.
 */
export interface ClockLeap {
  readonly kind: 'leap'
  readonly toMs: number
  readonly early: readonly { readonly node: NodeId; readonly byMs: number }[]
}

export type KernelTrace =
  | {
      readonly kind: 'report'
      readonly timeMs: number
      readonly node: NodeId
      readonly type: string
      readonly payload: Plain
    }
  /** `lost` messages never arrive; `arriveMs` then says when they would have. */
  | {
      readonly kind: 'message'
      readonly timeMs: number
      readonly id: number
      readonly from: NodeId
      readonly to: NodeId
      readonly type: string
      readonly arriveMs: number
      readonly lost: boolean
    }
  | { readonly kind: 'fault'; readonly timeMs: number; readonly fault: KernelFault }
  /** An input was taken up; it is handled at `timeMs` or when its node is free. */
  | {
      readonly kind: 'input'
      readonly timeMs: number
      readonly node: NodeId
      readonly type: string
      readonly payload: Plain
    }
  /** A node stopped because its code threw, not because of a fault. */
  | {
      readonly kind: 'died'
      readonly timeMs: number
      readonly node: NodeId
      readonly error: string
    }
  /** After every window. `chain` commits to every event so far. */
  | {
      readonly kind: 'tick'
      readonly timeMs: number
      readonly events: number
      readonly chain: Uint8Array
    }
  /** Everything after `timeMs` is forgotten: the world returned to checkpoint `id`. */
  | { readonly kind: 'rollback'; readonly timeMs: number; readonly id: number }

/** What came from outside, stamped with virtual time. Faults have the pseudo-node `@world` and type `fault`. */
export interface RecordedInput {
  readonly id: number
  readonly timeMs: number
  readonly node: NodeId
  readonly type: string
  readonly payload: Plain
}

/** Pseudo-node of faults in recorded inputs. */
export const WORLD_NODE: NodeId = '@world'
/** Source of input events; orders them before every node's events of the same millisecond. */
export const INPUT_SOURCE: NodeId = '@input'
