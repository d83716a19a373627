/** The other members' side of a batch: sign it if it is exactly what was finalized, and L1 would take it. */

import { hashBatchHeader } from '../rollup/batch/header.ts'
import { batchCommitteeDigest } from '../rollup/bls/digests.ts'
import { blsSign } from '../rollup/bls/signature.ts'
import { equalBytes } from '../rollup/bytes.ts'
import {
  batchData,
  batchHeader,
  batchPayload,
  completeBatches,
  type FinalizedBatch,
  headerInboxCount,
  isOriginFair,
} from './batches.ts'
import { BATCH_CHECK_MS, SIGN_MS } from './config.ts'
import { lastEntry, latestContents, postedView } from './l1Chain.ts'
import { charge, memberOf, type SequencerNode, send } from './node.ts'
import type { BatchProposal } from './state.ts'

type Judgement = 'sign' | 'wait' | 'refuse'

export async function onBatchProposal(node: SequencerNode, proposal: BatchProposal): Promise<void> {
  if (memberOf(node, proposal.from) < 0) return
  node.state.batchProposals.set(proposal.from, proposal)
  await judgeBatchProposals(node)
}

/** Judges what waits again: L1 heads and finalizations arrive at different times. One proposal per member waits. */
export async function judgeBatchProposals(node: SequencerNode): Promise<void> {
  for (const [from, proposal] of node.state.batchProposals) {
    const judgement = await judge(node, proposal)
    if (judgement === 'wait') continue
    node.state.batchProposals.delete(from)
    if (judgement === 'sign') sign(node, proposal)
  }
}

async function judge(
  node: SequencerNode,
  { header, commitment }: BatchProposal,
): Promise<Judgement> {
  const contents = latestContents(node.state.l1)
  const parent = lastEntry(contents)
  if (header.index > parent.index + 1n) return 'wait'
  if (header.index <= parent.index) return 'refuse'
  if (!equalBytes(header.parent, parent.hash)) return 'wait'
  const [batch] = completeBatches(node.state.order, postedView(contents), 1)
  if (batch === undefined || batch.lastView < header.lastView) return 'wait'
  if (batch.lastView !== header.lastView) return 'refuse'
  if (headerInboxCount(node, batch, header.originNumber) !== header.inboxCount) return 'wait'
  if (!isOriginFair(node, batch, header.originNumber)) return 'wait'
  charge(node, BATCH_CHECK_MS)
  return (await isOurs(node, batch, { header, commitment })) ? 'sign' : 'refuse'
}

/** Rationale: the whole header is computed anew from this member's own order; nothing of it is taken from the poster. */
async function isOurs(
  node: SequencerNode,
  batch: FinalizedBatch,
  { header, commitment }: Pick<BatchProposal, 'header' | 'commitment'>,
): Promise<boolean> {
  const payload = batchPayload(batch)
  const data = await batchData(payload)
  const { originNumber, inboxCount } = header
  const contents = latestContents(node.state.l1)
  const payloadLength = payload.length
  const own = batchHeader({ batch, contents, data, payloadLength, originNumber, inboxCount })
  const isSame = equalBytes(hashBatchHeader(own), hashBatchHeader(header))
  return isSame && equalBytes(commitment, data.commitment)
}

function sign(node: SequencerNode, { header, from }: BatchProposal): void {
  const headerHash = hashBatchHeader(header)
  charge(node, SIGN_MS)
  const signature = blsSign(batchCommitteeDigest(headerHash), node.config.secretKey)
  const { index } = header
  send(node, from, 'batch.sign', { index, headerHash, signer: node.config.index, signature })
}
