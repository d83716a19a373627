/** Transactions as both chains, the machine and the verifier understand them; decoded by `decode.ts`. */
import { BaseError } from '../../kernel/errors.ts'

export interface AccessListItem {
  readonly address: Uint8Array
  /** 32 bytes each. */
  readonly storageKeys: readonly Uint8Array[]
}

/** One tuple of an EIP-7702 authorization list, as it stands in the transaction; its validity is judged in execution. */
export interface Authorization {
  readonly chainId: bigint
  readonly address: Uint8Array
  readonly nonce: bigint
  readonly yParity: bigint
  readonly r: bigint
  readonly s: bigint
}

export type SignedType = 0 | 1 | 2 | 3 | 4

/** A transaction that a key signed. */
export interface SignedTransaction {
  readonly kind: 'signed'
  readonly type: SignedType
  /** Null for a legacy transaction without EIP-155 replay protection. */
  readonly chainId: bigint | null
  readonly nonce: bigint
  readonly gasLimit: bigint
  /** In wei; types 0 and 1 have their gas price here and in `maxPriorityFeePerGas`. */
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  /** Null creates a contract. */
  readonly to: Uint8Array | null
  readonly value: bigint
  readonly data: Uint8Array
  readonly accessList: readonly AccessListItem[]
  /** In wei; zero except for type 3. */
  readonly maxFeePerBlobGas: bigint
  readonly blobVersionedHashes: readonly Uint8Array[]
  readonly authorizations: readonly Authorization[]
  /** As encoded: parity for typed transactions, 27, 28 or 35 + 2 × chain id + parity for legacy ones. */
  readonly v: bigint
  readonly yParity: 0 | 1
  readonly r: bigint
  readonly s: bigint
  /** EIP-2718 encoding, without a blob sidecar. */
  readonly raw: Uint8Array
  /** keccak256(raw). */
  readonly hash: Uint8Array
  readonly from: Uint8Array
}

export const DEPOSIT_TYPE = 0x7e

/** A deposit from L1, `0x7E ‖ rlp([sourceHash, from, to, mint, value, gas, isSystemTransaction, data])`. */
export interface DepositTransaction {
  readonly kind: 'deposit'
  readonly type: typeof DEPOSIT_TYPE
  readonly sourceHash: Uint8Array
  readonly from: Uint8Array
  readonly to: Uint8Array | null
  /** Wei created for `from` before the call. */
  readonly mint: bigint
  readonly value: bigint
  readonly gasLimit: bigint
  readonly isSystem: boolean
  readonly data: Uint8Array
  readonly raw: Uint8Array
  readonly hash: Uint8Array
}

export const CHEAT_TYPE = 0x7d

/** What a cheat does to the account that it names. */
export const CHEAT = {
  SET_BALANCE: 1,
  ADD_BALANCE: 2,
  SET_NONCE: 3,
  SET_CODE: 4,
  SET_STORAGE: 5,
  /** A call or creation in the account's name, without a signature. */
  SEND: 6,
} as const
export type CheatAction = (typeof CHEAT)[keyof typeof CHEAT]

/** A devnet's cheat, `0x7D ‖ rlp([chainId, salt, action, account, slot, value, to, gas, data])`; encoded by `cheat.ts`. */
export interface CheatTransaction {
  readonly kind: 'cheat'
  readonly type: typeof CHEAT_TYPE
  readonly chainId: bigint
  /** Tells two cheats apart that do the same; below 2^64. */
  readonly salt: bigint
  readonly action: CheatAction
  /** The account that is changed, or in whose name the call is made. */
  readonly from: Uint8Array
  readonly slot: bigint
  /** Balance, what is added to it, nonce, stored word, or the call's value in wei. */
  readonly value: bigint
  /** The call's recipient, null if it creates a contract; otherwise the account itself. */
  readonly to: Uint8Array | null
  /** Of a call; 0 otherwise. */
  readonly gasLimit: bigint
  /** Code, or the call's data. */
  readonly data: Uint8Array
  readonly raw: Uint8Array
  readonly hash: Uint8Array
}

export type Transaction = SignedTransaction | DepositTransaction | CheatTransaction

/** Why a transaction has no effect. The first that applies, in this order of checks. */
export type InvalidReason =
  // What the bytes alone show:
  | 'malformed'
  | 'unsupportedType'
  | 'wrongChainId'
  | 'invalidSignature'
  | 'gasLimitAboveCap'
  | 'priorityFeeAboveMaxFee'
  | 'initcodeTooLarge'
  | 'emptyAuthorizationList'
  | 'invalidBlobs'
  | 'gasBelowIntrinsic'
  | 'nonceAtMaximum'
  // What the block shows:
  | 'blockGasExhausted'
  | 'feeBelowBaseFee'
  | 'blobFeeBelowBaseFee'
  | 'blobGasExhausted'
  // What the state shows:
  | 'nonceTooLow'
  | 'nonceTooHigh'
  | 'senderHasCode'
  | 'insufficientFunds'

/** A transaction that has no effect; `reason` is for code, the message for people. */
export class InvalidTransactionError extends BaseError {
  override name = 'InvalidTransactionError'
  readonly reason: InvalidReason

  constructor(
    reason: InvalidReason,
    message: string,
    options: { readonly metaMessages?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, { ...options, code: -32003, data: { reason } })
    this.reason = reason
  }
}
