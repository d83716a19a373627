/** The committee's finalized order, received in any order of arrival and applied in the one that the committee decided. */
import { canonicalEncode } from '../kernel/canonical.ts'
import type { Plain } from '../kernel/role.ts'
import type { Certificate, OrderedBlock } from '../protocol/messages.ts'
import { voteDigest } from '../rollup/bls/digests.ts'
import { quorumWeight, signersOf, signersWeight } from '../rollup/bls/quorum.ts'
import { blsVerifyAggregate } from '../rollup/bls/signature.ts'
import { bytesToHex, equalBytes, type Hex, ZERO_HASH } from '../rollup/bytes.ts'
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
  /** Certified blocks that are not taken yet, by hash. */
  readonly waiting: ReadonlyMap<Hex, CertifiedBlock>
}

export interface CertifiedBlock {
  readonly block: OrderedBlock
  /** Whether a quorum finalized it; a notarized block is final once a finalized one builds on it. */
  readonly isFinal: boolean
}

/** Ordered blocks that are kept while their parents are missing. */
const WAITING_MAX = 1_024

/** Rationale: the first ordered block has no parent and names the zero hash. */
export const EMPTY_ORDER: OrderState = { tip: ZERO_HASH, tipView: 0n, waiting: new Map() }

/** keccak256 of the canonical encoding (docs/specs/DIGESTS.md). */
export function hashOrderedBlock(block: OrderedBlock): Uint8Array {
  return keccak256(canonicalEncode(block as unknown as Plain))
}

/** What the committee's certificate says of the block; `null` if it is no certificate of a quorum. */
export function checkCertificate(
  block: OrderedBlock,
  certificate: Certificate,
  committee: Committee,
): CertifiedBlock | null {
  const { publicKeys, weights } = committee
  if (signersWeight(certificate.signers, weights) < quorumWeight(weights)) return null
  const signers = signersOf(certificate.signers, publicKeys.length)
  const hash = hashOrderedBlock(block)
  const isSigned = (kind: 'finalize' | 'notarize') =>
    blsVerifyAggregate({
      digest: voteDigest({ kind, view: block.view, block: hash }),
      signature: certificate.signature,
      publicKeys: signers.map((index) => publicKeys[index] ?? new Uint8Array(48)),
    })
  if (isSigned('finalize')) return { block, isFinal: true }
  return isSigned('notarize') ? { block, isFinal: false } : null
}

export interface OrderUpdate {
  readonly order: OrderState
  /** Blocks to take now, in order. */
  readonly taken: readonly OrderedBlock[]
  /** View from which blocks are missing, if any are. */
  readonly missingFrom: bigint | null
}

/**
 * Files a certified block and takes what is final.
 * Rationale: a finalized block finalizes all its ancestors; they are taken together, once none between it and the tip is missing.
 */
export function fileOrdered(order: OrderState, certified: CertifiedBlock): OrderUpdate {
  const waiting = new Map(order.waiting)
  const key = bytesToHex(hashOrderedBlock(certified.block))
  const isKnown = waiting.get(key)?.isFinal === true
  if (!isKnown && waiting.size < WAITING_MAX) waiting.set(key, certified)
  const finals = [...waiting.values()].filter((one) => one.isFinal)
  const taken = finals
    .map((one) => pathFrom(order.tip, one.block, waiting))
    .reduce((longest, path) => (path.length > longest.length ? path : longest), [])
  const last = taken.at(-1)
  const tipView = last?.view ?? order.tipView
  for (const [hash, one] of waiting) if (one.block.view <= tipView) waiting.delete(hash)
  const isGap = [...waiting.values()].some((one) => one.isFinal)
  const tip = last ? hashOrderedBlock(last) : order.tip
  return {
    order: { tip, tipView, waiting },
    taken,
    missingFrom: isGap ? tipView + 1n : null,
  }
}

/** The blocks after `tip` up to `block`, in order; none if one is missing. */
function pathFrom(
  tip: Uint8Array,
  block: OrderedBlock,
  known: ReadonlyMap<Hex, CertifiedBlock>,
): readonly OrderedBlock[] {
  const path = [block]
  let first = block
  while (!equalBytes(first.parent, tip)) {
    const parent = known.get(bytesToHex(first.parent))?.block
    if (!parent || parent.view >= first.view) return []
    path.unshift(parent)
    first = parent
  }
  return path
}
