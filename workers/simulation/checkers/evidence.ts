/** What the checkers judge a run by: plain facts read from both chains and from the trace, apart from the code that they check. */
import type { NodeId } from '../../kernel/role.ts'

export interface BlockFacts {
  readonly number: bigint
  readonly hash: string
  /** Base fees and blob fees that the block destroyed. */
  readonly burnedWei: bigint
  /** Deposits in it: what each minted, and the hash that names its message on L1. */
  readonly deposits: readonly {
    readonly sourceHash: string
    readonly mintWei: bigint
    readonly succeeded: boolean
  }[]
}

export interface ChainFacts {
  readonly genesisTotalWei: bigint
  /** Sum of all balances after the last of `blocks`. */
  readonly totalWei: bigint
  /** From block 1 on, in order. */
  readonly blocks: readonly BlockFacts[]
}

export interface BridgeFacts {
  readonly genesisBalanceWei: bigint
  readonly balanceWei: bigint
  /** ETH that came in on L1, by event. */
  readonly receivedWei: bigint
  /** ETH that was paid out on L1, by event. */
  readonly paidWei: bigint
  /** ETH that left L2 for L1, by event, paid out or not. */
  readonly withdrawnWei: bigint
  /** Messages of the inbox in the order of L1, by `sourceHash`. */
  readonly queued: readonly { readonly sourceHash: string; readonly mintWei: bigint }[]
}

export interface CertificateFacts {
  readonly node: NodeId
  readonly view: bigint
  readonly kind: 'notarize' | 'nullify' | 'finalize'
  readonly hash: string
}

export interface GameFacts {
  readonly game: string
  readonly honest: boolean
  readonly status: 'defenderWins' | 'challengerWins' | null
  readonly claims: readonly {
    readonly index: number
    readonly claimant: string
    /** Null as long as it is not resolved. */
    readonly winner: string | null
  }[]
}

export interface Evidence {
  readonly l1: ChainFacts
  readonly l2: ChainFacts
  readonly bridge: BridgeFacts
  readonly certificates: readonly CertificateFacts[]
  /** L2 block hashes by number as every other node executed or derived them. */
  readonly derived: ReadonlyMap<NodeId, ReadonlyMap<bigint, string>>
  /** L2 block hashes by number, as the executor that clients talk to holds them. */
  readonly unsafe: ReadonlyMap<bigint, string>
  readonly safeNumber: bigint
  readonly games: readonly GameFacts[]
  /** L1 accounts (lower case) of nodes that were never corrupted. */
  readonly honestAccounts: ReadonlySet<string>
}

/** Sentences that say what is broken; empty when the invariant holds. */
export type Checker = (evidence: Evidence) => readonly string[]
