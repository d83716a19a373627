/** The poster's side of a batch: encode, prove, disperse to the data nodes, collect both certificates, post on L1. */
import { assert } from '../kernel/errors.ts'
import type { BatchHeader, Cell, Certificate } from '../protocol/messages.ts'
import { dataNode } from '../protocol/nodes.ts'
import type { Reports } from '../protocol/reports.ts'
import { hashBatchHeader } from '../rollup/batch/header.ts'
import { decodePayload, encodePayload } from '../rollup/batch/payload.ts'
import { batchCommitteeDigest, batchDataDigest } from '../rollup/bls/digests.ts'
import { quorumWeight, signersBitmap } from '../rollup/bls/quorum.ts'
import { blsAggregate, blsSign, blsVerify, blsVerifyAggregate } from '../rollup/bls/signature.ts'
import { equalBytes, ZERO_HASH } from '../rollup/bytes.ts'
import { cellLeaf, merkleRoot, rangePath } from '../rollup/data/cellsRoot.ts'
import { columnsOfNode } from '../rollup/data/columns.ts'
import { PROVE_JOB, PROVE_PRICE_MS, type ProveResult } from '../rollup/data/jobs.ts'
import type { SenderResult } from '../rollup/l1/sender.ts'
import {
  batchHeader,
  batchPayload,
  chooseOrigin,
  completeBatches,
  type FinalizedBatch,
  headerInboxCount,
} from './batches.ts'
import { SIGN_MS, VERIFY_MS } from './config.ts'
import { encodePostBatch } from './l1Calls.ts'
import { blockNumbered, lastEntry, latestContents, postedView } from './l1Chain.ts'
import { sendToL1 } from './l1Sending.ts'
import {
  activeWeights,
  broadcast,
  charge,
  isCaughtUp,
  report,
  type SequencerNode,
  send,
  setTimer,
} from './node.ts'
import type { Posting } from './posting.ts'

export const POST_TIMER = 'post'
export const PROVE_ID = 'prove:'
const POST_LABEL = 'post:'

/** Complete batches proven ahead, each by the member whose turn it will be. */
const BATCHES_AHEAD = 3
/** What proving, dispersing and signing take at most; L1 slots come on top. */
const TURN_MS = 4_000
const TURN_SLOTS = 4
/** How often requests without an answer are repeated. */
const RETRY_MS = 2_000
const REFUSALS_MAX = 5
const POST_GAS = 3_000_000n

/** Does what is due for the batches that wait for L1. Called on heads, finalizations and the posting timer. */
export function advancePosting(node: SequencerNode): void {
  if (!isCaughtUp(node)) return
  const { state } = node
  const posted = postedView(latestContents(state.l1))
  const waiting = completeBatches(state.order, posted, BATCHES_AHEAD)
  const kept = new Set(waiting.map((batch) => batch.lastView))
  for (const lastView of state.postings.keys())
    if (!kept.has(lastView)) state.postings.delete(lastView)
  const [next] = waiting
  if (next === undefined) return
  if (state.awaited.lastView !== next.lastView) {
    state.awaited = { lastView: next.lastView, sinceMs: node.nowMs }
  }
  waiting.forEach((batch, place) => {
    const turn = place === 0 ? turnNow(node) : 0
    const isOurs = posterOf(node, batch, turn) === node.config.index
    if (isOurs && !state.postings.has(batch.lastView)) begin(node, batch)
  })
  pursue(node, next.lastView)
  setTimer(node, POST_TIMER, node.nowMs + RETRY_MS)
}

/** How many posters have had their time. */
function turnNow(node: SequencerNode): number {
  const turnMs = TURN_MS + TURN_SLOTS * node.parameters.l1SlotMs
  return Math.floor((node.nowMs - node.state.awaited.sinceMs) / turnMs)
}

/** Members post in turn; the next takes over from one that does not. */
function posterOf(node: SequencerNode, batch: FinalizedBatch, turn: number): number {
  const active = activeWeights(node).flatMap((weight, member) => (weight > 0n ? [member] : []))
  return active[(Number(batch.batchIndex % BigInt(active.length || 1)) + turn) % active.length] ?? 0
}

function begin(node: SequencerNode, batch: FinalizedBatch): void {
  const payload = batchPayload(batch)
  const isFaithful = equalBytes(encodePayload(decodePayload(payload)), payload)
  assert(isFaithful, 'a batch payload decodes to the blocks that it was made of')
  const posting: Posting = {
    batch,
    payload,
    stage: 'proving',
    proven: null,
    header: null,
    headerHash: ZERO_HASH,
    receipts: new Map(),
    signatures: new Map(),
    dataCertificate: null,
    sinceMs: node.nowMs,
    refusals: 0,
  }
  node.state.postings.set(batch.lastView, posting)
  reportStage(node, posting, 'encoding')
  reportStage(node, posting, 'proving')
  const id = `${PROVE_ID}${batch.lastView}`
  node.effects.push({
    kind: 'job',
    id,
    job: PROVE_JOB,
    input: { payload },
    priceMs: PROVE_PRICE_MS,
  })
}

