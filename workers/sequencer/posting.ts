/** A batch on its way to L1, as its poster sees it. Immutable. */
import type { BatchHeader, Cell, Certificate } from '../protocol/messages.ts'
import type { BatchData, FinalizedBatch } from './batches.ts'

/** Cells and what proves them; known once the job is done. */
export interface ProvenBatch extends BatchData {
  readonly cells: readonly Cell[]
  /** `cellLeaf` of each of the 128 cells. */
  readonly leaves: readonly Uint8Array[]
}

export type PostingStage = 'proving' | 'dispersing' | 'certifying' | 'posting'

export interface Posting {
  readonly batch: FinalizedBatch
  readonly payload: Uint8Array
  readonly stage: PostingStage
  readonly proven: ProvenBatch | null
  /** The header under way; made anew when L1's last entry changes. */
  readonly header: BatchHeader | null
  readonly headerHash: Uint8Array
  /** Signatures of data nodes and of members over the header, by index; verified in sum. */
  readonly receipts: ReadonlyMap<number, Uint8Array>
  readonly signatures: ReadonlyMap<number, Uint8Array>
  readonly dataCertificate: Certificate | null
  readonly sinceMs: number
  /** Transactions of this batch that L1 refused. */
  readonly refusals: number
}
