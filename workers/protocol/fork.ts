/** A world whose L2 begins with another chain's state: `docs/decisions/0070-forked-state-comes-by-cheats.md`. */

/** What is to be forked. */
export interface ForkRequest {
  /** JSON-RPC by HTTP or HTTPS of an Ethereum node. It stays where it was typed: no save and no share holds it. */
  readonly url: string
  /** Height of the block whose state is taken; the newest if left out. */
  readonly block?: number
}

/** The block that a world was forked at. Part of the world: it is saved and shared. */
export interface ForkPoint {
  /** Host and port of the source, for people. */
  readonly host: string
  /** Of the source; the world's own chain ids stay what they are. */
  readonly chainId: number
  readonly blockNumber: number
  /** 0x-string, 32 bytes: keccak256 of the header that the state root is from. */
  readonly blockHash: string
  readonly stateRoot: string
  /** False: the source gives no proofs, so that nobody can verify what it says; disputes are off then. */
  readonly proofs: boolean
}

/** An account of the source at the fork's block, or more slots of one. Verified where the source gives proofs. */
export interface ForkedAccount {
  /** 0x-string in lower case, as all of them here. */
  readonly address: string
  /** Null: the account was brought before, and only slots are added. */
  readonly account: ForkedValues | null
  readonly slots: readonly { readonly slot: string; readonly value: bigint }[]
}

export interface ForkedValues {
  readonly nonce: bigint
  /** In wei. */
  readonly balance: bigint
  readonly code: string
  /** Whether any slot of it can be other than zero. */
  readonly hasStorage: boolean
}

/** State of the source that a request touches and that was not brought yet. */
export interface MissingState {
  readonly address: string
  /** False: only slots are missing. */
  readonly isAccountMissing: boolean
  /** 0x-strings of 32 bytes. */
  readonly slots: readonly string[]
}

/**
 * Query `forkMissing` of executors: what the request would touch, or what is listed, as far as it is missing. `fetched` counts as
 * brought already. Answered with `MissingState[]`.
 */
export type ForkQuestion = {
  readonly fetched: readonly ForkedAccount[]
  readonly nowMs: number
} & (
  | { readonly method: string; readonly params: readonly unknown[] }
  | { readonly touched: readonly { readonly address: string; readonly slots: readonly string[] }[] }
)
