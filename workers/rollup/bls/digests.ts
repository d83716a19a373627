/** What is signed (docs/specs/DIGESTS.md), as the contracts on L1 compute it. */
import { encodeWords } from '../batch/words.ts'
import { keccak256, keccakText } from '../keccak.ts'

/** Structurally `VoteKind` of protocol/messages.ts; the rules may not import the protocol. */
export type VoteKindName = 'notarize' | 'nullify' | 'finalize'

export const VOTE_KIND_NUMBERS: Readonly<Record<VoteKindName, number>> = {
  notarize: 1,
  nullify: 2,
  finalize: 3,
}

const VOTE_DOMAIN = 'trex.simplex.vote'
const COMMITTEE_DOMAIN = 'trex.batch.committee'
const DATA_DOMAIN = 'trex.batch.data'

export interface VoteContent {
  readonly kind: VoteKindName
  readonly view: bigint
  /** 32 bytes; zeros for `nullify`. */
  readonly block: Uint8Array
}

export function voteDigest({ kind, view, block }: VoteContent): Uint8Array {
  const words = [keccakText(VOTE_DOMAIN), BigInt(VOTE_KIND_NUMBERS[kind]), view, block]
  return keccak256(encodeWords(words))
}

/** What a committee member signs for a batch. */
export function batchCommitteeDigest(headerHash: Uint8Array): Uint8Array {
  return keccak256(encodeWords([keccakText(COMMITTEE_DOMAIN), headerHash]))
}

/** What a data node signs for a batch that it stores. */
export function batchDataDigest(headerHash: Uint8Array): Uint8Array {
  return keccak256(encodeWords([keccakText(DATA_DOMAIN), headerHash]))
}
