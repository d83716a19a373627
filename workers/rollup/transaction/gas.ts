/** What a transaction costs before its first opcode (Osaka). */
import type { SignedTransaction } from './transaction.ts'

/** EIP-7825: a transaction's gas limit is at most 2^24. */
export const TRANSACTION_GAS_MAX = 16_777_216n
/** EIP-3860: at most 48 KiB of initcode. */
export const INITCODE_SIZE_MAX = 49_152
/** EIP-4844. */
export const BLOB_GAS = 131_072n
/** EIP-7594: blobs of one transaction. */
export const BLOBS_PER_TRANSACTION_MAX = 6

const BASE_GAS = 21_000n
const CREATE_GAS = 32_000n
/** EIP-2028 and EIP-7623: a zero byte is one token, another byte four; a token costs 4, at least 10 in all. */
const TOKEN_GAS = 4n
const TOKEN_FLOOR_GAS = 10n
const INITCODE_WORD_GAS = 2n
const ACCESS_ADDRESS_GAS = 2_400n
const ACCESS_SLOT_GAS = 1_900n
const AUTHORIZATION_GAS = 25_000n

type Costs = Pick<SignedTransaction, 'data' | 'to' | 'accessList' | 'authorizations'>

/** Gas that is charged before execution; it includes access list, authorizations and initcode. */
export function intrinsicGas(transaction: Costs): bigint {
  let gas = BASE_GAS + TOKEN_GAS * calldataTokens(transaction.data)
  if (transaction.to === null) {
    gas += CREATE_GAS + INITCODE_WORD_GAS * BigInt((transaction.data.length + 31) >> 5)
  }
  for (const item of transaction.accessList) {
    gas += ACCESS_ADDRESS_GAS + ACCESS_SLOT_GAS * BigInt(item.storageKeys.length)
  }
  return gas + AUTHORIZATION_GAS * BigInt(transaction.authorizations.length)
}

/** Gas that a transaction pays at least, whatever it executes (EIP-7623). */
export function calldataFloorGas(data: Uint8Array): bigint {
  return BASE_GAS + TOKEN_FLOOR_GAS * calldataTokens(data)
}

function calldataTokens(data: Uint8Array): bigint {
  let zeros = 0
  for (const byte of data) if (byte === 0) zeros += 1
  return BigInt(zeros + 4 * (data.length - zeros))
}
