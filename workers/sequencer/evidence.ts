/** Two votes that no honest member signs both: found, verified, told to all, and taken to L1, which slashes. */
import type { Vote } from '../protocol/messages.ts'
import { VOTE_KIND_NUMBERS } from '../rollup/bls/digests.ts'
import { signatureToEvm } from '../rollup/bls/encoding.ts'
import { bytesToHex, equalBytes } from '../rollup/bytes.ts'
import { VERIFY_MS } from './config.ts'
import { encodeSlash } from './l1Calls.ts'
import { sendToL1 } from './l1Sending.ts'
import { broadcast, charge, isCaughtUp, isSlashed, report, type SequencerNode } from './node.ts'
import { viewState } from './state.ts'
import { isVote } from './voting.ts'

/** L1 blocks that each member waits for those before it in line to report a culprit. */
const TURN_BLOCKS = 4
/** L1 blocks after which a culprit that is not slashed is reported again. */
const AGAIN_BLOCKS = 12
const SLASH_GAS = 1_500_000n

/** Mirrors `SequencerRegistry._conflict`: two blocks of one kind, or nullify beside finalize, in one view. */
export function isConflict(first: Vote, second: Vote): boolean {
  if (first.view !== second.view || first.voter !== second.voter) return false
  if (first.kind === second.kind) {
    return first.kind !== 'nullify' && !equalBytes(first.block, second.block)
  }
  const kinds = [first.kind, second.kind]
  return kinds.includes('nullify') && kinds.includes('finalize')
}

/** Looks for a conflict between a vote that just arrived and those that are known. */
export function findConflict(node: SequencerNode, vote: Vote): void {
  const { votes } = viewState(node.state, vote.view)
  for (const ofKind of Object.values(votes)) {
    const other = ofKind.get(vote.voter)
    if (other !== undefined && isConflict(other, vote)) accuse(node, other, vote)
  }
}

/** Takes up evidence, own or received. Ignores what does not verify and who is accused already. */
export function accuse(node: SequencerNode, first: Vote, second: Vote): void {
  const { accusations } = node.state
  const culprit = first.voter
  if (accusations.has(culprit) || isSlashed(node, culprit) || !isConflict(first, second)) return
  charge(node, 2 * VERIFY_MS)
  if (!isVote(node, first) || !isVote(node, second)) return
  accusations.set(culprit, { first, second, sinceMs: node.nowMs })
  report(node, 'sequencer.evidence', { node: node.id, culprit, view: first.view })
  broadcast(node, 'simplex.evidence', { first, second })
  slashCulprits(node)
}

/**
 * Sends what is due to L1. Members take turns, so that one transaction is sent and not seven; a slashed culprit is
 * forgotten. Called on evidence and with every L1 head.
 */
export function slashCulprits(node: SequencerNode): void {
  if (!isCaughtUp(node)) return
  for (const [culprit, { first, second, sinceMs }] of node.state.accusations) {
    if (isSlashed(node, culprit)) {
      node.state.accusations.delete(culprit)
      continue
    }
    const turn = turnOf(node, culprit)
    const isDue = node.nowMs >= sinceMs + turn * TURN_BLOCKS * node.parameters.l1SlotMs
    if (turn < 0 || !isDue) continue
    const againMs = node.nowMs + AGAIN_BLOCKS * node.parameters.l1SlotMs
    node.state.accusations.set(culprit, { first, second, sinceMs: againMs })
    sendToL1(node, {
      label: `slash:${culprit}:${first.view}`,
      to: node.config.contracts.sequencerRegistry,
      data: encodeSlash(culprit, toL1Vote(first), toL1Vote(second)),
      valueWei: 0n,
      gasLimit: SLASH_GAS,
    })
  }
}

/** Place in the line behind the culprit; -1 for the culprit itself. */
function turnOf(node: SequencerNode, culprit: number): number {
  const { committee, index } = node.config
  return ((index - culprit + committee.length) % committee.length) - 1
}

function toL1Vote({ kind, view, block, signature }: Vote) {
  return {
    kind: VOTE_KIND_NUMBERS[kind],
    viewNumber: view,
    blockHash: bytesToHex(block),
    signature: bytesToHex(signatureToEvm(signature)),
  }
}
