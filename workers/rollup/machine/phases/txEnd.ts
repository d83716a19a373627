/** TX_END, DESTRUCT and TX_CLOSE: what a transaction leaves behind. */
import { addReceipt, addTransaction, joinBlooms } from '../../l2Header.ts'
import { CHEAT_TYPE, DEPOSIT_TYPE } from '../../transaction/transaction.ts'
import { trieSibling } from '../../trie/trie.ts'
import { setAccount } from '../../trie/world.ts'
import { byteString, stringHash } from '../byteString.ts'
import { credit, type Draft, takeAccount, takeString, takeWords } from '../draft.ts'
import { MachineError } from '../errors.ts'
import { chainHash, NO_TX } from '../hash.ts'
import { PHASE, type TxRecord, type World } from '../types.ts'
import { wordToAddress } from '../words.ts'
import { cleanWorld } from './frames.ts'

/** EIP-3529: at most a fifth of the gas is refunded. */
const REFUND_QUOTIENT = 5

export function txEnd(draft: Draft): void {
  const { tx, block } = draft
  const gasUsed = gasUsedBy(tx, draft.world)
  if (tx.kind !== DEPOSIT_TYPE && tx.kind !== CHEAT_TYPE) {
    credit(draft, tx.origin, BigInt(tx.gasLimit - gasUsed) * tx.gasPrice)
    credit(draft, block.coinbase, BigInt(gasUsed) * (tx.gasPrice - block.baseFee))
  }
  draft.tx = { ...tx, gasUsed }
  draft.phase = draft.world.destructs === null ? PHASE.TX_CLOSE : PHASE.DESTRUCT
}

function gasUsedBy(tx: TxRecord, world: World): number {
  const spent = tx.gasLimit - tx.gasLeft
  const used = spent - Math.min(Math.floor(spent / REFUND_QUOTIENT), world.refund)
  return Math.max(used, tx.floorGas)
}

export function destruct(draft: Draft): void {
  const item = draft.world.destructs
  if (item === null) throw new MachineError('DESTRUCT needs an item.')
  takeWords(draft, [...item.words, chainHash(item.below)])
  const { state } = draft.world
  const taken = takeAccount(draft, state, wordToAddress(item.words[0] ?? 0n))
  if (taken.proof !== null) {
    const sibling = trieSibling(state.accounts, taken.key)
    if (sibling !== null) taken.proof.push(sibling)
  }
  const without = setAccount(state, taken.address, undefined)
  draft.world = { ...draft.world, state: without, destructs: item.below }
  draft.phase = item.below === null ? PHASE.TX_CLOSE : PHASE.DESTRUCT
}

export function txClose(draft: Draft): void {
  const { tx, block, world } = draft
  const txBloom = takeString(draft, world.bloom)
  const blockBloom = takeString(draft, block.bloom)
  const gasUsed = block.gasUsed + BigInt(tx.gasUsed)
  draft.block = {
    ...block,
    gasUsed,
    transactionsHash: addTransaction(block.transactionsHash, tx.hash),
    receiptsHash: addReceipt(block.receiptsHash, {
      succeeded: tx.status === 1,
      cumulativeGasUsed: gasUsed,
      bloomHash: stringHash(world.bloom),
      logHash: world.logHash,
    }),
    bloom: byteString(joinBlooms(blockBloom, txBloom)),
    transactionCount: block.transactionCount + 1,
  }
  draft.tx = NO_TX
  draft.world = cleanWorld(world)
  draft.phase = PHASE.TX_NEXT
}
