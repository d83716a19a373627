/** JSON-RPC of a chain that is imported from an execution client's files: its whole history, and nothing that makes blocks. */
import { readFileSync } from 'node:fs'
import { worldReader } from '../../workers/chain/check.ts'
import { importChain } from '../../workers/chain/history/importChain.ts'
import { createMempool } from '../../workers/chain/pool/mempool.ts'
import { checkSidecar, splitSidecar } from '../../workers/chain/pool/sidecar.ts'
import type { RpcBackend } from '../../workers/chain/rpc/backend.ts'
import { createRpc, type Rpc } from '../../workers/chain/rpc/rpc.ts'
import type { Json, RpcRequest } from '../../workers/protocol/world.ts'
import { bytesToHex } from '../../workers/rollup/bytes.ts'
import { parseSignedTransaction } from '../../workers/rollup/transaction/decode.ts'
import { RpcError, toRpcError } from '../../workers/simulation/errors.ts'
import {
  createSubscriptions,
  type Subscriptions,
} from '../../workers/simulation/rpc/subscriptions.ts'
import { UsageError } from '../arguments.ts'
import type { Door } from '../rpc/ports.ts'

export interface HistoryFiles {
  /** Path of a genesis file as geth reads it. */
  readonly genesis: string
  /** Path of the blocks' RLP, one after the other. */
  readonly chain: string
}

/** Imports the chain, which takes about 50 ms a block. Rejects with `UsageError` or `InvalidChainFileError`. */
export async function openHistory(files: HistoryFiles): Promise<Door> {
  const chain = await importChain({
    genesis: readFile('genesis', files.genesis).toString('utf8'),
    blocks: new Uint8Array(readFile('chain', files.chain)),
  })
  return createDoor({ chain, pool: createMempool() })
}

/** JSON-RPC of a chain to which nobody adds blocks. */
export function createDoor(backend: RpcBackend): Door {
  const rpc = createRpc(backend)
  const subscriptions = createSubscriptions((method, params) => rpc.read(method, params))
  return {
    rpc: (_, request) => answer(backend, rpc, subscriptions, request),
    onNotification: (_, listener) => subscriptions.onNotification(listener),
  }
}

async function answer(
  backend: RpcBackend,
  rpc: Rpc,
  subscriptions: Subscriptions,
  { method, params = [] }: RpcRequest,
): Promise<Json> {
  try {
    const told = subscriptions.handle(method, params)
    if (told !== null) return await told
    if (method === 'eth_sendRawTransactionSync') {
      const hash = await admit(
        backend,
        await rpc.toRawTransaction('eth_sendRawTransaction', params),
      )
      throw new RpcError(
        'The transaction is in the pool; an imported chain adds no block.',
        4,
        hash,
      )
    }
    if (rpc.kind(method) !== 'input') return await rpc.read(method, params)
    const hash = await admit(backend, await rpc.toRawTransaction(method, params))
    subscriptions.transactionAccepted(hash)
    return hash
  } catch (error) {
    throw toRpcError(error)
  }
}

/** The pool takes transactions, though no block ever will. */
async function admit({ chain, pool }: RpcBackend, bytes: Uint8Array): Promise<string> {
  const { raw, sidecar } = splitSidecar(bytes)
  const transaction = parseSignedTransaction(raw, chain.config)
  if (sidecar !== undefined) await checkSidecar(sidecar, transaction.blobVersionedHashes)
  const { header, world } = chain.head()
  const { gasLimit, baseFee } = header
  pool.add(transaction, { reader: worldReader(world), gasLimit, baseFee }, sidecar)
  return bytesToHex(transaction.hash)
}

function readFile(flag: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new UsageError(`--${flag}: ${(cause as Error).message}`, { cause })
  }
}
