/** What a voter checks of a proposal. Voters do not execute: valid is what order, L1 and the transactions' form show. */
import type { L2BlockContent, OrderedBlock } from '../protocol/messages.ts'
import {
  BLOCK_HEADER_SIZE,
  PAYLOAD_SIZE_MAX,
  TRANSACTION_LENGTH_SIZE,
  TRANSACTION_SIZE_MAX,
  VERSION_SIZE,
} from '../rollup/batch/geometry.ts'
import { equalBytes } from '../rollup/bytes.ts'
import { isParent, orderedUpTo, tipOf } from './chain.ts'
import {
  BLOCKS_PER_VIEW_MAX,
  DELTA_MS,
  INCLUSION_VIEWS_MAX,
  INCLUSION_VIEWS_MIN,
  ORIGIN_AGE_MAX,
} from './config.ts'
import { blockNumbered, latestBlock, latestContents, messagesUpTo } from './l1Chain.ts'
import { eligibleRuns } from './mempool.ts'
import { leader, type SequencerNode } from './node.ts'
import { type ChainTip, extendTip, secondToMs } from './ordered.ts'
import { isBacklogged } from './proposal.ts'
import { readForm, type TransactionForm } from './transactions.ts'

/** `wait`: not valid yet, for something that it refers to has not arrived. */
export type Verdict = 'valid' | 'wait' | { readonly invalid: string }

/** How far a leader's clock, and its mempool, may lag behind. */
const TIMESTAMP_LAG_MS = 5_000
/** Share of a payload from which on a batch may be closed before its time. */
const EARLY_CLOSE_SIZE = PAYLOAD_SIZE_MAX / 4

type Rule = (node: SequencerNode, block: OrderedBlock, tip: ChainTip) => Verdict

/** In the order in which they are checked; the first that is not `valid` decides. */
const RULES: readonly Rule[] = [
  checkShape,
  checkTime,
  checkBatch,
  checkOrigin,
  checkInbox,
  checkTransactions,
  checkInclusion,
]

/** Judges a proposal of the leader of `block.view`. */
export function judgeProposal(node: SequencerNode, block: OrderedBlock): Verdict {
  if (block.proposer !== leader(node, block.view)) return invalid('proposer does not lead the view')
  const tip = tipOf(node.state, block.parent)
  if (tip === null || !isParent(node.state, tip, block.view)) return 'wait'
  for (const rule of RULES) {
    const verdict = rule(node, block, tip)
    if (verdict !== 'valid') return verdict
  }
  return 'valid'
}

function invalid(reason: string): Verdict {
  return { invalid: reason }
}

function checkShape(_node: SequencerNode, { blocks }: OrderedBlock): Verdict {
  const isCountValid = blocks.length >= 1 && blocks.length <= BLOCKS_PER_VIEW_MAX
  return isCountValid
    ? 'valid'
    : invalid(`${blocks.length} L2 blocks, 1 to ${BLOCKS_PER_VIEW_MAX} are valid`)
}

function checkTime(node: SequencerNode, { blocks }: OrderedBlock, tip: ChainTip): Verdict {
  let previous = tip.timestamp
  for (const { timestamp } of blocks) {
    if (timestamp < previous) return invalid('timestamps go back')
    previous = timestamp
  }
  const startMs = secondToMs(previous)
  if (startMs > node.nowMs + DELTA_MS) return invalid('timestamp in the future')
  return startMs + TIMESTAMP_LAG_MS < node.nowMs ? invalid('timestamp too old') : 'valid'
}

/** A batch closes when its time is over or its payload fills; then its successor begins, and not before. */
function checkBatch(node: SequencerNode, block: OrderedBlock, tip: ChainTip): Verdict {
  const next = extendTip(tip, block)
  if (VERSION_SIZE + next.batchBytes > PAYLOAD_SIZE_MAX) return invalid('payload too large')
  const ageMs = secondToMs(block.blocks[0]?.timestamp ?? 0n) - secondToMs(tip.batchSince)
  const { batchIntervalMs } = node.parameters
  if (block.batchIndex === tip.batchIndex) {
    return ageMs > 2 * batchIntervalMs + TIMESTAMP_LAG_MS ? invalid('batch left open') : 'valid'
  }
  if (block.batchIndex !== tip.batchIndex + 1n) return invalid('batch skipped')
  const isDue = ageMs + 1_000 >= batchIntervalMs || tip.batchBytes >= EARLY_CLOSE_SIZE
  return isDue || tip.origin === null ? 'valid' : invalid('batch closed early')
}

