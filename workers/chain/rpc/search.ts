/** Searches through the history's states, each of which is there. */
import { equalBytes } from '../../rollup/bytes.ts'
import { getAccount } from '../../rollup/trie/world.ts'
import type { Chain } from '../chain.ts'
import type { TransactionLocation } from '../store.ts'
import type { Block } from '../types.ts'

/** The lowest canonical block for which `holds`, which once true stays true; undefined where it never holds. */
export function firstBlockWhere(chain: Chain, holds: (block: Block) => boolean): Block | undefined {
  let low = chain.genesis.header.number
  let high = chain.head().header.number
  const at = (number: bigint): Block | undefined => chain.block(number)
  if (!holds(chain.head())) return undefined
  while (low < high) {
    const middle = (low + high) / 2n
    const block = at(middle)
    // What history has forgotten lies below what it holds.
    if (block !== undefined && holds(block)) high = middle
    else low = middle + 1n
  }
  return at(low)
}

/** The transaction with a sender's nonce on the canonical chain. */
export function findBySender(
  chain: Chain,
  sender: Uint8Array,
  nonce: bigint,
): TransactionLocation | undefined {
  const block = firstBlockWhere(
    chain,
    ({ world }) => (getAccount(world, sender)?.nonce ?? 0n) > nonce,
  )
  const index = block?.transactions.findIndex(
    (transaction) =>
      transaction.kind === 'signed' &&
      transaction.nonce === nonce &&
      equalBytes(transaction.from, sender),
  )
  return block === undefined || index === undefined || index < 0 ? undefined : { block, index }
}