/** The job's result: all cells with proofs. */
export function onProven(node: SequencerNode, lastView: bigint, result: ProveResult): void {
  const posting = node.state.postings.get(lastView)
  if (posting === undefined || posting.proven !== null) return
  const cells: readonly Cell[] = result.cells
  const leaves = cells.map((cell) => cellLeaf(cell.bytes))
  const proven = { commitment: result.commitment, cells, leaves, cellsRoot: merkleRoot(leaves) }
  node.state.postings.set(lastView, { ...posting, proven })
  advancePosting(node)
}

/** Takes the batch that L1 waits for one step further; repeats what was not answered. */
function pursue(node: SequencerNode, lastView: bigint): void {
  const posting = node.state.postings.get(lastView)
  if (posting === undefined || posting.proven === null || posting.refusals >= REFUSALS_MAX) return
  const contents = latestContents(node.state.l1)
  const isStale =
    posting.header === null || !equalBytes(posting.header.parent, lastEntry(contents).hash)
  if (isStale) {
    disperse(node, posting)
    return
  }
  if (node.nowMs - posting.sinceMs < RETRY_MS) return
  node.state.postings.set(lastView, { ...posting, sinceMs: node.nowMs })
  if (posting.stage === 'dispersing') sendCells(node, posting)
  if (posting.stage === 'certifying') proposeToCommittee(node, posting)
  if (posting.stage === 'posting') post(node, posting)
}

function disperse(node: SequencerNode, old: Posting): void {
  const { batch, payload, proven } = old
  const originNumber = chooseOrigin(node, batch)
  if (originNumber === null || proven === null) return
  const header = batchHeader({
    batch,
    contents: latestContents(node.state.l1),
    data: proven,
    payloadLength: payload.length,
    originNumber,
    inboxCount: headerInboxCount(node, batch, originNumber),
  })
  const posting: Posting = {
    ...old,
    stage: 'dispersing',
    header,
    headerHash: hashBatchHeader(header),
    receipts: new Map(),
    signatures: new Map(),
    dataCertificate: null,
    sinceMs: node.nowMs,
  }
  node.state.postings.set(batch.lastView, posting)
  reportStage(node, posting, 'dispersing')
  sendCells(node, posting)
}

/** To every data node that has not answered: the cells of its columns, and the path that ties them to `cellsRoot`. */
function sendCells(node: SequencerNode, { header, proven, receipts }: Posting): void {
  if (header === null || proven === null) return
  const { dataNodeCount } = node.parameters
  for (let index = 0; index < dataNodeCount; index++) {
    if (receipts.has(index)) continue
    const columns = columnsOfNode(index, dataNodeCount)
    const range = { first: columns[0] ?? 0, count: columns.length }
    send(node, dataNode(index), 'da.store', {
      index: header.index,
      commitment: proven.commitment,
      header,
      cells: proven.cells.slice(range.first, range.first + range.count),
      path: rangePath(proven.leaves, range),
    })
  }
}

interface SignedHeader {
  readonly headerHash: Uint8Array
  readonly signer: number
  readonly signature: Uint8Array
}

/** A data node stored its cells. With a quorum of them the data certificate is made. */
export function onReceipt(
  node: SequencerNode,
  { headerHash, signer, signature }: SignedHeader,
): void {
  const posting = findPosting(node, headerHash)
  if (posting === undefined || posting.stage !== 'dispersing') return
  if (node.config.dataNodeKeys[signer] === undefined) return
  const receipts = new Map(posting.receipts).set(signer, signature)
  const collected = { ...posting, receipts }
  node.state.postings.set(posting.batch.lastView, collected)
  if (receipts.size < node.parameters.dataQuorum) return
  const digest = batchDataDigest(headerHash)
  const made = certificateOf(node, digest, receipts, node.config.dataNodeKeys)
  if (made.certificate === null) {
    node.state.postings.set(posting.batch.lastView, { ...collected, receipts: made.valid })
    return
  }
  certify(node, { ...collected, dataCertificate: made.certificate })
}

function certify(node: SequencerNode, old: Posting): void {
  charge(node, SIGN_MS)
  const own = blsSign(batchCommitteeDigest(old.headerHash), node.config.secretKey)
  const signatures = new Map(old.signatures).set(node.config.index, own)
  const posting: Posting = { ...old, stage: 'certifying', signatures, sinceMs: node.nowMs }
  node.state.postings.set(old.batch.lastView, posting)
  reportStage(node, posting, 'certifying')
  proposeToCommittee(node, posting)
}

function proposeToCommittee(node: SequencerNode, { header, proven }: Posting): void {
  if (header === null || proven === null) return
  broadcast(node, 'batch.propose', { header, commitment: proven.commitment })
}

