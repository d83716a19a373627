/** How derivation bounds what the committee states (docs/specs/BATCH.md, "Clamps"). Pure functions of bigints. */

/** Seconds that a block's timestamp may lie after its L1 origin's. */
export const TIMESTAMP_DRIFT_MAX = 3_600n

export interface TimestampClamp {
  /** Unix seconds of the parent L2 block, effective. */
  readonly parent: bigint
  readonly stated: bigint
  readonly originTimestamp: bigint
}

/** max(parent, min(stated, originTimestamp + 3,600)). */
export function effectiveTimestamp({ parent, stated, originTimestamp }: TimestampClamp): bigint {
  return maximum(parent, minimum(stated, originTimestamp + TIMESTAMP_DRIFT_MAX))
}

export interface InboxCountClamp {
  /** Effective inbox count of the parent L2 block. */
  readonly parent: bigint
  readonly stated: bigint
  /** `Entry.inboxCount`. */
  readonly entry: bigint
}

/** min(max(parent, stated), entry). */
export function effectiveInboxCount({ parent, stated, entry }: InboxCountClamp): bigint {
  return minimum(maximum(parent, stated), entry)
}

function minimum(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}

function maximum(left: bigint, right: bigint): bigint {
  return left > right ? left : right
}
