/** What a transaction costs before its first opcode. */
import type { SignedTransaction } from './transaction.ts'

/** EIP-7825: a transaction's gas limit is at most 2^24. */
export const TRANSACTION_GAS_MAX = 16_777_216n
/** EIP-4844. */
export const BLOB_GAS = 131_072n
/** EIP-7594: blobs of one transaction. */
export const BLOBS_PER_TRANSACTION_MAX = 6

/** What forks changed about the price of a transaction. */
export interface GasPrices {
  /** Tokens of a byte of calldata other than zero, which is one token: 17 at first, 4 since EIP-2028. */
  readonly byteTokens: number
  /** What a token costs at least in all (EIP-7623); 0 before. */
  readonly tokenFloor: bigint
  /** Of initcode (EIP-3860); 0 before. */
  readonly initcodeWord: bigint
  /** At most this part of the gas is refunded: a half, a fifth since EIP-3529. */
  readonly refundQuotient: bigint
}

export const OSAKA_PRICES: GasPrices = {
  byteTokens: 4,
  tokenFloor: 10n,
  initcodeWord: 2n,
  refundQuotient: 5n,
}

const BASE_GAS = 21_000n
const CREATE_GAS = 32_000n
const TOKEN_GAS = 4n
const ACCESS_ADDRESS_GAS = 2_400n
const ACCESS_SLOT_GAS = 1_900n
const AUTHORIZATION_GAS = 25_000n

type Costs = Pick<SignedTransaction, 'data' | 'to' | 'accessList' | 'authorizations'>

/** Gas that is charged before execution; it includes access list, authorizations and initcode. */
export function intrinsicGas(transaction: Costs, prices: GasPrices = OSAKA_PRICES): bigint {
  let gas = BASE_GAS + TOKEN_GAS * calldataTokens(transaction.data, prices)
  if (transaction.to === null) {
    gas += CREATE_GAS + prices.initcodeWord * BigInt((transaction.data.length + 31) >> 5)
  }
  for (const item of transaction.accessList) {
    gas += ACCESS_ADDRESS_GAS + ACCESS_SLOT_GAS * BigInt(item.storageKeys.length)
  }
  return gas + AUTHORIZATION_GAS * BigInt(transaction.authorizations.length)
}

/** Gas that a transaction pays at least, whatever it executes (EIP-7623). */
export function calldataFloorGas(data: Uint8Array, prices: GasPrices = OSAKA_PRICES): bigint {
  return BASE_GAS + prices.tokenFloor * calldataTokens(data, prices)
}

function calldataTokens(data: Uint8Array, { byteTokens }: GasPrices): bigint {
  let zeros = 0
  for (const byte of data) if (byte === 0) zeros += 1
  return BigInt(zeros + byteTokens * (data.length - zeros))
}
