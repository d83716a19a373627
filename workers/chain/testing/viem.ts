/** A chain that viem talks to. For tests only. */
import { createTestClient, custom, defineChain, publicActions, walletActions } from 'viem'
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import { parseSignedTransaction } from '../../rollup/transaction/decode.ts'
import { type Chain, createChain } from '../chain.ts'
import { worldReader } from '../check.ts'
import { createMempool, type Mempool } from '../pool/mempool.ts'
import { checkSidecar, splitSidecar } from '../pool/sidecar.ts'
import { createRpc, type Rpc } from '../rpc/rpc.ts'
import type { ChainConfig } from '../types.ts'
import { testEnvironment } from './accounts.ts'

export interface TestNode {
  readonly chain: Chain
  readonly pool: Mempool
  readonly rpc: Rpc
  /** One JSON-RPC request, whichever its kind; a transaction is in a block when it resolves, if `mines`. */
  request(request: { method: string; params?: unknown }): Promise<unknown>
  mine(): Promise<void>
  mines: boolean
}

export async function createTestNode(config: ChainConfig): Promise<TestNode> {
  const chain = await createChain(config)
  const pool = createMempool()
  const rpc = createRpc({ chain, pool })
  const node: TestNode = {
    chain,
    pool,
    rpc,
    mines: true,
    async request({ method, params = [] }) {
      const list = params as readonly Json[]
      if (rpc.kind(method) !== 'input') return rpc.read(method, list)
      const { raw, sidecar } = splitSidecar(await rpc.toRawTransaction(method, list))
      const transaction = parseSignedTransaction(raw, config)
      if (sidecar !== undefined) await checkSidecar(sidecar, transaction.blobVersionedHashes)
      const { header, world } = chain.head()
      pool.add(
        transaction,
        { reader: worldReader(world), gasLimit: header.gasLimit, baseFee: header.baseFee },
        sidecar,
      )
      if (node.mines) await node.mine()
      return bytesToHex(transaction.hash)
    },
    async mine() {
      const { header, world } = chain.head()
      const context = { reader: worldReader(world), gasLimit: header.gasLimit, baseFee: 0n }
      await chain.buildBlock({
        environment: testEnvironment(Number(header.number) + 1),
        transactions: pool.select(context, header.gasLimit),
        onInvalid: 'skip',
      })
      pool.prune(worldReader(chain.head().world))
    },
  }
  return node
}

export function createClient(node: TestNode) {
  const chain = defineChain({
    id: node.chain.config.chainId,
    name: 'test',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  })
  const transport = custom({ request: (request) => node.request(request) })
  return createTestClient({ chain, transport, mode: 'anvil', pollingInterval: 1 })
    .extend(publicActions)
    .extend(walletActions)
}
