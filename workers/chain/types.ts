/** What the chain engine works with. Bytes are `Uint8Array`: 20 for addresses, 32 for hashes; wei and heights are bigint. */
import type { CodeLimits } from '../rollup/codeLimits.ts'
import type { BlockHeader } from '../rollup/header.ts'
import type { InvalidReason, Transaction } from '../rollup/transaction/transaction.ts'
import type { WorldState } from '../rollup/trie/world.ts'
import type { ForkSchedule } from './forks.ts'

export interface Log {
  readonly address: Uint8Array
  readonly topics: readonly Uint8Array[]
  readonly data: Uint8Array
}

export interface Receipt {
  readonly transactionHash: Uint8Array
  readonly type: number
  readonly from: Uint8Array
  readonly to: Uint8Array | null
  readonly succeeded: boolean
  readonly gasUsed: bigint
  readonly cumulativeGasUsed: bigint
  readonly effectiveGasPrice: bigint
  /** State root after the transaction, which receipts had before Byzantium in place of success. */
  readonly postState?: Uint8Array
  /** 256 bytes. */
  readonly logsBloom: Uint8Array
  readonly logs: readonly Log[]
  /** Of a transaction without `to`, whether or not it succeeded. */
  readonly contractAddress: Uint8Array | null
  readonly blobGasUsed: bigint
  readonly blobGasPrice: bigint
  /** What the call returned, or the revert data. Not part of any hash. */
  readonly output: Uint8Array
  /** Mnemonic of the exception, e.g. `revert` or `out of gas`; empty on success. Not part of any hash. */
  readonly exception: string
}

export interface SkippedTransaction {
  /** Position among the transactions of the request. */
  readonly index: number
  readonly reason: InvalidReason
}

/** A validator's withdrawal (EIP-4895). */
export interface Withdrawal {
  readonly index: bigint
  readonly validatorIndex: bigint
  readonly address: Uint8Array
  readonly amountGwei: bigint
}

/** What a block of an imported chain has in other shapes than ours. */
export interface ImportedParts {
  /** Fields of its header: 15 at first, 16 since London, 17 since Shanghai, 20 since Cancun, 21 since Prague. */
  readonly headerFields: number
  /** RLP of the ommers' headers. */
  readonly ommers: readonly Uint8Array[]
  readonly withdrawals: readonly Withdrawal[]
}

export interface Block {
  readonly hash: Uint8Array
  readonly header: BlockHeader
  readonly headerRlp: Uint8Array
  /** Those that were executed. */
  readonly transactions: readonly Transaction[]
  /** One for each of `transactions`. */
  readonly receipts: readonly Receipt[]
  /** What was in the request and had no effect. */
  readonly skipped: readonly SkippedTransaction[]
  /** What ran before the transactions, besides EIP-2935 and EIP-4788. */
  readonly systemCalls: readonly SystemCall[]
  /** State after the block. */
  readonly world: WorldState
  /** With `keepWorlds` only: state after the system calls, then after each transaction of the request (skipped ones too). */
  readonly worlds: readonly WorldState[]
  readonly imported?: ImportedParts
}

/** What a block fixes before its transactions run. */
export interface BlockEnvironment {
  readonly coinbase: Uint8Array
  /** Unix seconds; on L1 above, on L2 not below the parent's. */
  readonly timestamp: bigint
  readonly gasLimit: bigint
  readonly prevrandao: Uint8Array
  /** L1: beacon root (any 32 bytes). L2: hash of the batch's L1 origin. */
  readonly parentBeaconBlockRoot: Uint8Array
  /** Default: EIP-1559 from the parent. */
  readonly baseFee?: bigint
  readonly extraData?: Uint8Array
}

/** A call by the system address (0xff…fe) without fee and nonce: 30,000,000 gas on L1, 1,000,000 on L2. Its failure changes nothing. */
export interface SystemCall {
  readonly to: Uint8Array
  readonly data: Uint8Array
}

export interface BlockRequest {
  /** Default: the chain's head. */
  readonly parentHash?: Uint8Array
  readonly environment: BlockEnvironment
  /** After those of EIP-2935 and EIP-4788, which every block makes by itself. */
  readonly systemCalls?: readonly SystemCall[]
  /**
   * In order; EIP-2718 bytes or what `parseTransaction` made of them. On L1 an invalid one throws
   * `InvalidTransactionError`, on L2 it is skipped.
   */
  readonly transactions: readonly (Uint8Array | Transaction)[]
  /** L2: how many of `transactions`, from the first on, are inbox messages. A deposit behind them is invalid. Default 0. */
  readonly inboxMessages?: number
  /** L1 only: what becomes of an invalid transaction; `skip` is for what the pool offers. Default `throw`. L2 always skips. */
  readonly onInvalid?: 'throw' | 'skip'
  /** Keeps the state after every transaction in `Block.worlds`. Default false. */
  readonly keepWorlds?: boolean
}

export type ChainKind = 'l1' | 'l2'

/** `latest` is L2's `unsafe`. `pending` reads as `latest`. */
export type HeadTag = 'safe' | 'settled' | 'finalized'
export type BlockTag = 'earliest' | 'latest' | 'pending' | 'unsafe' | HeadTag

/** A block by tag, height on the canonical chain, or hash. */
export type BlockId = BlockTag | bigint | Uint8Array

export interface GenesisAccount {
  readonly address: Uint8Array
  readonly nonce: bigint
  readonly balance: bigint
  readonly code: Uint8Array
  readonly storage: readonly { readonly slot: Uint8Array; readonly value: bigint }[]
}

export interface Genesis {
  readonly accounts: readonly GenesisAccount[]
  readonly timestamp: bigint
  readonly gasLimit: bigint
  readonly baseFee: bigint
  readonly coinbase: Uint8Array
  readonly prevrandao: Uint8Array
  readonly extraData: Uint8Array
  /** Default 0. */
  readonly number?: bigint
}

export interface ChainConfig {
  readonly kind: ChainKind
  readonly chainId: number
  readonly genesis: Genesis
  /** A devnet: cheats (docs/specs/CHEATS.md) are valid. Default false. */
  readonly allowsCheats?: boolean
  /** Default: Ethereum's. */
  readonly codeLimits?: CodeLimits
  /** Default: Osaka from genesis on. */
  readonly forks?: ForkSchedule
  /** Remembers the addresses and slots that blocks change, for dumps: tries hold their hashes alone. Default false. */
  readonly keepsPreimages?: boolean
  /** EIP-6110. */
  readonly depositContract?: Uint8Array
  /** Blocks whose state, receipts and transactions stay readable. Default 16,384. */
  readonly historyBlocksMax?: number
  /** Transactions that the pool holds at most. Default 16,384. */
  readonly poolTransactionsMax?: number
}
