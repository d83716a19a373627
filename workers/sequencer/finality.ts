/** From finalization certificates to the finalized order, which executors and batches are made of. */
import type { Plain } from '../kernel/role.ts'
import type { OrderedBlock, VoteKind } from '../protocol/messages.ts'
import { equalBytes } from '../rollup/bytes.ts'
import { removeFinalized } from './mempool.ts'
import { persist, type SequencerNode, sendToExecutors } from './node.ts'
import { extendTip, orderedBlockKey } from './ordered.ts'
import { blockOf, type Certified, type FinalizedView, type ViewState, viewState } from './state.ts'
import { readForm } from './transactions.ts'

export const FINAL_KEY = 'final:'
export const BLOCK_KEY = 'block:'
export const TIP_KEY = 'tip'

/** Views for which certificates stay at hand below the finalized one, and finalized transactions are known. */
const VIEWS_KEPT = 64n
/** Finalized views that a member can still give to others. */
export const ORDER_KEPT = 8_192

/** Takes up the highest finalization whose whole chain is here. True if anything became final. */
export function finalizeChain(node: SequencerNode): boolean {
  const { state } = node
  let best: ViewState | null = null
  for (const candidate of state.views.values()) {
    const isAhead = candidate.certified.finalize !== null && candidate.view > state.tip.view
    if (isAhead && (best === null || candidate.view > best.view)) best = candidate
  }
  const final = best?.certified.finalize
  if (best === null || final === null || final === undefined) return false
  const chain = chainTo(node, final.hash)
  if (chain === null) return false
  for (const view of chain) applyFinal(node, view)
  prune(node)
  const last = chain.at(-1)?.block
  if (last?.proposer === node.config.index) {
    for (const { block, certificate } of chain)
      sendToExecutors(node, 'order.finalized', { block, certificate })
  }
  return true
}

/** Certified blocks from the finalized one (exclusive) to `hash`; `null` while one is missing. */
function chainTo(node: SequencerNode, hash: Uint8Array): readonly FinalizedView[] | null {
  const { state } = node
  const chain: FinalizedView[] = []
  let at = hash
  while (!equalBytes(at, state.tip.hash)) {
    const block = blockOf(state, at)
    if (block === undefined || block.view <= state.tip.view) return null
    const proof = proofOf(viewState(state, block.view), at)
    if (proof === null) return null
    chain.unshift({ block, ...proof })
    at = block.parent
  }
  return chain
}

function proofOf(view: ViewState, hash: Uint8Array): Omit<FinalizedView, 'block'> | null {
  for (const kind of ['finalize', 'notarize'] as const satisfies readonly VoteKind[]) {
    const certified: Certified | null = view.certified[kind]
    if (certified !== null && equalBytes(certified.hash, hash)) {
      return { kind, certificate: certified.certificate }
    }
  }
  return null
}

function applyFinal(node: SequencerNode, final: FinalizedView): void {
  const { state } = node
  const { block } = final
  state.tip = extendTip(state.tip, block)
  const [oldest] = state.order
  if (oldest !== undefined && state.order.length >= ORDER_KEPT) {
    persist(node, `${FINAL_KEY}${oldest.block.view}`, null)
  }
  state.order = [...state.order, final].slice(-ORDER_KEPT)
  persist(node, TIP_KEY, state.tip as unknown as Plain)
  persist(node, `${FINAL_KEY}${block.view}`, final as unknown as Plain)
  persist(node, `${BLOCK_KEY}${block.view}`, null)
  const forms = formsOf(node, block)
  removeFinalized(state.mempool, forms)
  for (const { hash } of forms) state.recent.set(hash, block.view)
}

function formsOf(node: SequencerNode, block: OrderedBlock) {
  const raws = block.blocks.flatMap((content) => content.transactions)
  return raws.flatMap((raw) => readForm(raw, node.parameters) ?? [])
}

function prune(node: SequencerNode): void {
  const { state } = node
  const oldest = state.tip.view - VIEWS_KEPT
  for (const view of state.views.keys()) if (view < oldest) state.views.delete(view)
  for (const [key, block] of state.blocks) if (block.view < oldest) state.blocks.delete(key)
  for (const [hash, view] of state.recent) {
    if (view >= oldest) break
    state.recent.delete(hash)
  }
}

/** Keeps a block until its view is decided. */
export function keepBlock(node: SequencerNode, block: OrderedBlock): void {
  node.state.blocks.set(orderedBlockKey(block), block)
}
