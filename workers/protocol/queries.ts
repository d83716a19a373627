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
  /** The storage slot that the step reads or writes; null if it is no such step. */
  readonly slot: StorageSlot | null
  /** Accounts that the states name and that the step changes, or is claimed to change. */
  readonly accounts: readonly AccountAround[]
  /** Solidity contract that executes the step, and the witness's size in bytes. */
  readonly verifier: string
  readonly witnessBytes: number
  /** In the order of the witness; sizes add up to `witnessBytes`. */
  readonly witness: readonly WitnessPart[]
}

/** One account around a step; null where the claimed state is not known. */
export interface AccountAround {
  readonly address: string
  readonly before: AccountFacts
  readonly honest: AccountFacts
  readonly claimed: AccountFacts | null
}

export interface AccountFacts {
  readonly balanceWei: bigint
  readonly nonce: bigint
  readonly codeHash: string
}

/** One slot around a step; words are 0x-strings. */
export interface StorageSlot {
  readonly kind: 'storage' | 'transient'
  readonly address: string
  readonly slot: string
  readonly before: string
  readonly honest: string
  /** Null where the claimed state is not known. */
  readonly claimed: string | null
}

/** `name` is one of `rollup/machine/witnessParts.ts`. */
export interface WitnessPart {
  readonly name: string
  readonly bytes: number
  readonly pieces: number
  /** Its first bytes, as 0x-string. */
  readonly data: string
}

/** One item of a trace: where the machine stands at its beginning. The step within it has its own 25 bits. */
export interface TraceItem {
  readonly phase: 'BATCH_OPEN' | 'BLOCK_START' | 'TX_NEXT' | 'BLOCK_END'
  readonly batchIndex: bigint
  /** Null outside of blocks. */
  readonly blockNumber: bigint | null
  /** The transaction that the item loads and executes, and its place in the block from 0; null if it loads none. */
  readonly transaction: {
    readonly place: number
    readonly hash: string
    readonly isDeposit: boolean
  } | null
}

/** The trace of a game as the node knows it. What lies behind the last item is empty: the machine has finished. */
export interface DisputeTrace {
  readonly items: readonly TraceItem[]
  /** By index of the claim: whether the honest machine has that state there. */
  readonly truths: readonly boolean[]
}

/** Steps of one item of the honest trace. */
export interface ItemSteps {
  /** Steps until the next item begins. */
  readonly length: number
  readonly first: number
  readonly steps: readonly {
    readonly phase: string
    readonly opcode: string
    readonly pc: number
    readonly depth: number
  }[]
}

/** What players of the game tell about it. All reject with `UnknownGameError` for a game that they cannot tell about. */
export interface DisputeQueries {
  /** Rejects as long as the game has no decisive step. `refused` names a step that L1 executed and reverted. */
  readonly decisiveStep: {
    readonly params: {
      readonly game: string
      readonly refused: { readonly claimIndex: number; readonly attack: boolean } | null
    }
    readonly result: DecisiveStepDetails
  }
  readonly disputeTrace: {
    readonly params: { readonly game: string }
    readonly result: DisputeTrace
  }
  /** `count` is at most 64. */
  readonly itemSteps: {
    readonly params: {
      readonly game: string
      readonly item: number
      readonly first: number
      readonly count: number
    }
    readonly result: ItemSteps
  }
}

export interface Queries {
  readonly challenger: DisputeQueries
  readonly executor: DisputeQueries
  /** Every role: what the inspector shows, as label and value, in order. */
  readonly any: {
    readonly inspect: {
      readonly params: null
      readonly result: readonly { readonly label: string; readonly value: string }[]
    }
  }
}
