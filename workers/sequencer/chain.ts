/** The tree of notarized blocks above the finalized one: which block a view may extend, and what its ancestors order. */
import { equalBytes } from '../rollup/bytes.ts'
import type { Ordered } from './mempool.ts'
import type { SequencerNode } from './node.ts'
import { type ChainTip, extendTip } from './ordered.ts'
import { blockOf, type SequencerState, viewState } from './state.ts'
import { readForm, type TransactionForm } from './transactions.ts'

/** The chain up to a block; `null` while a block between it and the finalized one is missing. */
export function tipOf(state: SequencerState, hash: Uint8Array): ChainTip | null {
  if (equalBytes(hash, state.tip.hash)) return state.tip
  const block = blockOf(state, hash)
  if (block === undefined || block.view <= state.tip.view) return null
  const parent = tipOf(state, block.parent)
  return parent === null ? null : extendTip(parent, block)
}

/** Hash that a notarization or a finalization of the view names. */
export function notarizedHash(state: SequencerState, view: bigint): Uint8Array | null {
  const { certified } = viewState(state, view)
  return certified.notarize?.hash ?? certified.finalize?.hash ?? null
}

/** The chain that a block of `view` extends: the highest notarized view below, with only nullified ones in between. */
export function parentTip(state: SequencerState, view: bigint): ChainTip | null {
  for (let below = view - 1n; below > state.tip.view; below--) {
    const hash = notarizedHash(state, below)
    if (hash !== null) return tipOf(state, hash)
    if (viewState(state, below).certified.nullify === null) return null
  }
  return state.tip
}

/** Whether a block of `view` may have this parent: notarized, and every view in between nullified. */
export function isParent(state: SequencerState, tip: ChainTip, view: bigint): boolean {
  const isFinal = equalBytes(tip.hash, state.tip.hash)
  const notarized = notarizedHash(state, tip.view)
  if (!isFinal && (notarized === null || !equalBytes(notarized, tip.hash))) return false
  for (let between = tip.view + 1n; between < view; between++) {
    if (viewState(state, between).certified.nullify === null) return false
  }
  return tip.view < view
}

/** What the unfinalized ancestors up to the block `hash` order. */
export function orderedUpTo(node: SequencerNode, hash: Uint8Array): Ordered {
  const hashes = new Set<string>()
  const nonces = new Map<string, bigint>()
  for (const form of formsUpTo(node, hash)) {
    hashes.add(form.hash)
    const next = nonces.get(form.sender) ?? 0n
    if (form.nonce >= next) nonces.set(form.sender, form.nonce + 1n)
  }
  return { hashes, nonces }
}

function formsUpTo(node: SequencerNode, hash: Uint8Array): readonly TransactionForm[] {
  const forms: TransactionForm[] = []
  let block = blockOf(node.state, hash)
  while (block !== undefined && block.view > node.state.tip.view) {
    for (const content of block.blocks) {
      for (const raw of content.transactions) {
        const form = readForm(raw, node.parameters)
        if (form !== null) forms.push(form)
      }
    }
    block = blockOf(node.state, block.parent)
  }
  return forms
}
