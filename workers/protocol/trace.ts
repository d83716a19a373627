/** The conductor's trace: everything that an observer can know, in the order in which it happened. */
import type { NodeId } from '../kernel/role.ts'
import type { Parameters } from '../rollup/parameters.ts'
import type { Fault } from './faults.ts'
import type { Reports, ReportType } from './reports.ts'
import type { Phase, Speed } from './world.ts'

/** A report with its type and payload tied together. */
export type ReportEvent = {
  readonly [T in ReportType]: {
    readonly kind: 'report'
    readonly timeMs: number
    readonly node: NodeId
    readonly type: T
    readonly payload: Reports[T]
  }
}[ReportType]

export type TraceEvent =
  | ReportEvent
  /** A message left its sender. `lost` messages never arrive; `arriveMs` then says when they would have. */
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
  | { readonly kind: 'fault'; readonly timeMs: number; readonly fault: Fault }
  /** A node stopped because its code threw (`role.error` tells why), not because of a fault. */
  | {
      readonly kind: 'died'
      readonly timeMs: number
      readonly node: NodeId
      readonly error: string
    }
  /** Time moved on, also when nothing else happened. */
  | {
      readonly kind: 'tick'
      readonly timeMs: number
      readonly events: number
      readonly eventHash: string
    }
  /** The host changed how it runs; not part of the event hash. */
  | {
      readonly kind: 'pace'
      readonly timeMs: number
      readonly phase: Phase
      readonly speed: Speed
      readonly pace: number
      /** Why the world failed; null while it did not. */
      readonly failure: string | null
    }

/** What a projection starts from. */
export interface TraceHeader {
  readonly seed: number
  readonly scenario: string
  readonly buildHash: string
  readonly parameters: Parameters
  readonly nodes: readonly NodeId[]
  /** L1 addresses (lower case) with which nodes move, to name parties of disputes. */
  readonly accounts: Readonly<Record<string, NodeId>>
}
