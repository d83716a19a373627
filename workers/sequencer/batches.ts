/** The finalized order, cut into batches: pure functions of what is final and what L1 has. */
import type { BatchHeader, OrderedBlock } from '../protocol/messages.ts'
import { payloadToBlob } from '../rollup/batch/blob.ts'
import { encodePayload } from '../rollup/batch/payload.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { cellLeaf, merkleRoot } from '../rollup/data/cellsRoot.ts'
import { loadKzg } from '../rollup/data/kzg.ts'
import { versionedHash } from '../rollup/data/versionedHash.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { createMemo } from '../rollup/memo.ts'
import { ORIGIN_AGE_MAX } from './config.ts'
import {
  blockNumbered,
  type L1Contents,
  lastEntry,
  latestBlock,
  latestContents,
  messagesUpTo,
} from './l1Chain.ts'
import type { SequencerNode } from './node.ts'
import type { FinalizedView } from './state.ts'

/** All views of one batch; complete, because a later batch has begun. */
export interface FinalizedBatch {
  readonly batchIndex: bigint
  readonly views: readonly OrderedBlock[]
  readonly firstView: bigint
  readonly lastView: bigint
}

/** The complete batches above `postedView`, oldest first, at most `limit`. */
export function completeBatches(
  order: readonly FinalizedView[],
  postedView: bigint,
  limit: number,
): readonly FinalizedBatch[] {
  const batches: FinalizedBatch[] = []
  let views: OrderedBlock[] = []
  for (const { block } of order) {
    if (block.view <= postedView) continue
    const [first] = views
    if (first !== undefined && first.batchIndex !== block.batchIndex) {
      batches.push(toBatch(first, views))
      if (batches.length === limit) return batches
      views = []
    }
    views.push(block)
  }
  return batches
}

function toBatch(first: OrderedBlock, views: readonly OrderedBlock[]): FinalizedBatch {
  const { batchIndex, view: firstView } = first
  return { batchIndex, views, firstView, lastView: views.at(-1)?.view ?? firstView }
}

export function batchPayload(batch: FinalizedBatch): Uint8Array {
  return encodePayload(batch.views.flatMap((view) => view.blocks))
}

/** What cells and commitment of a payload must be. */
export interface BatchData {
  readonly commitment: Uint8Array
  readonly cellsRoot: Uint8Array
}

const BATCHES_KNOWN_MAX = 8
const knownData = createMemo<BatchData>(BATCHES_KNOWN_MAX)

/** Pure in the payload, so logical nodes that share a worker compute it once. */
export async function batchData(payload: Uint8Array): Promise<BatchData> {
  const kzg = await loadKzg()
  return knownData.recall(bytesToHex(keccak256(payload)), () => {
    const blob = payloadToBlob(payload)
    const leaves = kzg.computeCells(blob).map(cellLeaf)
    return { commitment: kzg.blobToCommitment(blob), cellsRoot: merkleRoot(leaves) }
  })
}

/** L1 blocks of slack between what the inbox still takes and what is proposed to it. */
const ORIGIN_MARGIN = 6n

/**
 * The number of the L1 block that a batch names as its origin: that of its views, or a fresh one if the inbox would not
 * take theirs any more (a long stall, entries in between, a reorg). `null` without a head.
 */
export function chooseOrigin(node: SequencerNode, batch: FinalizedBatch): bigint | null {
  const head = latestBlock(node.state.l1)
  const stated = batch.views[0]?.origin.number
  if (head === undefined || stated === undefined) return null
  return isOriginTaken(node, stated, ORIGIN_MARGIN) ? stated : head.number
}

/** Whether the inbox would take this origin for some blocks to come. */
function isOriginTaken(node: SequencerNode, number: bigint, margin: bigint): boolean {
  const head = latestBlock(node.state.l1)
  if (head === undefined || blockNumbered(node.state.l1, number) === undefined) return false
  const oldest = head.number - BigInt(node.parameters.inboxForceBlocks) + margin
  return (
    number >= oldest && number >= lastEntry(head.contents).originNumber && number <= head.number
  )
}

/** Whether a member may sign a batch with this origin: that of its views, or a fresh one that is needed. */
export function isOriginFair(node: SequencerNode, batch: FinalizedBatch, number: bigint): boolean {
  const head = latestBlock(node.state.l1)
  const stated = batch.views[0]?.origin.number
  if (head === undefined || stated === undefined) return false
  if (number === stated) return isOriginTaken(node, number, 0n)
  const isFresh = number + ORIGIN_AGE_MAX >= head.number
  // The proposer's head may be some blocks ahead of or behind ours.
  return (
    isFresh && isOriginTaken(node, number, 0n) && !isOriginTaken(node, stated, 2n * ORIGIN_MARGIN)
  )
}

/** `header.inboxCount`: what the views state, raised to what the inbox demands for this origin, lowered to what it has. */
export function headerInboxCount(
  node: SequencerNode,
  batch: FinalizedBatch,
  originNumber: bigint,
): bigint {
  const contents = latestContents(node.state.l1)
  const stated = batch.views.at(-1)?.blocks.at(-1)?.inboxCount ?? 0n
  const demanded = messagesUpTo(
    contents,
    originNumber - BigInt(node.parameters.inboxMustIncludeBlocks),
  )
  const consumed = lastEntry(contents).inboxCount
  const raised = [stated, demanded, consumed].reduce((most, count) => (count > most ? count : most))
  const queued = BigInt(contents.messages.length)
  return raised < queued ? raised : queued
}

export interface HeaderInput {
  readonly batch: FinalizedBatch
  readonly contents: L1Contents
  readonly data: BatchData
  readonly payloadLength: number
  readonly originNumber: bigint
  readonly inboxCount: bigint
}

export function batchHeader(input: HeaderInput): BatchHeader {
  const parent = lastEntry(input.contents)
  return {
    index: parent.index + 1n,
    parent: parent.hash,
    versionedHash: versionedHash(input.data.commitment),
    cellsRoot: input.data.cellsRoot,
    payloadLength: BigInt(input.payloadLength),
    inboxCount: input.inboxCount,
    originNumber: input.originNumber,
    firstView: input.batch.firstView,
    lastView: input.batch.lastView,
  }
}
