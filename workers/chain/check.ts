/** Whether a transaction may stand in a block, given the block so far and the state. */
import { BLOB_GAS_MAX, blobBaseFee } from '../rollup/header.ts'
import { BLOB_GAS } from '../rollup/transaction/gas.ts'
import type { InvalidReason, SignedTransaction } from '../rollup/transaction/transaction.ts'
import { getAccount, getCode, type WorldState } from '../rollup/trie/world.ts'
import type { AccountValues } from './evm/journal.ts'
import type { ChainKind } from './types.ts'

/** How far a block has come. */
export interface BlockProgress {
  readonly kind: ChainKind
  readonly gasLimit: bigint
  /** Of the transactions before. */
  readonly gasUsed: bigint
  readonly baseFee: bigint
  readonly excessBlobGas: bigint
  /** Of the transactions before. */
  readonly blobGasUsed: bigint
}

/** A state as far as validity asks. */
export interface AccountReader {
  account(address: Uint8Array): AccountValues | undefined
  code(address: Uint8Array): Uint8Array
}

/** The reader of an immutable state. */
export function worldReader(world: WorldState): AccountReader {
  const account = (address: Uint8Array): AccountValues | undefined => getAccount(world, address)
  return {
    account,
    code(address) {
      const values = account(address)
      return (values && getCode(world, values.codeHash)) ?? new Uint8Array(0)
    },
  }
}

/**
 * The first reason why `transaction`, which passed `parseTransaction`, is invalid here; undefined where it is valid.
 * Mirrors TX_START of docs/specs/MACHINE.md.
 */
export function checkTransaction(
  state: AccountReader,
  transaction: SignedTransaction,
  block: BlockProgress,
): InvalidReason | undefined {
  return checkAgainstBlock(transaction, block) ?? checkAgainstState(state, transaction)
}

function checkAgainstBlock(
  transaction: SignedTransaction,
  block: BlockProgress,
): InvalidReason | undefined {
  if (transaction.type === 3 && block.kind === 'l2') return 'unsupportedType'
  if (block.gasUsed + transaction.gasLimit > block.gasLimit) return 'blockGasExhausted'
  if (transaction.maxFeePerGas < block.baseFee) return 'feeBelowBaseFee'
  if (transaction.type !== 3) return undefined
  if (transaction.maxFeePerBlobGas < blobBaseFee(block.excessBlobGas)) return 'blobFeeBelowBaseFee'
  const blobGas = BLOB_GAS * BigInt(transaction.blobVersionedHashes.length)
  return block.blobGasUsed + blobGas > BLOB_GAS_MAX ? 'blobGasExhausted' : undefined
}

/** Nonce, code and balance of the sender. */
export function checkAgainstState(
  state: AccountReader,
  transaction: SignedTransaction,
): InvalidReason | undefined {
  const account = state.account(transaction.from)
  const nonce = account?.nonce ?? 0n
  if (transaction.nonce < nonce) return 'nonceTooLow'
  if (transaction.nonce > nonce) return 'nonceTooHigh'
  if (!isExternallyOwned(state.code(transaction.from))) return 'senderHasCode'
  return (account?.balance ?? 0n) < maxCost(transaction) ? 'insufficientFunds' : undefined
}

/** Wei that a transaction can cost its sender at most. */
export function maxCost(transaction: SignedTransaction): bigint {
  const blobGas = BLOB_GAS * BigInt(transaction.blobVersionedHashes.length)
  return (
    transaction.gasLimit * transaction.maxFeePerGas +
    transaction.value +
    blobGas * transaction.maxFeePerBlobGas
  )
}

/** No code, or an EIP-7702 delegation. */
export function isExternallyOwned(code: Uint8Array): boolean {
  if (code.length === 0) return true
  return code.length === 23 && code[0] === 0xef && code[1] === 0x01 && code[2] === 0x00
}
