/** Running a transaction of a stored block again, so that it can be watched. */
import { assert } from '../kernel/errors.ts'
import { ancestor, type Chain } from './chain.ts'
import { type Executor, type Outcome, openBlock } from './evm/executor.ts'
import { runPrologue, runTransaction } from './execute.ts'
import type { Block } from './types.ts'

/** Brings an EVM to the point before transaction `index` of a block whose parent is stored. */
export async function replayTo(
  executor: Executor,
  chain: Chain,
  block: Block,
  index: number,
): Promise<void> {
  const { header } = block
  const parent = chain.block(header.parentHash)
  assert(parent !== undefined, 'Every stored block but genesis has a stored parent.')
  openBlock(executor, parent.world, {
    number: header.number,
    coinbase: header.coinbase,
    timestamp: header.timestamp,
    gasLimit: header.gasLimit,
    baseFee: header.baseFee,
    difficulty: header.difficulty,
    prevrandao: header.prevrandao,
    excessBlobGas: header.excessBlobGas,
    hashOf: (number) => ancestor(chain, parent, number).hash,
  })
  await runPrologue(executor, {
    parentHash: header.parentHash,
    beaconRoot: header.parentBeaconBlockRoot,
    systemCalls: block.systemCalls,
  })
  for (let at = 0; at < index; at += 1) await replayOne(executor, block, at)
}

/** Runs transaction `index` on the state that the EVM has. */
export async function replayOne(executor: Executor, block: Block, index: number): Promise<Outcome> {
  const transaction = block.transactions[index]
  assert(transaction !== undefined, 'The block has no such transaction.')
  return runTransaction(executor, transaction)
}
