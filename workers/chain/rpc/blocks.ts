/** Blocks, and transactions in them. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import type { Block } from '../types.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import { formatBlock, formatMined, formatReceipt, formatWaiting, quantity } from './format.ts'
import { optional, readBlockId, readBoolean, readHash, readQuantity } from './params.ts'

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

const noUncles =
  (find: BlockReader) =>
  (backend: RpcBackend, params: readonly Json[]): Json =>
    find(backend, params[0]) === undefined ? null : '0x0'

const transactionAt =
  (find: BlockReader) =>
  (backend: RpcBackend, params: readonly Json[]): Json => {
    const block = find(backend, params[0])
    const index = Number(readQuantity(params[1], 'transaction index'))
    const transaction = block?.transactions[index]
    if (block === undefined || transaction === undefined) return null
    return formatMined(transaction, block, index)
  }

export const blockMethods: MethodTable = {
  eth_blockNumber: ({ chain }) => quantity(chain.head().header.number),
  eth_getBlockByHash: getBlock(byHash),
  eth_getBlockByNumber: getBlock(byId),
  eth_getBlockTransactionCountByHash: transactionCount(byHash),
  eth_getBlockTransactionCountByNumber: transactionCount(byId),
  eth_getUncleCountByBlockHash: noUncles(byHash),
  eth_getUncleCountByBlockNumber: noUncles(byId),
  eth_getUncleByBlockHashAndIndex: () => null,
  eth_getUncleByBlockNumberAndIndex: () => null,
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
}

/** EIP-2718 bytes of a transaction on the chain or in the pool; null where there is none. */
export function rawTransaction({ chain, pool }: RpcBackend, params: readonly Json[]): Json {
  const hash = readHash(params[0], 'transaction hash')
  const location = chain.transaction(hash)
  const raw = location?.block.transactions[location.index]?.raw ?? pool.get(hash)?.transaction.raw
  return raw === undefined ? null : bytesToHex(raw)
}
