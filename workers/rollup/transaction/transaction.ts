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

export type Transaction = SignedTransaction | DepositTransaction

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
