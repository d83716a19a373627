/** The committee's finalized order, received in any order of arrival and applied in the one that the committee decided. */
import { canonicalEncode } from '../kernel/canonical.ts'
import type { Plain } from '../kernel/role.ts'
import type { Certificate, OrderedBlock } from '../protocol/messages.ts'
import { voteDigest } from '../rollup/bls/digests.ts'
import { quorumWeight, signersOf, signersWeight } from '../rollup/bls/quorum.ts'
import { blsVerifyAggregate } from '../rollup/bls/signature.ts'
import { bytesToHex, type Hex, ZERO_HASH } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'

export interface Committee {
  /** Compressed G1 keys (48 bytes) in registration order. */
  readonly publicKeys: readonly Uint8Array[]
  readonly weights: readonly bigint[]
}

export interface OrderState {
  /** Hash of the last ordered block that was taken. */
  readonly tip: Uint8Array
  readonly tipView: bigint
  /** Verified blocks whose parent has not been taken yet, by the parent's hash. */
  readonly waiting: ReadonlyMap<Hex, OrderedBlock>
}

/** Ordered blocks that are kept while their parents are missing. */
const WAITING_MAX = 1_024

/** Rationale: the first ordered block has no parent and names the zero hash. */
export const EMPTY_ORDER: OrderState = { tip: ZERO_HASH, tipView: 0n, waiting: new Map() }

/** keccak256 of the canonical encoding (docs/specs/DIGESTS.md). */
export function hashOrderedBlock(block: OrderedBlock): Uint8Array {
  return keccak256(canonicalEncode(block as unknown as Plain))
}

/** Whether a quorum of the committee finalized the block. */
export function isFinalized(
  block: OrderedBlock,
  certificate: Certificate,
  committee: Committee,
): boolean {
  const { publicKeys, weights } = committee
  if (signersWeight(certificate.signers, weights) < quorumWeight(weights)) return false
  const signers = signersOf(certificate.signers, publicKeys.length)
  return blsVerifyAggregate({
    digest: voteDigest({ kind: 'finalize', view: block.view, block: hashOrderedBlock(block) }),
    signature: certificate.signature,
    publicKeys: signers.map((index) => publicKeys[index] ?? new Uint8Array(48)),
  })
}

export interface OrderUpdate {
  readonly order: OrderState
  /** Blocks to take now, in order. */
  readonly taken: readonly OrderedBlock[]
  /** View from which blocks are missing, if any are. */
  readonly missingFrom: bigint | null
}

/** Files a verified block and takes all that follow the tip without a gap. */
export function fileOrdered(order: OrderState, block: OrderedBlock): OrderUpdate {
  const waiting = new Map(order.waiting)
  const isNew = block.view > order.tipView
  if (isNew && waiting.size < WAITING_MAX) waiting.set(bytesToHex(block.parent), block)
  const taken: OrderedBlock[] = []
  let { tip, tipView } = order
  for (;;) {
    const next = waiting.get(bytesToHex(tip))
    if (!next) break
    waiting.delete(bytesToHex(tip))
    taken.push(next)
    tip = hashOrderedBlock(next)
    tipView = next.view
  }
  const missingFrom = waiting.size > 0 ? tipView + 1n : null
  return { order: { tip, tipView, waiting }, taken, missingFrom }
}
