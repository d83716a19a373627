/** Clients' transactions: admitted here, gossiped to the committee, and kept until they are included. */

import { worldReader } from '../chain/check.ts'
import { waitingCheat } from '../chain/rpc/cheats.ts'
import { ServerError } from '../chain/rpc/errors.ts'
import { sequencerNode } from '../protocol/nodes.ts'
import type { Json } from '../protocol/world.ts'
import { TRANSACTION_SIZE_MAX } from '../rollup/batch/geometry.ts'
import { bytesToHex, type Hex, hexToBytes } from '../rollup/bytes.ts'
import { send } from '../rollup/node/core.ts'
import { parseSignedTransaction } from '../rollup/transaction/decode.ts'
import { type ExecutorNode, poolContext } from './node.ts'

export const GOSSIP_TIMER = 'gossip'
export const GOSSIP_INTERVAL_MS = 4_000
/** A transaction that is not included by then is gossiped again: its first message may have been lost. */
const GOSSIP_AGAIN_MS = 8_000

/**
 * Takes what a client sends (`eth_sendRawTransaction`, `eth_sendTransaction`) and gives its hash. Throws the errors of JSON-RPC, of
 * the decoder and of the pool.
 */
export async function submitTransaction(
  node: ExecutorNode,
  method: string,
  params: readonly Json[],
): Promise<Hex> {
  const raw = await node.rpc.toRawTransaction(method, params, { nowMs: node.core.nowMs })
  const { l2ChainId: chainId, initcodeSizeMax } = node.parameters
  const transaction = parseSignedTransaction(raw, { chainId, initcodeSizeMax })
  assertFits(raw)
  node.pool.add(transaction, poolContext(node))
  const hash = bytesToHex(transaction.hash)
  gossip(node, hash, raw)
  return hash
}

/** What no batch can carry would wait for ever. Throws `ServerError`. */
export function assertFits(raw: Uint8Array): void {
  if (raw.length <= TRANSACTION_SIZE_MAX) return
  throw new ServerError(
    `oversized data: transaction size ${raw.length}, limit ${TRANSACTION_SIZE_MAX}`,
  )
}

/** Sends a transaction to every member of the committee. */
export function gossip(node: ExecutorNode, hash: Hex, raw: Uint8Array): void {
  for (let index = 0; index < node.parameters.sequencerCount; index += 1) {
    send(node.core, sequencerNode(index), 'order.transaction', { raw })
  }
  node.gossiped.set(hash, node.core.nowMs)
}

/** Sends again what waited too long. */
export function gossipAgain(node: ExecutorNode): void {
  for (const [hash, sinceMs] of node.gossiped) {
    if (sinceMs + GOSSIP_AGAIN_MS > node.core.nowMs) continue
    const bytes = hexToBytes(hash)
    const raw = node.pool.get(bytes)?.transaction.raw ?? waitingCheat(node.fields.cheats, bytes)
    if (raw && !node.chain.transaction(bytes)) gossip(node, hash, raw)
  }
  node.core.effects.push({ kind: 'timer', id: GOSSIP_TIMER, delayMs: GOSSIP_INTERVAL_MS })
}

/**
 * Drops what the chain has overtaken.
 * Rationale: what a reorg of L2 threw out must be ordered again, so a transaction is forgotten only when its block is safe.
 */
export function pruneClients(node: ExecutorNode): void {
  const safe = node.chain.block('safe') ?? node.chain.genesis
  node.pool.prune(worldReader(safe.world))
  for (const hash of node.gossiped.keys()) {
    const bytes = hexToBytes(hash)
    const isKept = node.pool.get(bytes) ?? waitingCheat(node.fields.cheats, bytes)
    if (isKept === undefined) node.gossiped.delete(hash)
  }
}
