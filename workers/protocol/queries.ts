/** Reads of one node's committed state (`Role.query`), by role and method. Params and results are plain data. */
import type { DecisiveStep } from './reports.ts'

/** One field of a machine state (`rollup/machine`), printed. Words are 0x-strings, small numbers decimal. */
export interface MachineField {
  readonly record: 'machine' | 'block' | 'transaction' | 'world' | 'frame'
  readonly name: string
  readonly value: string
}

/** The one step that decides a dispute: the state before it, what the machine makes of it, and what was claimed. */
export interface DecisiveStepDetails {
  readonly step: DecisiveStep
  readonly before: readonly MachineField[]
  readonly beforeHash: string
  readonly honest: readonly MachineField[]
  readonly honestHash: string
  /** Hash in the disputed claim; empty if the loser claimed no state there, but denied the right one. */
  readonly claimedHash: string
  /** Fields of the claimed state: known when the cheater runs in this world, otherwise empty. */
  readonly claimed: readonly MachineField[]
  /** Solidity contract that executes the step, and the witness's size in bytes. */
  readonly verifier: string
  readonly witnessBytes: number
}

export interface Queries {
  readonly challenger: {
    /** Rejects with `UnknownGameError` as long as the game has no decisive step. */
    readonly decisiveStep: {
      readonly params: { readonly game: string }
      readonly result: DecisiveStepDetails
    }
  }
  readonly executor: {
    readonly decisiveStep: {
      readonly params: { readonly game: string }
      readonly result: DecisiveStepDetails
    }
  }
  /** Every role: what the inspector shows, as label and value, in order. */
  readonly any: {
    readonly inspect: {
      readonly params: null
      readonly result: readonly { readonly label: string; readonly value: string }[]
    }
  }
}
