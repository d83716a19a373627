/** Blocks, and transactions in them. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, equalBytes } from '../../rollup/bytes.ts'
import { worldReader } from '../check.ts'
import type { Block } from '../types.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import {
  formatBlock,
  formatMined,
  formatReceipt,
  formatUncle,
  formatWaiting,
  quantity,
} from './format.ts'
import {
  optional,
  readAddress,
  readBlockId,
  readBoolean,
  readHash,
  readQuantity,
} from './params.ts'
import { findBySender } from './search.ts'

type BlockReader = (backend: RpcBackend, value: Json | undefined) => Block | undefined

const byHash: BlockReader = ({ chain }, value) => chain.block(readHash(value, 'block hash'))
const byId: BlockReader = ({ chain }, value) => chain.block(readBlockId(value, 'block'))

const getBlock =
  (find: BlockReader) =>
  (backend: RpcBackend, params: readonly Json[]): Json => {
    const withTransactions = optional(params[1], 'full transactions', readBoolean) ?? false
    const block = find(backend, params[0])
    return block === undefined ? null : formatBlock(block, withTransactions)
  }

const transactionCount =
  (find: BlockReader) =>
  (backend: RpcBackend, params: readonly Json[]): Json => {
    const block = find(backend, params[0])
    return block === undefined ? null : quantity(block.transactions.length)
  }

const uncleCount =
  (find: BlockReader) =>
  (backend: RpcBackend, params: readonly Json[]): Json => {
    const block = find(backend, params[0])
    return block === undefined ? null : quantity(block.imported?.ommers.length ?? 0)
  }

/** An ommer is shown as a block that nothing is known of but its header. */
const uncleAt =
  (find: BlockReader) =>
  (backend: RpcBackend, params: readonly Json[]): Json => {
    const index = Number(readQuantity(params[1], 'uncle index'))
    const rlp = find(backend, params[0])?.imported?.ommers[index]
    return rlp === undefined ? null : formatUncle(rlp)
  }

const transactionAt =
  (find: BlockReader) =>
  (backend: RpcBackend, params: readonly Json[]): Json => {
    const block = find(backend, params[0])
    const index = Number(readQuantity(params[1], 'transaction index'))
    const transaction = block?.transactions[index]
    if (block === undefined || transaction === undefined) return null
    return formatMined(transaction, block, index)
  }

const rawTransactionAt =
  (find: BlockReader) =>
  (backend: RpcBackend, params: readonly Json[]): Json => {
    const index = Number(readQuantity(params[1], 'transaction index'))
    const transaction = find(backend, params[0])?.transactions[index]
    return transaction === undefined ? null : bytesToHex(transaction.raw)
  }

export const blockMethods: MethodTable = {
  eth_blockNumber: ({ chain }) => quantity(chain.head().header.number),
  eth_getBlockByHash: getBlock(byHash),
  eth_getBlockByNumber: getBlock(byId),
  eth_getBlockTransactionCountByHash: transactionCount(byHash),
  eth_getBlockTransactionCountByNumber: transactionCount(byId),
  eth_getUncleCountByBlockHash: uncleCount(byHash),
  eth_getUncleCountByBlockNumber: uncleCount(byId),
  eth_getUncleByBlockHashAndIndex: uncleAt(byHash),
  eth_getUncleByBlockNumberAndIndex: uncleAt(byId),
  eth_getTransactionByBlockHashAndIndex: transactionAt(byHash),
  eth_getTransactionByBlockNumberAndIndex: transactionAt(byId),
  eth_getBlockReceipts(backend, params) {
    const block = byId(backend, params[0])
    if (block === undefined) return null
    return block.receipts.map((_, index) => formatReceipt(block, index))
  },
  eth_getTransactionByHash({ chain, pool }, params) {
    const hash = readHash(params[0], 'transaction hash')
    const location = chain.transaction(hash)
    const transaction = location?.block.transactions[location.index]
    if (location !== undefined && transaction !== undefined) {
      return formatMined(transaction, location.block, location.index)
    }
    const waiting = pool.get(hash)
    return waiting === undefined ? null : formatWaiting(waiting.transaction)
  },
  eth_getTransactionReceipt({ chain }, params) {
    const location = chain.transaction(readHash(params[0], 'transaction hash'))
    return location === undefined ? null : formatReceipt(location.block, location.index)
  },
  eth_getRawTransactionByHash: (backend, params) => rawTransaction(backend, params),
  eth_getRawTransactionByBlockHashAndIndex: rawTransactionAt(byHash),
  eth_getRawTransactionByBlockNumberAndIndex: rawTransactionAt(byId),
  eth_getTransactionBySenderAndNonce({ chain, pool }, params) {
    const sender = readAddress(params[0], 'sender')
    const nonce = readQuantity(params[1], 'nonce')
    const { pending, queued } = pool.content(worldReader(chain.head().world))
    const waiting = [...pending, ...queued].find(
      ({ transaction }) => transaction.nonce === nonce && equalBytes(transaction.from, sender),
    )
    if (waiting !== undefined) return formatWaiting(waiting.transaction)
    const found = findBySender(chain, sender, nonce)
    const transaction = found?.block.transactions[found.index]
    if (found === undefined || transaction === undefined) return null
    return formatMined(transaction, found.block, found.index)
  },
}

/** EIP-2718 bytes of a transaction on the chain or in the pool; null where there is none. */
export function rawTransaction({ chain, pool }: RpcBackend, params: readonly Json[]): Json {
  const hash = readHash(params[0], 'transaction hash')
  const location = chain.transaction(hash)
  const raw = location?.block.transactions[location.index]?.raw ?? pool.get(hash)?.transaction.raw
  return raw === undefined ? null : bytesToHex(raw)
}
