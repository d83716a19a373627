/** Transactions that clients send, by way of the RPC node. */
import { TRANSACTION_SIZE_MAX } from '../rollup/batch/geometry.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { addTransaction, removeTransactions } from './mempool.ts'
import type { SequencerNode } from './node.ts'
import { hasten } from './simplex.ts'
import { readForm } from './transactions.ts'

/**
 * Views for which a transaction that was ordered is not taken again. Later it is: execution may have skipped it, and only
 * its sender and the RPC node know.
 */
const REPEAT_VIEWS = 8n

/** Ignores what is malformed, known, or ordered a moment ago. */
export function onTransaction(node: SequencerNode, raw: Uint8Array): void {
  const { state } = node
  const form = raw.length > TRANSACTION_SIZE_MAX ? null : readForm(raw, node.parameters)
  if (form === null || (form.isOnce && !node.parameters.allowsCheats)) return
  const ordered = state.recent.get(form.hash)
  if (ordered !== undefined && ordered + REPEAT_VIEWS > state.tip.view) return
  const isNew = addTransaction(state.mempool, { ...form, raw, sinceView: state.view })
  if (isNew) hasten(node)
}

/** Forgets what a devnet's user takes back. What was proposed already is ordered all the same. */
export function onDrop(node: SequencerNode, hashes: readonly Uint8Array[]): void {
  if (!node.parameters.allowsCheats) return
  removeTransactions(node.state.mempool, new Set(hashes.map((hash) => bytesToHex(hash))))
}
