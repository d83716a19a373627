/** Votes and certificates of one view: signing, collecting, aggregating first and verifying once. */
import type { Plain } from '../kernel/role.ts'
import type { Certificate, Vote, VoteKind } from '../protocol/messages.ts'
import { voteDigest } from '../rollup/bls/digests.ts'
import { signersBitmap, signersOf, signersWeight } from '../rollup/bls/quorum.ts'
import { blsAggregate, blsSign, blsVerify, blsVerifyAggregate } from '../rollup/bls/signature.ts'
import { bytesToHex, equalBytes, ZERO_HASH } from '../rollup/bytes.ts'
import { quorumOf, SIGN_MS, VERIFY_MS, weightsOf } from './config.ts'
import { broadcast, charge, leader, persist, report, type SequencerNode } from './node.ts'
import { updateView, viewState } from './state.ts'

export const VOTE_KEY = 'vote'

/** Signs this member's vote after making it durable, so that a restart never signs another. Does not send it. */
export function castVote(
  node: SequencerNode,
  kind: VoteKind,
  view: bigint,
  block: Uint8Array,
): Vote {
  const mine = { ...viewState(node.state, view).mine, [kind]: block }
  persist(node, VOTE_KEY, { view, ...mine } as Plain)
  charge(node, SIGN_MS)
  const signature = blsSign(voteDigest({ kind, view, block }), node.config.secretKey)
  const vote: Vote = { kind, view, block, voter: node.config.index, signature }
  updateView(node.state, view, { mine })
  keepVote(node, vote)
  report(node, 'view.voted', { node: node.id, voter: vote.voter, kind, view })
  return vote
}

/** Adds a vote to its view. False if the voter's vote of this kind is known; `evidence.ts` looks at conflicts first. */
export function keepVote(node: SequencerNode, vote: Vote): boolean {
  const known = viewState(node.state, vote.view)
  if (known.votes[vote.kind].has(vote.voter)) return false
  const ofKind = new Map(known.votes[vote.kind]).set(vote.voter, vote)
  updateView(node.state, vote.view, { votes: { ...known.votes, [vote.kind]: ofKind } })
  const heard = node.state.heard[vote.voter] ?? 0n
  if (vote.view > heard) node.state.heard = node.state.heard.with(vote.voter, vote.view)
  return true
}

/** Who makes the certificate: the view's leader; after a nullified view the next one, for its leader is late. */
export function aggregatorOf(node: SequencerNode, kind: VoteKind, view: bigint): number {
  return leader(node, kind === 'nullify' ? view + 1n : view)
}

/** The block that votes of quorum weight name, if any. Nobody's signature was verified yet. */
export function quorumBlock(node: SequencerNode, kind: VoteKind, view: bigint): Uint8Array | null {
  const weights = weightsOf(node.config)
  const byBlock = new Map<string, bigint>()
  for (const vote of viewState(node.state, view).votes[kind].values()) {
    const key = bytesToHex(vote.block)
    const weight = (byBlock.get(key) ?? 0n) + (weights[vote.voter] ?? 0n)
    if (weight >= quorumOf(node.config)) return vote.block
    byBlock.set(key, weight)
  }
  return null
}

/**
 * Makes the certificate out of the votes that are here, and tells the others. `null` if they do not suffice.
 * Rationale: the sum is verified once; only if that fails are votes verified one by one, and wrong ones forgotten.
 */
export function makeCertificate(
  node: SequencerNode,
  kind: VoteKind,
  view: bigint,
): { readonly block: Uint8Array; readonly certificate: Certificate } | null {
  const block = quorumBlock(node, kind, view)
  if (block === null) return null
  const votes = matchingVotes(node, kind, view, block)
  const certificate = aggregate(votes)
  charge(node, VERIFY_MS)
  if (certificate === null || !isCertificate(node, { kind, view, block, certificate })) {
    forgetWrongVotes(node, kind, view)
    return quorumBlock(node, kind, view) === null ? null : makeCertificate(node, kind, view)
  }
  broadcast(node, 'simplex.certificate', { kind, view, block, certificate })
  const signers = votes.length
  report(node, 'view.certified', { node: node.id, kind, view, signers, hash: bytesToHex(block) })
  return { block, certificate }
}

export interface CertificateContent {
  readonly kind: VoteKind
  readonly view: bigint
  readonly block: Uint8Array
  readonly certificate: Certificate
}

/** Whether members of quorum weight signed. Total. */
export function isCertificate(
  node: SequencerNode,
  { kind, view, block, certificate }: CertificateContent,
): boolean {
  const weights = weightsOf(node.config)
  if (signersWeight(certificate.signers, weights) < quorumOf(node.config)) return false
  if (block.length !== ZERO_HASH.length) return false
  if (kind === 'nullify' && !equalBytes(block, ZERO_HASH)) return false
  const { committee } = node.config
  const publicKeys = signersOf(certificate.signers, weights.length).flatMap((member) =>
    committee[member] === undefined ? [] : [committee[member].publicKey],
  )
  const digest = voteDigest({ kind, view, block })
  return blsVerifyAggregate({ digest, signature: certificate.signature, publicKeys })
}

/** Whether the voter signed the vote. Total. */
export function isVote(node: SequencerNode, vote: Vote): boolean {
  const publicKey = node.config.committee[vote.voter]?.publicKey
  if (publicKey === undefined || vote.block.length !== ZERO_HASH.length) return false
  return blsVerify({ digest: voteDigest(vote), signature: vote.signature, publicKey })
}

function matchingVotes(
  node: SequencerNode,
  kind: VoteKind,
  view: bigint,
  block: Uint8Array,
): readonly Vote[] {
  const votes = [...viewState(node.state, view).votes[kind].values()]
  return votes
    .filter((vote) => equalBytes(vote.block, block))
    .sort((left, right) => left.voter - right.voter)
}

function aggregate(votes: readonly Vote[]): Certificate | null {
  const signature = blsAggregate(votes.map((vote) => vote.signature))
  if (signature === null) return null
  return { signers: signersBitmap(votes.map((vote) => vote.voter)), signature }
}

function forgetWrongVotes(node: SequencerNode, kind: VoteKind, view: bigint): void {
  const known = viewState(node.state, view)
  const votes = [...known.votes[kind]].filter(([, vote]) => isVote(node, vote))
  charge(node, VERIFY_MS * known.votes[kind].size)
  updateView(node.state, view, { votes: { ...known.votes, [kind]: new Map(votes) } })
}
