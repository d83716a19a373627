/**
 * Simplex (Chan and Pass, 2023) as a state machine: a view ends in a notarization or in a nullification; a notarized block
 * that nobody of a quorum nullified is final. Views only go up; a member signs at most one vote of a kind in a view.
 */
import type { Plain } from '../kernel/role.ts'
import type { Certificate, OrderedBlock, Vote, VoteKind } from '../protocol/messages.ts'
import { sequencerNode } from '../protocol/nodes.ts'
import { payloadSize } from '../rollup/batch/payload.ts'
import { bytesToHex, equalBytes, ZERO_HASH } from '../rollup/bytes.ts'
import { notarizedHash, parentTip } from './chain.ts'
import {
  ADVANCE_TIMEOUT_MS,
  BACKOFF_STEPS_MAX,
  DELTA_MS,
  FETCH_VIEWS_MAX,
  IDLE_VIEW_MS,
  LATE_CERTIFICATE_MS,
  LEADER_TIMEOUT_MS,
  RETRY_MS,
  VIEWS_AHEAD_MAX,
} from './config.ts'
import { findConflict } from './evidence.ts'
import { equivocate } from './faults.ts'
import { BLOCK_KEY, finalizeChain, keepBlock } from './finality.ts'
import { latestBlock } from './l1Chain.ts'
import {
  broadcast,
  cancelTimer,
  leader,
  memberOf,
  persist,
  report,
  type SequencerNode,
  send,
  setTimer,
} from './node.ts'
import { hashOrderedBlock, nextSlotMs, orderedBlockKey } from './ordered.ts'
import { buildBlock, proposeAtMs } from './proposal.ts'
import { blockOf, updateView, viewState } from './state.ts'
import { judgeProposal } from './validate.ts'
import {
  aggregatorOf,
  type CertificateContent,
  castVote,
  isCertificate,
  isVote,
  keepVote,
  makeCertificate,
  quorumBlock,
} from './voting.ts'

export const DEADLINE_TIMER = 'view.deadline'
export const PROPOSE_TIMER = 'view.propose'
export const FETCH_TIMER = 'fetch'
export const LATE_TIMER = 'late:'

/** Steps that one event can trigger are bounded: each enters a view. */
const STEPS_MAX = 64

/** Begins with the first L1 head, for a batch needs an origin. */
export function startViews(node: SequencerNode): void {
  if (node.state.viewSinceMs > 0 || latestBlock(node.state.l1) === undefined) return
  enterView(node, node.state.view === 0n ? 1n : node.state.view)
}

/** Does everything that is now possible. Called after whatever may have changed what is known. */
export function settle(node: SequencerNode): void {
  if (node.state.viewSinceMs === 0) return
  for (let step = 0; step < STEPS_MAX; step++) {
    const hasEnded = endViews(node)
    const hasFinalized = finalizeChain(node)
    if (!hasEnded && !hasFinalized) break
  }
  voteOnProposal(node)
  propose(node)
  fetchMissing(node)
}

/** Enters the view after the highest that is known to have ended; votes to finalize what was notarized on the way. */
function endViews(node: SequencerNode): boolean {
  const { state } = node
  let ended: bigint | null = null
  for (const { view, certified } of state.views.values()) {
    const hasEnded =
      certified.notarize !== null || certified.nullify !== null || certified.finalize !== null
    if (hasEnded && view >= state.view && (ended === null || view > ended)) ended = view
  }
  if (ended === null) return false
  const finalizes = blockToFinalize(node, ended)
  const isNotarized = notarizedHash(state, ended) !== null
  state.nullifiedInRow = isNotarized ? 0 : state.nullifiedInRow + 1
  enterView(node, ended + 1n)
  if (finalizes !== null) sendVote(node, castVote(node, 'finalize', ended, finalizes))
  return true
}

/** Rationale: who nullified a view must not finalize it, or a quorum of both could exist. */
function blockToFinalize(node: SequencerNode, view: bigint): Uint8Array | null {
  const { certified, mine } = viewState(node.state, view)
  const notarized = certified.notarize
  if (notarized === null || mine.nullify !== null || mine.finalize !== null) return null
  return blockOf(node.state, notarized.hash) === undefined ? null : notarized.hash
}

function sendVote(node: SequencerNode, vote: Vote): void {
  broadcast(node, 'simplex.vote', vote)
  certify(node, vote.kind, vote.view)
}

