/** What a committee member is configured with, and the constants of the protocol (docs/MODEL.md says what they assume). */

import { quorumWeight } from '../rollup/bls/quorum.ts'
import type { Parameters, RuleOptions } from '../rollup/parameters.ts'

/** One member, in the order of registration on L1. */
export type CommitteeMember = {
  /** Compressed G1, 48 bytes; its proof of possession was checked by the registry. */
  readonly publicKey: Uint8Array
  /** Stake in wei. */
  readonly weight: bigint
  /** L1 account, 20 bytes. */
  readonly address: Uint8Array
}

export type SequencerContracts = {
  readonly inbox: Uint8Array
  readonly sequencerRegistry: Uint8Array
}

export type SequencerConfig = RuleOptions & {
  readonly index: number
  readonly committee: readonly CommitteeMember[]
  /** Compressed G1 keys of the data nodes, in the order of registration. */
  readonly dataNodeKeys: readonly Uint8Array[]
  /** BLS secret, 32 bytes. */
  readonly secretKey: Uint8Array
  /** secp256k1 secret of the member's L1 account, 32 bytes. */
  readonly l1PrivateKey: Uint8Array
  /** Nonce of that account in L1's genesis state. */
  readonly l1Nonce: bigint
  readonly contracts: SequencerContracts
  /** `entryHash(0)` of the inbox, and the origin of entry 0. */
  readonly genesisEntryHash: Uint8Array
  readonly genesisOriginNumber: bigint
  /** Executors that receive the finalized order: nodes `executor-0` to `executor-(n-1)`. */
  readonly executorCount: number
}

/** Δ: what a message between members takes at most, in a good network. */
export const DELTA_MS = 300
export const LEADER_TIMEOUT_MS = 2 * DELTA_MS
export const ADVANCE_TIMEOUT_MS = 3 * DELTA_MS
export const RETRY_MS = 3 * DELTA_MS
/** A certificate that its aggregator has not sent by then is made by whoever waits for it. */
export const LATE_CERTIFICATE_MS = 200
/** Timeouts grow by 3/2 with each view nullified in a row, up to this many times. */
export const BACKOFF_STEPS_MAX = 6
/** With nothing to order, a view is proposed this long after the one before. */
export const IDLE_VIEW_MS = 2_000
/** L2 blocks in one view; older slots are dropped after a stall. */
export const BLOCKS_PER_VIEW_MAX = 16
/** Notarized or nullified views above the last finalized one that a member keeps. */
export const VIEWS_AHEAD_MAX = 4_096
/** Views sent in answer to one fetch. */
export const FETCH_VIEWS_MAX = 32
/** A batch's origin may lie this many L1 blocks behind the newest head that a voter knows. */
export const ORIGIN_AGE_MAX = 8n
/** L1 blocks on top of a message before a leader includes it. */
export const INBOX_CONFIRMATIONS = 1n
/** Voters enforce the inclusion of a transaction from this many views after they first saw it, for a bounded time. */
export const INCLUSION_VIEWS_MIN = 3n
export const INCLUSION_VIEWS_MAX = 64n
/** L1 blocks that a batch is given after the one before it: one will do, more pass where a poster fails. */
const POST_BLOCKS = 3
const BACKLOG_BATCHES_MAX = 64

/**
 * Complete batches waiting for L1 at which leaders stop ordering transactions. Rationale: L1 orders without the committee what waits
 * longer than its window, and L2 would lose all that was ordered since; the last of so many is there after half of the window.
 */
export function backlogBatchesMax({ inboxDepositOnlyBlocks }: Parameters): number {
  return Math.min(BACKLOG_BATCHES_MAX, Math.floor(inboxDepositOnlyBlocks / (2 * POST_BLOCKS)))
}

/** Virtual CPU prices, in ms. */
export const SIGN_MS = 2
export const VERIFY_MS = 6
export const BATCH_CHECK_MS = 60

export function weightsOf(config: SequencerConfig): readonly bigint[] {
  return config.committee.map((member) => member.weight)
}

/**
 * Weight that a certificate of the protocol needs.
 * Rationale: computed over all members, slashed ones included, so that members who learn of a slashing at different
 * times agree on every quorum; L1's own quorum for batches shrinks with the committee.
 */
export function quorumOf(config: SequencerConfig): bigint {
  return quorumWeight(weightsOf(config))
}
