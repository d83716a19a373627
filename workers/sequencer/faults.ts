/** Dishonest behaviours of a member, armed by the input `corrupt`: each really does what it is called. */
import type { OrderedBlock, Vote } from '../protocol/messages.ts'
import { sequencerNode } from '../protocol/nodes.ts'
import { voteDigest } from '../rollup/bls/digests.ts'
import { blsSign } from '../rollup/bls/signature.ts'
import { broadcast, otherMembers, type SequencerNode, send } from './node.ts'
import { hashOrderedBlock } from './ordered.ts'

/**
 * - `equivocate`: as leader, proposes and votes for two blocks in one view
 * - `censor`: as leader, orders no transactions
 * - `silent`: computes and sends nothing
 */
export const SEQUENCER_FAULTS: readonly string[] = ['equivocate', 'censor', 'silent']

/**
 * Half of the members get the block, the other half one with another empty L2 block at its end; the leader votes for both.
 */
export function equivocate(node: SequencerNode, block: OrderedBlock, vote: Vote): void {
  const twin = twinOf(block)
  const twinVote = signDirectly(node, twin)
  otherMembers(node).forEach((member, place) => {
    const isFirst = place % 2 === 0
    const proposal = isFirst
      ? { block, signature: vote.signature }
      : { block: twin, signature: twinVote.signature }
    send(node, sequencerNode(member), 'simplex.propose', proposal)
  })
  broadcast(node, 'simplex.vote', vote)
  broadcast(node, 'simplex.vote', twinVote)
}

function twinOf(block: OrderedBlock): OrderedBlock {
  const last = block.blocks.at(-1)
  if (last === undefined) return block
  return { ...block, blocks: [...block.blocks, { ...last, transactions: [] }] }
}

/** Neither durable nor remembered: an honest member cannot sign this. */
function signDirectly(node: SequencerNode, block: OrderedBlock): Vote {
  const content = { kind: 'notarize', view: block.view, block: hashOrderedBlock(block) } as const
  const signature = blsSign(voteDigest(content), node.config.secretKey)
  return { ...content, voter: node.config.index, signature }
}