function enterView(node: SequencerNode, view: bigint): void {
  const { state } = node
  state.view = view
  state.viewSinceMs = Math.max(1, node.nowMs)
  for (const timer of [PROPOSE_TIMER, DEADLINE_TIMER]) cancelTimer(node, timer)
  report(node, 'view.started', { node: node.id, view, leader: leader(node, view) })
  setDeadline(node, proposalDeadlineMs(node))
}

function setDeadline(node: SequencerNode, atMs: number): void {
  node.state.deadlineMs = atMs
  setTimer(node, DEADLINE_TIMER, atMs)
}

/** Until when the leader's proposal is waited for. */
function proposalDeadlineMs(node: SequencerNode): number {
  const { state, parameters } = node
  const tip = parentTip(state, state.view)
  const slotMs = nextSlotMs(tip ?? state.tip, parameters.l2BlockMs)
  const idleMs = Math.max(0, IDLE_VIEW_MS - parameters.l2BlockMs)
  if (isInactive(node, leader(node, state.view))) return node.nowMs + 1
  return Math.max(node.nowMs, slotMs + idleMs) + withBackoff(node, LEADER_TIMEOUT_MS)
}

/** Whether a member did not vote for two rounds of leaders; its views are skipped without waiting. */
function isInactive(node: SequencerNode, member: number): boolean {
  const rounds = BigInt(2 * node.config.committee.length)
  const heard = node.state.heard[member] ?? 0n
  return member !== node.config.index && heard + rounds < node.state.view
}

/** × 3/2 for each view nullified in a row; integers, so that every engine computes the same. */
function withBackoff(node: SequencerNode, ms: number): number {
  let scaled = ms
  const steps = Math.min(node.state.nullifiedInRow, BACKOFF_STEPS_MAX)
  for (let step = 0; step < steps; step++) scaled = Math.floor((scaled * 3) / 2)
  return scaled
}

/** Something to order arrived: the leader need not wait for an idle view's end, and voters not longer for the leader. */
export function hasten(node: SequencerNode): void {
  const { state, parameters } = node
  if (state.viewSinceMs === 0) return
  const { mine, proposal } = viewState(state, state.view)
  if (mine.notarize !== null || mine.nullify !== null || proposal !== null) return
  const tip = parentTip(state, state.view)
  if (tip === null || isInactive(node, leader(node, state.view))) return
  const slotMs = Math.max(node.nowMs, nextSlotMs(tip, parameters.l2BlockMs))
  const deadlineMs = slotMs + withBackoff(node, LEADER_TIMEOUT_MS) + DELTA_MS
  if (deadlineMs < state.deadlineMs) setDeadline(node, deadlineMs)
  propose(node)
}

/** Proposes if this member leads the view, knows its parent, and a slot is due; otherwise sets the timer for it. */
export function propose(node: SequencerNode): void {
  const { state, config } = node
  const { view } = state
  if (leader(node, view) !== config.index) return
  const { proposal, mine } = viewState(state, view)
  if (proposal !== null || mine.notarize !== null || mine.nullify !== null) return
  const tip = parentTip(state, view)
  if (tip === null) return
  const atMs = proposeAtMs(node, tip)
  const block = atMs <= node.nowMs ? buildBlock(node, view, tip) : null
  if (block === null) {
    setTimer(node, PROPOSE_TIMER, Math.max(atMs, node.nowMs + 1))
    return
  }
  const transactions = block.blocks.reduce((sum, content) => sum + content.transactions.length, 0)
  const bytes = payloadSize(block.blocks)
  const vote = voteFor(node, block)
  const hash = bytesToHex(vote.block)
  const blocks = block.blocks.length
  report(node, 'view.proposed', { view, leader: config.index, hash, blocks, transactions, bytes })
  if (state.faults.has('equivocate')) {
    equivocate(node, block, vote)
    return
  }
  broadcast(node, 'simplex.propose', { block, signature: vote.signature })
  certify(node, 'notarize', view)
}

