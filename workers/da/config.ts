/** What a data node is configured with. */
import type { PresetName } from '../rollup/parameters.ts'

export type DataNodeConfig = {
  readonly index: number
  readonly preset: PresetName
  /** BLS secret, 32 bytes. */
  readonly secretKey: Uint8Array
  readonly contracts: { readonly inbox: Uint8Array }
}

/** Random cells that a node asks the others for, per batch. */
export const SAMPLE_COUNT = 8
export const SAMPLE_TIMEOUT_MS = 2_000
/** How often a node that lacks its cells of a posted batch asks the others again. */
export const REPAIR_RETRY_MS = 4_000
/** Newest entries that a node repairs, one after the other. */
export const REPAIR_ENTRIES_MAX = 4
/** Batches that a node keeps; the oldest leave first. */
export const BATCHES_KEPT = 512
/** Batches whose proofs are checked at a time. */
export const CHECKS_MAX = 8
/** L1 slots without a head after which the subscription is renewed. */
export const SILENT_SLOTS = 6
export const SIGN_MS = 2
