/** Follows L1's heads, and says what they mean for batches, members and the inbox. */
import type { L1Head } from '../protocol/messages.ts'
import { L1_NODE } from '../protocol/nodes.ts'
import type { Reports } from '../protocol/reports.ts'
import { ENTRY_BATCH, ENTRY_DEPOSIT_ONLY } from '../rollup/batch/entry.ts'
import { bytesToHex, ZERO_ADDRESS } from '../rollup/bytes.ts'
import { foldL1Head, type L1News, latestBlock } from './l1Chain.ts'
import { followSender } from './l1Sending.ts'
import { report, type SequencerNode, send, setTimer } from './node.ts'
import { onPostResults } from './poster.ts'
import { hasten, startViews } from './simplex.ts'

const KIND_NAMES: Readonly<Record<number, Reports['batch.posted']['kind']>> = {
  [ENTRY_BATCH]: 'batch',
  [ENTRY_DEPOSIT_ONLY]: 'depositOnly',
}

export const SUBSCRIBE_TIMER = 'l1.subscribe'
/** L1 slots without a head after which the subscription is renewed. */
const SILENT_SLOTS = 6

/** Asks L1 for its heads from the oldest block that a reorg could need, at first from genesis. */
export function resubscribe(node: SequencerNode): void {
  const fromNumber = node.state.l1.blocks[0]?.number ?? 0n
  send(node, L1_NODE, 'l1.subscribe', { fromNumber })
  watchL1(node)
}

function watchL1(node: SequencerNode): void {
  setTimer(node, SUBSCRIBE_TIMER, node.nowMs + SILENT_SLOTS * node.parameters.l1SlotMs)
}

export function onL1Head(node: SequencerNode, head: L1Head): void {
  const { config, parameters } = node
  const update = foldL1Head(node.state.l1, head, config.contracts, parameters)
  if (update === null) {
    resubscribe(node)
    return
  }
  watchL1(node)
  if (update.chain === node.state.l1) return
  const messagesBefore = latestBlock(node.state.l1)?.contents.messages.length ?? 0
  node.state.l1 = update.chain
  onPostResults(node, followSender(node, head))
  reportNews(node, head, update.news)
  startViews(node)
  const messages = latestBlock(node.state.l1)?.contents.messages.length ?? 0
  if (messages > messagesBefore) hasten(node)
}

/** Each fact is reported by one member: the poster of a batch, otherwise members in turn. */
function reportNews(node: SequencerNode, head: L1Head, news: L1News): void {
  const { committee, index } = node.config
  const isTurn = (fact: bigint) => Number(fact % BigInt(committee.length)) === index
  for (const entry of news.entries) {
    const own = bytesToHex(committee[index]?.address ?? ZERO_ADDRESS)
    const isOurs = entry.kind === ENTRY_BATCH ? entry.poster === own : isTurn(entry.index)
    if (isOurs) reportEntry(node, head, entry)
  }
  for (const { culprit, amountWei, transactionHash } of news.slashed) {
    const isReporter = culprit !== index && (culprit + 1) % committee.length === index
    if (isReporter) report(node, 'sequencer.slashed', { culprit, amountWei, transactionHash })
  }
}

function reportEntry(node: SequencerNode, head: L1Head, entry: L1News['entries'][number]): void {
  const { index, inboxCount, poster, transactionHash } = entry
  const outcome = head.outcomes.find(({ hash }) => bytesToHex(hash) === transactionHash)
  report(node, 'batch.posted', {
    index,
    kind: KIND_NAMES[entry.kind] ?? 'expired',
    payloadBytes: Number(entry.payloadLength),
    inboxCount,
    poster,
    transactionHash,
    l1Number: head.number,
    gasUsed: outcome?.gasUsed ?? 0n,
  })
}
