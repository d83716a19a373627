/** What waits in the pool, as geth shows it. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import { worldReader } from '../check.ts'
import type { PooledTransaction } from '../pool/pooled.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import { formatWaiting, quantity } from './format.ts'
import { readAddress } from './params.ts'

const content = ({ chain, pool }: RpcBackend) => pool.content(worldReader(chain.head().world))

export const txpoolMethods: MethodTable = {
  txpool_status(backend) {
    const { pending, queued } = content(backend)
    return { pending: quantity(pending.length), queued: quantity(queued.length) }
  },
  txpool_content(backend) {
    const { pending, queued } = content(backend)
    return { pending: bySender(pending, formatEntry), queued: bySender(queued, formatEntry) }
  },
  txpool_contentFrom(backend, params) {
    const address = bytesToHex(readAddress(params[0], 'address'))
    const { pending, queued } = content(backend)
    return {
      pending: bySender(pending, formatEntry)[address] ?? {},
      queued: bySender(queued, formatEntry)[address] ?? {},
    }
  },
  txpool_inspect(backend) {
    const { pending, queued } = content(backend)
    return { pending: bySender(pending, inspect), queued: bySender(queued, inspect) }
  },
  eth_pendingTransactions: (backend) => content(backend).pending.map(formatEntry),
}

function bySender(
  transactions: readonly PooledTransaction[],
  format: (pooled: PooledTransaction) => Json,
): { [address: string]: { [nonce: string]: Json } } {
  const result: { [address: string]: { [nonce: string]: Json } } = {}
  for (const pooled of transactions) {
    const { from, nonce } = pooled.transaction
    const address = bytesToHex(from)
    result[address] = { ...result[address], [String(nonce)]: format(pooled) }
  }
  return result
}

function formatEntry({ transaction }: PooledTransaction): Json {
  return formatWaiting(transaction)
}

function inspect({ transaction }: PooledTransaction): Json {
  const to = transaction.to === null ? 'contract creation' : bytesToHex(transaction.to)
  return `${to}: ${transaction.value} wei + ${transaction.gasLimit} gas × ${transaction.maxFeePerGas} wei`
}