/** The leader's proposal is its vote to notarize, so the proposal needs no signature of its own. */
export function onPropose(
  node: SequencerNode,
  source: string,
  block: OrderedBlock,
  signature: Uint8Array,
): void {
  const { view } = block
  const { state } = node
  if (memberOf(node, source) !== block.proposer || block.proposer !== leader(node, view)) return
  if (view <= state.tip.view || view > state.view + BigInt(VIEWS_AHEAD_MAX)) return
  const vote: Vote = {
    kind: 'notarize',
    view,
    block: hashOrderedBlock(block),
    voter: block.proposer,
    signature,
  }
  findConflict(node, vote)
  keepVote(node, vote)
  if (viewState(state, view).proposal !== null) return
  keepBlock(node, block)
  updateView(state, view, { proposal: block })
  settle(node)
  certify(node, 'notarize', view)
}

function voteOnProposal(node: SequencerNode): void {
  const { state } = node
  const { proposal, mine } = viewState(state, state.view)
  if (proposal === null || mine.notarize !== null || mine.nullify !== null) return
  if (proposal.proposer === node.config.index || judgeProposal(node, proposal) !== 'valid') return
  sendVote(node, voteFor(node, proposal))
}

/** The block becomes durable with the vote for it, so that a quorum of voters cannot lose it. */
function voteFor(node: SequencerNode, block: OrderedBlock): Vote {
  keepBlock(node, block)
  updateView(node.state, block.view, { proposal: block })
  setDeadline(node, node.nowMs + withBackoff(node, ADVANCE_TIMEOUT_MS))
  persist(node, `${BLOCK_KEY}${block.view}`, block as unknown as Plain)
  return castVote(node, 'notarize', block.view, hashOrderedBlock(block))
}

export function onVote(node: SequencerNode, source: string, vote: Vote): void {
  const { state } = node
  const isAhead = vote.view > state.view + BigInt(VIEWS_AHEAD_MAX)
  if (isAhead || node.config.committee[vote.voter] === undefined) return
  if (vote.kind === 'nullify' && !equalBytes(vote.block, ZERO_HASH)) return
  // Votes that others pass on are worth what their signature says.
  if (memberOf(node, source) !== vote.voter && !isVote(node, vote)) return
  findConflict(node, vote)
  if (vote.view < state.view && vote.kind !== 'finalize') helpBehind(node, source, vote)
  if (vote.view <= state.tip.view || !keepVote(node, vote)) return
  relayLeader(node, vote)
  certify(node, vote.kind, vote.view)
}

/** A member still votes in a view that has ended: it is told how. */
function helpBehind(node: SequencerNode, source: string, vote: Vote): void {
  const isBehind = vote.kind === 'nullify' && memberOf(node, source) === vote.voter
  if (isBehind) sendViews(node, source, vote.view, 1)
}

/** Another member voted for another block of the same view: what the leader signed for ours may be evidence. */
function relayLeader(node: SequencerNode, vote: Vote): void {
  if (vote.kind !== 'notarize') return
  const known = viewState(node.state, vote.view)
  const own = known.mine.notarize
  const leading = leader(node, vote.view)
  const theirs = known.votes.notarize.get(leading)
  if (own === null || theirs === undefined || known.relayed || leading === node.config.index) return
  if (equalBytes(own, vote.block)) return
  updateView(node.state, vote.view, { relayed: true })
  broadcast(node, 'simplex.vote', theirs)
}

/** Makes the certificate if a quorum voted and it is this member's turn; otherwise waits for who makes it. */
function certify(node: SequencerNode, kind: VoteKind, view: bigint): void {
  if (viewState(node.state, view).certified[kind] !== null || view <= node.state.tip.view) return
  if (quorumBlock(node, kind, view) === null) return
  if (aggregatorOf(node, kind, view) === node.config.index) {
    certifyNow(node, kind, view)
    return
  }
  node.effects.push({
    kind: 'timer',
    id: `${LATE_TIMER}${kind}`,
    delayMs: LATE_CERTIFICATE_MS,
    payload: view,
  })
}

/** The certificate of `kind` did not come in time. */
export function onLateCertificate(node: SequencerNode, kind: VoteKind, view: bigint): void {
  const { certified } = viewState(node.state, view)
  if (certified[kind] === null && view > node.state.tip.view) certifyNow(node, kind, view)
}

function certifyNow(node: SequencerNode, kind: VoteKind, view: bigint): void {
  const made = makeCertificate(node, kind, view)
  if (made !== null) keepCertificate(node, { kind, view, ...made })
}

