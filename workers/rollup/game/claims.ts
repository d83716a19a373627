import type { Hex } from '../bytes.ts'
import type { Position } from './position.ts'

/** Time that the team of the claimant had used when the claim was made, and when that was. Seconds of L1. */
export interface Clock {
  readonly durationSeconds: bigint
  readonly timestamp: bigint
}

/** One claim of a game, as the contract stores it. Claims stand in the order in which they were made. */
export interface GameClaim {
  readonly index: number
  /** `null` for the root claim. */
  readonly parentIndex: number | null
  readonly position: Position
  /** State hash after the step of the position's trace index. */
  readonly value: Hex
  readonly claimant: Hex
  readonly bondWei: bigint
  readonly clock: Clock
  /** Who countered it by a step, or won its subgame; `null` while uncountered. */
  readonly counteredBy: Hex | null
  /** Whether its subgame has been resolved. */
  readonly resolved: boolean
}

/** What a party must do next. A `move` posts `value`; a `step` proves the one instruction at a leaf. */
export type GameAction =
  | {
      readonly kind: 'move'
      readonly claimIndex: number
      readonly attack: boolean
      readonly position: Position
      readonly value: Hex
    }
  | {
      readonly kind: 'step'
      readonly claimIndex: number
      readonly attack: boolean
      /** Trace index of the step to prove: the contract executes it on the state before it. */
      readonly traceIndex: bigint
    }

/** Source of the state hashes that a party believes in. `stateHashAt(i)` is the state after step `i`. */
export interface Trace {
  stateHashAt(traceIndex: bigint): Promise<Hex>
}