/** A member signed the batch. With a quorum of the active members' weight it goes to L1. */
export function onBatchSignature(
  node: SequencerNode,
  { headerHash, signer, signature }: SignedHeader,
): void {
  const posting = findPosting(node, headerHash)
  const weights = activeWeights(node)
  if (posting === undefined || posting.stage !== 'certifying') return
  if ((weights[signer] ?? 0n) === 0n) return
  const signatures = new Map(posting.signatures).set(signer, signature)
  const collected = { ...posting, signatures }
  node.state.postings.set(posting.batch.lastView, collected)
  if (!hasQuorum(signatures, weights)) return
  const keys = node.config.committee.map((member) => member.publicKey)
  const made = certificateOf(node, batchCommitteeDigest(headerHash), signatures, keys)
  if (made.certificate === null) {
    node.state.postings.set(posting.batch.lastView, { ...collected, signatures: made.valid })
    return
  }
  const ready: Posting = { ...collected, stage: 'posting', sinceMs: node.nowMs }
  node.state.postings.set(posting.batch.lastView, ready)
  reportStage(node, ready, 'posting')
  post(node, ready)
}

function hasQuorum(
  signatures: ReadonlyMap<number, Uint8Array>,
  weights: readonly bigint[],
): boolean {
  let weight = 0n
  for (const member of signatures.keys()) weight += weights[member] ?? 0n
  return weight >= quorumWeight(weights)
}

interface MadeCertificate {
  readonly certificate: Certificate | null
  readonly valid: ReadonlyMap<number, Uint8Array>
}

/** Aggregates first and verifies once; only if that fails looks for the signatures that are wrong. */
function certificateOf(
  node: SequencerNode,
  digest: Uint8Array,
  signatures: ReadonlyMap<number, Uint8Array>,
  keys: readonly Uint8Array[],
): MadeCertificate {
  const entries = [...signatures].sort(([left], [right]) => left - right)
  const publicKeys = entries.flatMap(([index]) => (keys[index] === undefined ? [] : [keys[index]]))
  const signature = blsAggregate(entries.map(([, each]) => each))
  charge(node, VERIFY_MS)
  if (signature !== null && blsVerifyAggregate({ digest, signature, publicKeys })) {
    return {
      certificate: { signers: signersBitmap(entries.map(([index]) => index)), signature },
      valid: signatures,
    }
  }
  charge(node, VERIFY_MS * entries.length)
  const isValid = (index: number, each: Uint8Array) => {
    const publicKey = keys[index]
    return publicKey !== undefined && blsVerify({ digest, signature: each, publicKey })
  }
  return {
    certificate: null,
    valid: new Map(entries.filter(([index, each]) => isValid(index, each))),
  }
}

function post(node: SequencerNode, posting: Posting): void {
  const { header, proven, dataCertificate, signatures, batch } = posting
  if (header === null || proven === null || dataCertificate === null) return
  const originHeader = blockNumbered(node.state.l1, header.originNumber)?.headerRlp
  const entries = [...signatures].sort(([left], [right]) => left - right)
  const signature = blsAggregate(entries.map(([, each]) => each))
  if (originHeader === undefined || signature === null) return
  const committee = { signers: signersBitmap(entries.map(([index]) => index)), signature }
  sendToL1(node, {
    label: `${POST_LABEL}${batch.lastView}:${posting.refusals}`,
    to: node.config.contracts.inbox,
    data: encodePostBatch({
      header,
      commitment: proven.commitment,
      originHeader,
      committee,
      data: dataCertificate,
    }),
    valueWei: 0n,
    gasLimit: POST_GAS,
  })
}

/** L1 refused a batch of ours: what it was built on has changed, so it is built anew, a bounded number of times. */
export function onPostResults(node: SequencerNode, results: readonly SenderResult[]): void {
  for (const { label, succeeded } of results) {
    if (!label.startsWith(POST_LABEL) || succeeded) continue
    const lastView = BigInt(label.slice(POST_LABEL.length).split(':')[0] ?? '0')
    const posting = node.state.postings.get(lastView)
    if (posting === undefined) continue
    node.state.postings.set(lastView, { ...posting, header: null, refusals: posting.refusals + 1 })
  }
}

function findPosting(node: SequencerNode, headerHash: Uint8Array): Posting | undefined {
  return [...node.state.postings.values()].find((posting) =>
    equalBytes(posting.headerHash, headerHash),
  )
}

type Stage = Reports['batch.building']['stage']

function reportStage(node: SequencerNode, { batch, payload, header }: Posting, stage: Stage): void {
  const blocks = batch.views.flatMap((view) => view.blocks)
  const transactions = blocks.flatMap((block) => block.transactions)
  report(node, 'batch.building', {
    node: node.id,
    index: indexOf(node, batch, header),
    transactions: transactions.length,
    blocks: blocks.length,
    payloadBytes: payload.length,
    rawBytes: transactions.reduce((sum, raw) => sum + raw.length, 0),
    stage,
  })
}

/** Index of the inbox entry that the batch becomes: a forecast until its header is made. */
function indexOf(node: SequencerNode, batch: FinalizedBatch, header: BatchHeader | null): bigint {
  if (header !== null) return header.index
  const contents = latestContents(node.state.l1)
  const waiting = completeBatches(node.state.order, postedView(contents), BATCHES_AHEAD)
  const place = waiting.findIndex((other) => other.lastView === batch.lastView)
  return lastEntry(contents).index + 1n + BigInt(Math.max(0, place))
}
