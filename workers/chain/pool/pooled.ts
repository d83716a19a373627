/** A transaction that waits. */
import type { SignedTransaction } from '../../rollup/transaction/transaction.ts'
import type { BlobSidecar } from './sidecar.ts'

export interface PooledTransaction {
  readonly transaction: SignedTransaction
  /** Order of arrival. */
  readonly sequence: number
  readonly sidecar: BlobSidecar | null
}
