/** What a member finds again after a crash: its last votes, the finalized order, and blocks that it voted for. */
import type { Plain } from '../kernel/role.ts'
import type { OrderedBlock } from '../protocol/messages.ts'
import { BLOCK_KEY, FINAL_KEY, TIP_KEY } from './finality.ts'
import type { SequencerNode } from './node.ts'
import { type ChainTip, orderedBlockKey } from './ordered.ts'
import { type FinalizedView, type OwnVotes, updateView } from './state.ts'
import { VOTE_KEY } from './voting.ts'

/** Rationale: a member resumes in the view in which it voted last, bound by those votes, so that it never signs others. */
export function restoreDurable(node: SequencerNode, durable: ReadonlyMap<string, Plain>): void {
  const { state } = node
  const order: FinalizedView[] = []
  for (const [key, value] of durable) {
    if (key.startsWith(FINAL_KEY)) order.push(value as unknown as FinalizedView)
    else if (key.startsWith(BLOCK_KEY)) {
      const block = value as unknown as OrderedBlock
      state.blocks.set(orderedBlockKey(block), block)
    }
  }
  state.order = order.sort((left, right) => (left.block.view < right.block.view ? -1 : 1))
  const tip = durable.get(TIP_KEY)
  if (tip !== undefined) state.tip = tip as unknown as ChainTip
  const last = durable.get(VOTE_KEY) as unknown as
    | ({ readonly view: bigint } & OwnVotes)
    | undefined
  if (last === undefined) return
  const { view, notarize, nullify, finalize } = last
  state.view = view > state.tip.view ? view : state.tip.view + 1n
  updateView(state, view, { mine: { notarize, nullify, finalize } })
}
