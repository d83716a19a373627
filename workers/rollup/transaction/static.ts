/** The checks of a transaction that need neither block nor state, in the order in which their reasons are given. */
import { ETHEREUM_CODE_LIMITS } from '../codeLimits.ts'
import {
  BLOBS_PER_TRANSACTION_MAX,
  calldataFloorGas,
  intrinsicGas,
  TRANSACTION_GAS_MAX,
} from './gas.ts'
import { InvalidTransactionError, type SignedTransaction } from './transaction.ts'

type Checked = Pick<
  SignedTransaction,
  | 'type'
  | 'to'
  | 'data'
  | 'nonce'
  | 'gasLimit'
  | 'maxFeePerGas'
  | 'maxPriorityFeePerGas'
  | 'accessList'
  | 'authorizations'
  | 'blobVersionedHashes'
>

const NONCE_MAX = 2n ** 64n - 2n
const FEE_LIMIT = 2n ** 256n

/** Throws `InvalidTransactionError` with the first reason that applies. */
export function checkStatically(
  transaction: Checked,
  initcodeSizeMax = ETHEREUM_CODE_LIMITS.initcodeSizeMax,
): void {
  const { gasLimit } = transaction
  if (gasLimit > TRANSACTION_GAS_MAX) {
    refuse('gasLimitAboveCap', `gasLimit is ${gasLimit}; at most ${TRANSACTION_GAS_MAX} is valid.`)
  }
  if (transaction.maxPriorityFeePerGas > transaction.maxFeePerGas) {
    refuse('priorityFeeAboveMaxFee', 'maxPriorityFeePerGas is above maxFeePerGas.')
  }
  // No balance covers it; said here because the engine refuses to compute with it.
  if (gasLimit * transaction.maxFeePerGas >= FEE_LIMIT) {
    refuse('insufficientFunds', 'gasLimit × maxFeePerGas does not fit into 256 bits.')
  }
  if (transaction.to === null && transaction.data.length > initcodeSizeMax) {
    refuse(
      'initcodeTooLarge',
      `The initcode has ${transaction.data.length} bytes; at most ${initcodeSizeMax} are valid.`,
    )
  }
  checkTypeRules(transaction)
  const gasMin = minimumGas(transaction)
  if (gasLimit < gasMin) {
    refuse(
      'gasBelowIntrinsic',
      `gasLimit is ${gasLimit}; this transaction needs at least ${gasMin}.`,
    )
  }
  if (transaction.nonce > NONCE_MAX) {
    refuse('nonceAtMaximum', `nonce is ${transaction.nonce}; at most ${NONCE_MAX} is valid.`)
  }
}

/** The least gas limit that a transaction may have. */
export function minimumGas(
  transaction: Pick<SignedTransaction, 'data' | 'to' | 'accessList' | 'authorizations'>,
): bigint {
  const intrinsic = intrinsicGas(transaction)
  const floor = calldataFloorGas(transaction.data)
  return intrinsic > floor ? intrinsic : floor
}

function checkTypeRules(transaction: Checked): void {
  const { type, to, blobVersionedHashes } = transaction
  if ((type === 3 || type === 4) && to === null) {
    refuse('malformed', `A transaction of type ${type} cannot create a contract: to must be given.`)
  }
  if (type === 4 && transaction.authorizations.length === 0) {
    refuse('emptyAuthorizationList', 'authorizationList must have at least one item.')
  }
  if (type !== 3) return
  const count = blobVersionedHashes.length
  if (count === 0 || count > BLOBS_PER_TRANSACTION_MAX) {
    refuse(
      'invalidBlobs',
      `The transaction has ${count} blobs; 1 to ${BLOBS_PER_TRANSACTION_MAX} are valid.`,
    )
  }
  if (blobVersionedHashes.some((hash) => hash[0] !== 1)) {
    refuse('invalidBlobs', 'A blob versioned hash must begin with 0x01.')
  }
}

function refuse(reason: InvalidTransactionError['reason'], message: string): never {
  throw new InvalidTransactionError(reason, message)
}
