/** What a pool takes. Messages are worded as geth's, since clients match on them. */
import { BaseError } from '../../kernel/errors.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import type { InvalidReason, SignedTransaction } from '../../rollup/transaction/transaction.ts'
import { type AccountReader, checkAgainstState, maxCost } from '../check.ts'
import type { BlobSidecar } from './sidecar.ts'

export type PoolReason =
  | 'alreadyKnown'
  | 'replacementUnderpriced'
  | 'poolFull'
  | 'nonceTooFarAhead'
  | 'gasLimitAboveBlock'
  | 'missingBlobs'

/** A transaction that the pool does not take. */
export class TransactionRejectedError extends BaseError {
  override name = 'TransactionRejectedError'
  readonly reason: PoolReason | InvalidReason

  constructor(reason: PoolReason | InvalidReason, message: string) {
    super(message, { code: -32003, data: { reason } })
    this.reason = reason
  }
}

/** What the pool judges by: the state at the head, and the next block. */
export interface PoolContext {
  readonly reader: AccountReader
  readonly gasLimit: bigint
  readonly baseFee: bigint
}

/** Nonces ahead of the account that a sender may fill. */
const NONCES_AHEAD_MAX = 4_096n

/** Throws `TransactionRejectedError` unless the transaction can be executed now or later. */
export function checkAdmission(
  transaction: SignedTransaction,
  context: PoolContext,
  sidecar: BlobSidecar | undefined,
): void {
  const { reader, gasLimit } = context
  const nonce = reader.account(transaction.from)?.nonce ?? 0n
  if (transaction.gasLimit > gasLimit) {
    reject('gasLimitAboveBlock', `exceeds block gas limit: ${transaction.gasLimit} > ${gasLimit}`)
  }
  if (transaction.nonce > nonce + NONCES_AHEAD_MAX) {
    reject(
      'nonceTooFarAhead',
      `nonce ${transaction.nonce} is more than ${NONCES_AHEAD_MAX} above ${nonce}`,
    )
  }
  if (transaction.type === 3 && sidecar === undefined) {
    reject(
      'missingBlobs',
      'blob transaction without its blobs; send the network encoding (EIP-7594)',
    )
  }
  const reason = checkAgainstState(reader, transaction)
  if (reason === undefined) return
  // A later nonce waits; what else is wrong with it shows when its turn comes.
  if (reason === 'nonceTooHigh') return
  reject(reason, explain(reason, transaction, nonce, reader))
}

function explain(
  reason: InvalidReason,
  transaction: SignedTransaction,
  nonce: bigint,
  reader: AccountReader,
): string {
  const from = bytesToHex(transaction.from)
  switch (reason) {
    case 'nonceTooLow':
      return `nonce too low: address ${from}, tx: ${transaction.nonce} state: ${nonce}`
    case 'insufficientFunds': {
      const balance = reader.account(transaction.from)?.balance ?? 0n
      const cost = maxCost(transaction)
      return `insufficient funds for gas * price + value: address ${from} have ${balance} want ${cost}`
    }
    case 'senderHasCode':
      return `sender not an eoa: address ${from}`
    default:
      return `invalid transaction: ${reason}`
  }
}

/** A replacement pays at least 10 % more per gas, with blobs twice as much. */
const BUMP_PERCENT = { plain: 110n, blobs: 200n } as const

/** Throws `TransactionRejectedError` unless `next` pays enough more than `current` to take its place. */
export function checkReplacement(current: SignedTransaction, next: SignedTransaction): void {
  const hasBlobs = current.type === 3 || next.type === 3
  const percent = hasBlobs ? BUMP_PERCENT.blobs : BUMP_PERCENT.plain
  const isRaised = (before: bigint, after: bigint): boolean => after * 100n >= before * percent
  if (
    isRaised(current.maxFeePerGas, next.maxFeePerGas) &&
    isRaised(current.maxPriorityFeePerGas, next.maxPriorityFeePerGas) &&
    isRaised(current.maxFeePerBlobGas, next.maxFeePerBlobGas)
  ) {
    return
  }
  reject('replacementUnderpriced', 'replacement transaction underpriced')
}

function reject(reason: PoolReason | InvalidReason, message: string): never {
  throw new TransactionRejectedError(reason, message)
}
