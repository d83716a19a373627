/** What a leader proposes: the L2 blocks of the slots that are due, with the transactions that wait. */
import type { L2BlockContent, OrderedBlock } from '../protocol/messages.ts'
import {
  BLOCK_HEADER_SIZE,
  PAYLOAD_SIZE_MAX,
  TRANSACTION_LENGTH_SIZE,
  VERSION_SIZE,
} from '../rollup/batch/geometry.ts'
import { orderedUpTo } from './chain.ts'
import {
  BLOCKS_PER_VIEW_MAX,
  backlogBatchesMax,
  IDLE_VIEW_MS,
  INBOX_CONFIRMATIONS,
} from './config.ts'
import { latestBlock, latestContents, messagesUpTo, postedView } from './l1Chain.ts'
import { eligibleRuns, type PendingTransaction } from './mempool.ts'
import type { SequencerNode } from './node.ts'
import { type ChainTip, nextSlotMs, secondToMs, slotTimestamp } from './ordered.ts'

/** Bytes below which the rest of a batch is not worth another view. */
export const BATCH_ROOM_MIN = 8_192

/** When the leader of a view that extends `tip` should propose: at the next slot, or later if there is nothing to order. */
export function proposeAtMs(node: SequencerNode, tip: ChainTip): number {
  const { l2BlockMs } = node.parameters
  const slotMs = nextSlotMs(tip, l2BlockMs)
  // The first block is not waited for: a page that opens should show life.
  const isIdle = tip.view > 0n && waitingRuns(node, tip).length === 0 && !hasNewMessages(node, tip)
  return isIdle ? slotMs + Math.max(0, IDLE_VIEW_MS - l2BlockMs) : slotMs
}

/** The block to propose in `view`; `null` if no slot is due or no L1 head is known yet. */
export function buildBlock(node: SequencerNode, view: bigint, tip: ChainTip): OrderedBlock | null {
  const slots = dueSlots(node, tip)
  const [firstSlot] = slots
  const head = latestBlock(node.state.l1)
  if (firstSlot === undefined || head === undefined) return null
  const runs = waitingRuns(node, tip)
  const isNewBatch = startsBatch(node, tip, firstSlot, runs)
  const origin = isNewBatch || tip.origin === null ? head : tip.origin
  const used = VERSION_SIZE + (isNewBatch ? 0 : tip.batchBytes) + slots.length * BLOCK_HEADER_SIZE
  const room = { bytes: PAYLOAD_SIZE_MAX - used, gas: BigInt(node.parameters.l2BlockGasLimit) }
  const inbox = takeMessages(node, tip, room.gas)
  const transactions = takeTransactions(runs, { ...room, gas: room.gas - inbox.gas })
  const { number, hash, timestamp, baseFee, prevrandao } = origin
  return {
    view,
    parent: tip.hash,
    proposer: node.config.index,
    batchIndex: isNewBatch ? tip.batchIndex + 1n : tip.batchIndex,
    origin: { number, hash, timestamp, baseFee, prevrandao },
    blocks: slots.map((slotMs, index): L2BlockContent => {
      const isLast = index === slots.length - 1
      return {
        timestamp: slotTimestamp(slotMs),
        inboxCount: isLast ? inbox.count : tip.inboxCount,
        transactions: isLast ? transactions : [],
      }
    }),
  }
}

/** Slots since the tip; after a stall the newest ones alone, for L2 time need not be made up. */
function dueSlots(node: SequencerNode, tip: ChainTip): readonly number[] {
  const { l2BlockMs } = node.parameters
  const newest = Math.floor(node.nowMs / l2BlockMs) * l2BlockMs
  const oldest = newest - (BLOCKS_PER_VIEW_MAX - 1) * l2BlockMs
  const slots: number[] = []
  for (
    let slot = Math.max(nextSlotMs(tip, l2BlockMs), oldest);
    slot <= node.nowMs;
    slot += l2BlockMs
  ) {
    slots.push(slot)
  }
  return slots
}

type Runs = readonly (readonly PendingTransaction[])[]

function waitingRuns(node: SequencerNode, tip: ChainTip): Runs {
  const { state } = node
  if (state.faults.has('censor') || isBacklogged(node, tip)) return []
  return eligibleRuns(state.mempool, orderedUpTo(node, tip.hash), state.view)
}

/** Whether so many batches wait for L1 that nothing more is ordered. */
export function isBacklogged(node: SequencerNode, tip: ChainTip): boolean {
  const { order, l1 } = node.state
  const posted = postedView(latestContents(l1))
  const oldest = order.find(({ block }) => block.view > posted)
  const batchesMax = BigInt(backlogBatchesMax(node.parameters))
  return oldest !== undefined && tip.batchIndex - oldest.block.batchIndex > batchesMax
}

function startsBatch(node: SequencerNode, tip: ChainTip, slotMs: number, runs: Runs): boolean {
  if (tip.origin === null) return true
  if (slotMs - secondToMs(tip.batchSince) >= node.parameters.batchIntervalMs) return true
  const left =
    PAYLOAD_SIZE_MAX - VERSION_SIZE - tip.batchBytes - BLOCKS_PER_VIEW_MAX * BLOCK_HEADER_SIZE
  const next = runs[0]?.[0]
  const wanted = next === undefined ? 0 : TRANSACTION_LENGTH_SIZE + next.raw.length
  return left < BATCH_ROOM_MIN || left < wanted
}

/** Messages that are deep enough in L1 to be included. */
export function confirmedMessages(node: SequencerNode): bigint {
  const head = latestBlock(node.state.l1)
  if (head === undefined) return 0n
  return messagesUpTo(head.contents, head.number - INBOX_CONFIRMATIONS)
}

function hasNewMessages(node: SequencerNode, tip: ChainTip): boolean {
  return confirmedMessages(node) > tip.inboxCount
}

/** Rationale: deposits never skip, so they are given at most half of a block's gas, but one always finds room. */
function takeMessages(
  node: SequencerNode,
  tip: ChainTip,
  gasLimit: bigint,
): { readonly count: bigint; readonly gas: bigint } {
  const { messages } = latestContents(node.state.l1)
  const confirmed = confirmedMessages(node)
  let count = tip.inboxCount
  let gas = 0n
  while (count < confirmed) {
    const next = gas + (messages[Number(count)]?.gas ?? 0n)
    if (next > gasLimit / 2n && count > tip.inboxCount) break
    gas = next
    count += 1n
  }
  return { count, gas }
}

interface Room {
  readonly bytes: number
  readonly gas: bigint
}

function takeTransactions(runs: Runs, room: Room): readonly Uint8Array[] {
  const taken: Uint8Array[] = []
  let { bytes, gas } = room
  for (const run of runs) {
    for (const { raw, gasLimit } of run) {
      const size = TRANSACTION_LENGTH_SIZE + raw.length
      // What follows in the run depends on what does not fit.
      if (size > bytes || gasLimit > gas) break
      taken.push(raw)
      bytes -= size
      gas -= gasLimit
    }
  }
  return taken
}