function checkOrigin(node: SequencerNode, block: OrderedBlock, tip: ChainTip): Verdict {
  const { origin } = block
  if (block.batchIndex === tip.batchIndex) {
    const isSame = tip.origin !== null && tip.origin.number === origin.number
    return isSame && equalBytes(tip.origin.hash, origin.hash)
      ? 'valid'
      : invalid('origin changed within a batch')
  }
  const head = latestBlock(node.state.l1)
  if (head === undefined) return 'wait'
  if (tip.origin !== null && origin.number < tip.origin.number) return invalid('origin goes back')
  if (origin.number + ORIGIN_AGE_MAX < head.number) return invalid('origin too old')
  const known = blockNumbered(node.state.l1, origin.number)
  // Unknown or replaced by a reorg that only one of us has seen: the view's time decides.
  if (known === undefined || !equalBytes(known.hash, origin.hash)) return 'wait'
  const isTold =
    known.timestamp === origin.timestamp &&
    known.baseFee === origin.baseFee &&
    equalBytes(known.prevrandao, origin.prevrandao)
  return isTold ? 'valid' : invalid('origin misquoted')
}

/** Rationale: mirrors `Inbox._checkInboxCount`; a message that is old enough must not be ignored. */
function checkInbox(node: SequencerNode, { blocks }: OrderedBlock, tip: ChainTip): Verdict {
  const contents = latestContents(node.state.l1)
  let previous = tip.inboxCount
  for (const { inboxCount } of blocks) {
    if (inboxCount < previous) return invalid('inbox count goes back')
    previous = inboxCount
  }
  if (previous > BigInt(contents.messages.length)) return 'wait'
  const head = latestBlock(node.state.l1)?.number ?? 0n
  const due = messagesUpTo(contents, head - BigInt(node.parameters.inboxMustIncludeBlocks))
  // A backlog of messages is worked off a block's gas at a time, so progress is enough.
  return previous < due && previous === tip.inboxCount ? invalid('inbox ignored') : 'valid'
}

function checkTransactions(node: SequencerNode, block: OrderedBlock, tip: ChainTip): Verdict {
  const { hashes } = orderedUpTo(node, block.parent)
  const seen = new Set(hashes)
  let inboxCount = tip.inboxCount
  for (const content of block.blocks) {
    const forms = readForms(node, content)
    if (forms === null) return invalid('a transaction is malformed or wrongly signed')
    for (const { hash } of forms) {
      if (seen.has(hash)) return invalid('a transaction is ordered twice')
      seen.add(hash)
    }
    const gas = forms.reduce(
      (sum, form) => sum + form.gasLimit,
      messageGas(node, inboxCount, content),
    )
    if (gas > BigInt(node.parameters.l2BlockGasLimit)) return invalid('gas limits exceed the block')
    inboxCount = content.inboxCount
  }
  return 'valid'
}

function readForms(
  node: SequencerNode,
  content: L2BlockContent,
): readonly TransactionForm[] | null {
  const forms: TransactionForm[] = []
  for (const raw of content.transactions) {
    if (raw.length > TRANSACTION_SIZE_MAX) return null
    const form = readForm(raw, node.parameters)
    if (form === null) return null
    forms.push(form)
  }
  return forms
}

function messageGas(node: SequencerNode, from: bigint, content: L2BlockContent): bigint {
  const { messages } = latestContents(node.state.l1)
  return messages
    .slice(Number(from), Number(content.inboxCount))
    .reduce((sum, message) => sum + message.gas, 0n)
}

/**
 * Rationale: after FOCIL (EIP-7805): what a voter has known for some views may be missing only where it does not fit.
 * Enforced for a bounded time, so that a transaction which others never received cannot stop the committee.
 */
function checkInclusion(node: SequencerNode, block: OrderedBlock, tip: ChainTip): Verdict {
  if (isBacklogged(node, tip)) return 'valid'
  const { state, parameters } = node
  const last = block.blocks.at(-1)
  const included = new Set((last?.transactions ?? []).map((raw) => readForm(raw, parameters)?.hash))
  const bytesLeft =
    PAYLOAD_SIZE_MAX -
    VERSION_SIZE -
    extendTip(tip, block).batchBytes -
    BLOCKS_PER_VIEW_MAX * BLOCK_HEADER_SIZE
  const gasLeft =
    BigInt(parameters.l2BlockGasLimit) - (last === undefined ? 0n : gasOf(node, last, tip))
  for (const run of eligibleRuns(state.mempool, orderedUpTo(node, block.parent), block.view)) {
    const omitted = run.find((pending) => !included.has(pending.hash))
    if (omitted === undefined || state.recent.has(omitted.hash)) continue
    const views = block.view - omitted.sinceView
    const isEnforced = views > INCLUSION_VIEWS_MIN && views < INCLUSION_VIEWS_MAX
    const fits =
      TRANSACTION_LENGTH_SIZE + omitted.raw.length <= bytesLeft && omitted.gasLimit <= gasLeft
    if (isEnforced && fits) return invalid(`transaction ${omitted.hash} is censored`)
  }
  return 'valid'
}

function gasOf(node: SequencerNode, content: L2BlockContent, tip: ChainTip): bigint {
  const forms = readForms(node, content) ?? []
  return forms.reduce((sum, form) => sum + form.gasLimit, messageGas(node, tip.inboxCount, content))
}
