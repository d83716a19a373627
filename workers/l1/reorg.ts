/** Reorgs: the last blocks are replaced by others of the same slots. */

import type { Block } from '../chain/types.ts'
import { InvalidArgumentError } from '../kernel/errors.ts'
import type { Effect } from '../kernel/role.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import type { CheatTransaction, SignedTransaction } from '../rollup/transaction/transaction.ts'
import { announce, buildSlot } from './blocks.ts'
import { replyToCheats } from './cheats.ts'
import { type L1State, poolContext } from './state.ts'

/**
 * Replaces the last `depth` blocks. Their transactions wait again; one of them, drawn by the rng, misses the new branch.
 * Throws `InvalidArgumentError` for a depth that finality forbids.
 */
export async function reorg(state: L1State, depth: number): Promise<Effect[]> {
  const { chain, parameters, context } = state
  const { number } = chain.head().header
  const depthMax = Math.min(Number(number), parameters.l1FinalitySlots)
  if (!Number.isInteger(depth) || depth < 1 || depth > depthMax) {
    throw new InvalidArgumentError(`depth must be an integer from 1 to ${depthMax}, is ${depth}.`, {
      metaMessages: [
        `L1 has ${number} blocks, and those older than ${parameters.l1FinalitySlots} slots are final.`,
      ],
    })
  }
  const dropped = await dropBlocks(state, depth)
  const transactions = dropped.flatMap((block) => block.transactions.filter(isSigned))
  for (const transaction of transactions) waitAgain(state, transaction)
  const cheats = dropped.flatMap((block) => block.transactions.filter(isCheat))
  const again = cheats.map((transaction) => ({ transaction, reply: null }))
  state.cheats = { ...state.cheats, waiting: [...again, ...state.cheats.waiting] }
  const late = transactions[context.rng.nextBelow(Math.max(1, transactions.length))]
  const hidden = late === undefined ? undefined : bytesToHex(late.hash)
  const fromNumber = number - BigInt(depth) + 1n
  const effects: Effect[] = [{ kind: 'report', type: 'l1.reorg', payload: { depth, fromNumber } }]
  for (const { header } of dropped) {
    const prevrandao = context.rng.nextBytes(32)
    const block = await buildSlot(state, { timestamp: header.timestamp, prevrandao, hidden })
    effects.push(...announce(state, block), ...replyToCheats(state))
  }
  return effects
}

/** Steps the head back and gives the blocks that fell off, the oldest first. */
async function dropBlocks(state: L1State, depth: number): Promise<Block[]> {
  const { chain } = state
  const dropped: Block[] = []
  for (let step = 0; step < depth; step += 1) {
    const head = chain.head()
    dropped.unshift(head)
    chain.setHead(head.header.parentHash)
  }
  return dropped
}

function waitAgain(state: L1State, transaction: SignedTransaction): void {
  const sidecar = state.sidecars.get(bytesToHex(transaction.hash))
  try {
    state.pool.add(transaction, poolContext(state), sidecar)
  } catch {
    // The new branch does not support it (a replacement waits in its place): it is lost, as in any reorg.
  }
}

function isCheat(transaction: Block['transactions'][number]): transaction is CheatTransaction {
  return transaction.kind === 'cheat'
}

function isSigned(transaction: Block['transactions'][number]): transaction is SignedTransaction {
  return transaction.kind === 'signed'
}
