/** Cheats of L2: transactions of type 0x7D that the committee orders, and what a devnet does to waiting transactions. */
import {
  answerCheat,
  CheatNotPossibleError,
  cheatName,
  isImpersonatedSend,
  LATER,
} from '../chain/rpc/cheats.ts'
import { readAddress, readHash } from '../chain/rpc/params.ts'
import type { Plain } from '../kernel/role.ts'
import { sequencerNode } from '../protocol/nodes.ts'
import type { Json } from '../protocol/world.ts'
import { bytesToHex, equalBytes, hexToBytes } from '../rollup/bytes.ts'
import { send } from '../rollup/node/core.ts'
import { encodeCheat } from '../rollup/transaction/cheat.ts'
import { CHEAT } from '../rollup/transaction/transaction.ts'
import { assertFits, gossip, submitTransaction } from './clients.ts'
import { change, type ExecutorNode } from './node.ts'

/**
 * Sends a cheat that harms nobody: it numbers the executor's own account on L2, which sends nothing.
 * Rationale: a lie about a cheat needs one, and what clients send may hold none.
 */
export function sendOwnCheat(node: ExecutorNode, inputId: number): void {
  const { parameters, player, fields } = node
  const transaction = encodeCheat({
    chainId: BigInt(parameters.l2ChainId),
    salt: BigInt(inputId),
    action: CHEAT.SET_NONCE,
    from: hexToBytes(player.account),
    value: BigInt(inputId),
  })
  const waiting = [...fields.cheats.waiting, { transaction, reply: null }]
  change(node, { cheats: { ...fields.cheats, waiting } })
  gossip(node, bytesToHex(transaction.hash), transaction.raw)
}

/** Methods that would contradict what the verifier proves of an L2 block, and what to do instead. */
const IMPOSSIBLE: Readonly<Record<string, string>> = {
  setCoinbase:
    'L2 pays its fees to the fee vault, which the verifier knows as a constant; set the coinbase on L1.',
  setMinGasPrice: 'L2 has EIP-1559 fees; there is no minimum besides the base fee.',
  setNextBlockBaseFeePerGas:
    'The base fee of L2 follows from the parent by EIP-1559 and is proven; fill or leave empty blocks, or set it on L1.',
  setNextBlockPrevRandao:
    'prevrandao of L2 is that of the batch’s L1 origin; set it on L1, the next batch brings it to L2.',
  setPrevRandao:
    'prevrandao of L2 is that of the batch’s L1 origin; set it on L1, the next batch brings it to L2.',
  setBlockGasLimit: 'The gas limit of L2 blocks is a constant of the verifier; it is 60,000,000.',
}

/** Answers what a client sends. Throws the errors of JSON-RPC, of the decoder and of the pool. */
export async function answerClient(
  node: ExecutorNode,
  inputId: number,
  method: string,
  params: readonly Json[],
): Promise<Plain | typeof LATER> {
  const { chain, pool, fields } = node
  const name = cheatName(method)
  if (name === null && !isImpersonatedSend(fields.cheats, method, params)) {
    return submitTransaction(node, method, params)
  }
  const call = { method, params, inputId }
  const { parameters, core } = node
  const backend = { chain, pool, blockMs: parameters.l2BlockMs, nowMs: core.nowMs }
  const answer = await answerCheat(backend, fields.cheats, call)
  if (answer === null) return answerOwn(node, name ?? method, params)
  const { transaction } = answer
  if (transaction !== null) assertFits(transaction.raw)
  change(node, { cheats: answer.desk })
  if (transaction !== null) gossip(node, bytesToHex(transaction.hash), transaction.raw)
  return answer.isAnsweredLater ? LATER : (answer.result as Plain)
}

function answerOwn(node: ExecutorNode, name: string, params: readonly Json[]): Plain {
  const reason = IMPOSSIBLE[name]
  if (reason !== undefined) throw new CheatNotPossibleError(reason)
  const waiting = node.pool.capture().transactions.map(({ transaction }) => transaction)
  switch (name) {
    case 'dropTransaction': {
      const hash = readHash(params[0], 'hash')
      if (node.pool.get(hash) === undefined) return null
      drop(node, [hash])
      return bytesToHex(hash)
    }
    case 'removePoolTransactions': {
      const sender = readAddress(params[0], 'address')
      drop(
        node,
        waiting.filter(({ from }) => equalBytes(from, sender)).map(({ hash }) => hash),
      )
      return null
    }
    default:
      drop(
        node,
        waiting.map(({ hash }) => hash),
      )
      return null
  }
}

/** Rationale: the committee holds what was gossiped; a leader that has proposed it already is not stopped any more. */
function drop(node: ExecutorNode, hashes: readonly Uint8Array[]): void {
  for (const hash of hashes) {
    node.pool.remove(hash)
    node.gossiped.delete(bytesToHex(hash))
  }
  if (hashes.length === 0) return
  for (let index = 0; index < node.parameters.sequencerCount; index += 1) {
    send(node.core, sequencerNode(index), 'order.drop', { hashes })
  }
}

/** Answers the cheats that a block has now, and forgets those that no reorg of L2 can throw out. */
export function replyToCheats(node: ExecutorNode): void {
  const { waiting } = node.fields.cheats
  if (waiting.length === 0) return
  const safe = node.chain.block('safe')?.header.number ?? 0n
  const kept = waiting.flatMap((cheat) => {
    const place = node.chain.transaction(cheat.transaction.hash)
    if (place === undefined) return [cheat]
    if (cheat.reply !== null) {
      const { inputId, result } = cheat.reply
      node.core.effects.push({ kind: 'reply', inputId, result: result as Plain })
    }
    return place.block.header.number <= safe ? [] : [{ ...cheat, reply: null }]
  })
  change(node, { cheats: { ...node.fields.cheats, waiting: kept } })
}
