/** The unsafe head: executes what the committee finalized, in its order, ahead of L1. */

import type { Block } from '../chain/types.ts'
import type { Certificate, OrderedBlock } from '../protocol/messages.ts'
import { sequencerNode } from '../protocol/nodes.ts'
import type { BatchBlock } from '../rollup/batch/payload.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { deriveBlocks, INBOX_COUNT_UNKNOWN } from '../rollup/derivation/derive.ts'
import { latest } from '../rollup/l1/view.ts'
import { patch, send } from '../rollup/node/core.ts'
import {
  blocksOfEntry,
  derivationParent,
  executeBlock,
  hashAtHeight,
  heightAtEnd,
  type Ledger,
  type LedgerBlock,
} from '../rollup/node/ledger.ts'
import { reportWithdrawals } from './bridgeReports.ts'
import { change, charge, type ExecutorNode, report } from './node.ts'
import { checkCertificate, fileOrdered } from './order.ts'
import { L2_BLOCK_PRICE_MS, L2_TRANSACTION_PRICE_MS } from './prices.ts'

/** Files a certified block of the committee; asks for what is missing before it. */
export function takeOrdered(
  node: ExecutorNode,
  block: OrderedBlock,
  certificate: Certificate,
): void {
  if (block.view <= node.fields.order.tipView) return
  const certified = checkCertificate(block, certificate, node.committee)
  if (!certified) return
  const { order, taken, missingFrom } = fileOrdered(node.fields.order, certified)
  change(node, { order, ordered: [...node.fields.ordered, ...taken] })
  if (missingFrom !== null) fetchOrder(node, missingFrom)
}

/** Asks one sequencer, drawn anew each time, for finalized blocks from a view on. */
export function fetchOrder(node: ExecutorNode, fromView: bigint): void {
  const index = node.core.nextBelow(node.parameters.sequencerCount)
  send(node.core, sequencerNode(index), 'order.fetch', { fromView })
}

/** One L2 block that the order asks for. */
interface Wanted {
  readonly ordered: OrderedBlock
  readonly stated: BatchBlock
}

/**
 * Brings the blocks above the last entry of L1 to what the committee ordered for later entries.
 * Rationale: blocks of entries that L1 has come from L1 alone; if an entry was not the ordered batch, its ordered blocks are lost, and
 * what was executed on top of them is executed again on what L1 says.
 */
export async function extendUnsafe(node: ExecutorNode): Promise<void> {
  const wanted = wantedBlocks(node)
  let at = dropUnwanted(node, wanted)
  for (; at < wanted.length; at += 1) {
    const next = wanted[at]
    if (!next || !(await executeNext(node, next))) return
  }
}

function wantedBlocks(node: ExecutorNode): readonly Wanted[] {
  const first = BigInt(node.core.fields.ledger.verified.length)
  return node.fields.ordered
    .filter((ordered) => ordered.batchIndex >= first)
    .flatMap((ordered) => ordered.blocks.map((stated) => ({ ordered, stated })))
}

/** Drops unsafe blocks from the first on that is not wanted; gives how many are right already. */
function dropUnwanted(node: ExecutorNode, wanted: readonly Wanted[]): number {
  const { ledger } = node.core.fields
  const base = heightAtEnd(ledger, BigInt(ledger.verified.length) - 1n)
  const unsafe = ledger.blocks.slice(Number(base))
  const wrong = unsafe.findIndex((block, at) => !isWanted(block, wanted[at]))
  if (wrong < 0) return unsafe.length
  const height = base + BigInt(wrong)
  dropAbove(node, height)
  return wrong
}

function isWanted(block: LedgerBlock, wanted: Wanted | undefined): boolean {
  return (
    wanted !== undefined && block.view === wanted.ordered.view && block.stated === wanted.stated
  )
}

function dropAbove(node: ExecutorNode, height: bigint): void {
  const { ledger } = node.core.fields
  const kept: Ledger = { ...ledger, blocks: ledger.blocks.slice(0, Number(height)) }
  patch(node.core, { ledger: kept })
  node.chain.setHead(hashAtHeight(kept, height))
  report(node, 'l2.reorg', { node: node.id, toNumber: height })
}

/** False while an inbox message that the block consumes is unknown: L1's next heads will bring it. */
async function executeNext(node: ExecutorNode, { ordered, stated }: Wanted): Promise<boolean> {
  const { ledger, view } = node.core.fields
  const blocksBefore = blocksOfEntry(ledger, ordered.batchIndex).length
  const context = {
    index: ordered.batchIndex,
    origin: ordered.origin,
    inboxCount: INBOX_COUNT_UNKNOWN,
  }
  const cursor = { parent: derivationParent(ledger), blocksBefore }
  const [derived] = deriveBlocks(context, [stated], cursor)
  if (!derived) return false
  const execution = await executeBlock(node.core.engine, ledger, {
    derived,
    stated,
    view: ordered.view,
    messages: latest(view).messages,
    gasLimit: node.core.settings.l2GasLimit,
  })
  if (!execution) return false
  patch(node.core, { ledger: execution.ledger })
  announceBlock(node, execution.block, ordered.batchIndex, ordered.view)
  return true
}

/** Reports an executed block and charges for it. */
export function announceBlock(
  node: ExecutorNode,
  block: Block,
  batchIndex: bigint,
  view: bigint,
): void {
  const deposits = block.transactions.filter((one) => one.kind === 'deposit').length
  charge(node, L2_BLOCK_PRICE_MS + Math.ceil(block.receipts.length * L2_TRANSACTION_PRICE_MS))
  report(node, 'l2.block', {
    node: node.id,
    number: block.header.number,
    hash: bytesToHex(block.hash),
    parentHash: bytesToHex(block.header.parentHash),
    stateRoot: bytesToHex(block.header.stateRoot),
    timestamp: block.header.timestamp,
    transactions: block.transactions.length,
    deposits,
    skipped: block.skipped.length,
    gasUsed: block.header.gasUsed,
    batchIndex,
    view,
  })
  reportWithdrawals(node, block.header.number)
}
