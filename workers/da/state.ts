/** Everything that one data node knows. Values inside the maps are replaced, never changed. */
import { canonicalEncode } from '../kernel/canonical.ts'
import type { BatchHeader, Cell } from '../protocol/messages.ts'
import { keccak256 } from '../rollup/keccak.ts'

/** A node's cells of one batch: its columns in order. */
export interface StoredBatch {
  readonly index: bigint
  readonly commitment: Uint8Array
  readonly cellsRoot: Uint8Array
  readonly cells: readonly Cell[]
  readonly leaves: readonly Uint8Array[]
  readonly path: readonly Uint8Array[]
}

/** Cells whose proofs are being checked, and who asked for it. */
export interface PendingCheck {
  readonly batch: StoredBatch
  readonly header: BatchHeader
  readonly from: string
}

/** A batch as L1 has it. */
export interface PostedBatch {
  readonly index: bigint
  readonly commitment: Uint8Array
  readonly cellsRoot: Uint8Array
}

export interface Sampling {
  readonly columns: readonly number[]
  readonly missing: ReadonlySet<number>
}

export interface Repair {
  readonly posted: PostedBatch
  readonly cells: ReadonlyMap<number, Cell>
  readonly isRecovering: boolean
}

export interface DataState {
  /** By commitment, 0x-string. */
  readonly batches: Map<string, StoredBatch>
  readonly checks: Map<string, PendingCheck>
  /** By index. */
  readonly posted: Map<bigint, PostedBatch>
  readonly samplings: Map<bigint, Sampling>
  repair: Repair | null
  l1Number: bigint
  readonly faults: Set<string>
}

export function createState(): DataState {
  return {
    batches: new Map(),
    checks: new Map(),
    posted: new Map(),
    samplings: new Map(),
    repair: null,
    l1Number: 0n,
    faults: new Set(),
  }
}

export function copyState(state: DataState): DataState {
  return {
    ...state,
    batches: new Map(state.batches),
    checks: new Map(state.checks),
    posted: new Map(state.posted),
    samplings: new Map(state.samplings),
    faults: new Set(state.faults),
  }
}

export function digestState(state: DataState): Uint8Array {
  const { batches, checks, posted, samplings, repair, l1Number, faults } = state
  return keccak256(
    canonicalEncode([
      [...batches.keys()],
      [...checks.keys()],
      [...posted.values()].map(({ index, commitment }) => [index, commitment]),
      [...samplings].map(([index, { missing }]) => [index, [...missing]]),
      repair === null ? null : [repair.posted.index, [...repair.cells.keys()], repair.isRecovering],
      l1Number,
      [...faults],
    ]),
  )
}