export function onCertificate(node: SequencerNode, content: CertificateContent): void {
  const { kind, view } = content
  if (view <= node.state.tip.view || viewState(node.state, view).certified[kind] !== null) return
  if (isCertificate(node, content)) keepCertificate(node, content)
}

function keepCertificate(node: SequencerNode, content: CertificateContent): void {
  const { kind, view, block, certificate } = content
  const known = viewState(node.state, view)
  updateView(node.state, view, {
    certified: { ...known.certified, [kind]: { hash: block, certificate } },
  })
  settle(node)
}

/** A block with its certificate, in answer to a fetch. */
export function onBlock(
  node: SequencerNode,
  block: OrderedBlock,
  kind: VoteKind,
  certificate: Certificate,
): void {
  const { state } = node
  const content = { kind, view: block.view, block: hashOrderedBlock(block), certificate }
  if (block.view <= state.tip.view || kind === 'nullify' || !isCertificate(node, content)) return
  if (!state.blocks.has(orderedBlockKey(block))) keepBlock(node, block)
  keepCertificate(node, content)
}

/** The view's time is over: nullify, and from then on repeat until the view ends. */
export function onDeadline(node: SequencerNode): void {
  const { state } = node
  const { mine, votes } = viewState(state, state.view)
  setDeadline(node, node.nowMs + withBackoff(node, RETRY_MS))
  if (mine.nullify === null && mine.finalize === null) {
    sendVote(node, castVote(node, 'nullify', state.view, ZERO_HASH))
    return
  }
  for (const kind of ['notarize', 'nullify', 'finalize'] as const) {
    const vote = votes[kind].get(node.config.index)
    if (vote !== undefined) broadcast(node, 'simplex.vote', vote)
  }
  const peer = randomPeer(node)
  send(node, peer, 'simplex.fetch', { view: state.tip.view + 1n })
}

/** Asks a random member for what is certified and not here. */
function fetchMissing(node: SequencerNode): void {
  const { state } = node
  const isLate = state.fetchedAtMs < 0 || node.nowMs - state.fetchedAtMs >= RETRY_MS
  if (!isMissing(node)) return
  if (isLate) {
    state.fetchedAtMs = node.nowMs
    send(node, randomPeer(node), 'simplex.fetch', { view: state.tip.view + 1n })
  }
  setTimer(node, FETCH_TIMER, state.fetchedAtMs + RETRY_MS)
}

/** Whether a certificate names a block, or a chain has a gap, that keeps this member from voting or finalizing. */
function isMissing(node: SequencerNode): boolean {
  const { state } = node
  for (const { view, certified } of state.views.values()) {
    if (view <= state.tip.view) continue
    const hash = notarizedHash(state, view)
    if (hash !== null && blockOf(state, hash) === undefined) return true
    if (certified.finalize !== null) return true
  }
  return parentTip(state, state.view) === null
}

function randomPeer(node: SequencerNode): string {
  const { committee, index } = node.config
  const others = committee.length - 1
  if (others === 0) return node.id
  return sequencerNode((index + 1 + node.rng.nextBelow(others)) % committee.length)
}

/** Answers a fetch: what this member knows of the views from `view` on. */
export function sendViews(
  node: SequencerNode,
  to: string,
  view: bigint,
  limit: number = FETCH_VIEWS_MAX,
): void {
  const { state } = node
  let sent = 0
  for (const final of state.order) {
    if (final.block.view < view) continue
    if (sent++ >= limit) return
    send(node, to, 'simplex.block', final)
  }
  const from = view > state.tip.view ? view : state.tip.view + 1n
  for (let at = from; at < state.view && sent < limit; at++, sent++) sendView(node, to, at)
  if (view <= state.tip.view && sent < limit) sendView(node, to, state.tip.view)
}

function sendView(node: SequencerNode, to: string, view: bigint): void {
  const { certified } = viewState(node.state, view)
  for (const kind of ['finalize', 'notarize'] as const) {
    const known = certified[kind]
    const block = known === null ? undefined : blockOf(node.state, known.hash)
    if (known === null || block === undefined) continue
    send(node, to, 'simplex.block', { block, kind, certificate: known.certificate })
    if (certified.nullify === null) return
    break
  }
  if (certified.nullify !== null) {
    const { hash, certificate } = certified.nullify
    send(node, to, 'simplex.certificate', { kind: 'nullify', view, block: hash, certificate })
  }
}
