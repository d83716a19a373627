/** JSON-RPC of one chain: reads go to its node at once, what changes the world becomes an input. */
import { NodeCrashedError } from '../../kernel/errors.ts'
import type { WallClock } from '../../kernel/pacer.ts'
import type { NodeId, Plain } from '../../kernel/role.ts'
import type { RpcKind, RpcRead } from '../../protocol/inputs.ts'
import type { ChainName, Json, RpcRequest } from '../../protocol/world.ts'
import { RPC_CODE, RpcError, toRpcError } from '../errors.ts'
import type { Subscriptions } from './subscriptions.ts'

export interface RouterPort {
  /** The node that answers for the chain now. Throws `NodeCrashedError` if none runs. */
  nodeOf(chain: ChainName): NodeId
  query(node: NodeId, method: string, params: Plain): Promise<Plain>
  /** Gives an input and resolves with its reply; moves a paused world as far as that takes, if it may. */
  inputAndMove(
    chain: ChainName,
    node: NodeId,
    method: string,
    params: readonly Json[],
  ): Promise<Json>
  /** Brings what a forked world lacks of what the request touches. */
  prepare(chain: ChainName, method: string, params: readonly Json[]): Promise<void>
  /** Virtual time, or that of the next block if somebody fixed it. */
  nowMs(): number
  /** For who waits, which the world does not notice. */
  readonly clock: WallClock
  /** Methods of the world itself, such as `evm_snapshot`. Null if it is none. */
  control(chain: ChainName, method: string, params: readonly Json[]): Promise<Json> | null
}

const SYNC = 'eth_sendRawTransactionSync'
/** EIP-7966, in ms: how long it waits for a receipt. */
const SYNC_TIMEOUT_MS = 20_000
const SYNC_TIMEOUT_MAX_MS = 60_000
const SYNC_POLL_MS = 20
/** EIP-7966: the transaction is in the pool, and no block has taken it yet. */
const SYNC_TIMED_OUT = 4

/** Methods that answer with the hash of a transaction. */
export const SENDS: ReadonlySet<string> = new Set([
  'eth_sendRawTransaction',
  'eth_sendTransaction',
  'eth_sendUnsignedTransaction',
])

/** Rejects with `RpcError` alone. */
export async function routeRpc(
  port: RouterPort,
  subscriptions: Subscriptions,
  chain: ChainName,
  request: RpcRequest,
): Promise<Json> {
  try {
    const { method, params } = parseRequest(request)
    const own = port.control(chain, method, params) ?? subscriptions.handle(method, params)
    if (own !== null) return await own
    if (method === SYNC) return await sendSync(port, subscriptions, chain, params)
    return await callNode(port, subscriptions, chain, method, params)
  } catch (error) {
    throw toRpcError(error)
  }
}

function parseRequest(request: RpcRequest): { method: string; params: readonly Json[] } {
  const { method, params = [] } = request
  if (typeof method !== 'string' || method === '') {
    throw new RpcError('Field "method" must be a text.', RPC_CODE.invalidRequest)
  }
  if (!Array.isArray(params)) {
    throw new RpcError('Field "params" must be a list.', RPC_CODE.invalidParams)
  }
  return { method, params }
}

async function callNode(
  port: RouterPort,
  subscriptions: Subscriptions,
  chain: ChainName,
  method: string,
  params: readonly Json[],
): Promise<Json> {
  await port.prepare(chain, method, params)
  const node = port.nodeOf(chain)
  const kind = (await port.query(node, 'rpcKind', { method })) as RpcKind
  switch (kind) {
    case 'read':
      return readNode(port, node, method, params)
    case 'input': {
      const result = await port.inputAndMove(chain, node, method, params)
      if (SENDS.has(method) && typeof result === 'string') subscriptions.transactionAccepted(result)
      return result
    }
    case 'unknown':
      throw new RpcError(`The method ${method} does not exist.`, RPC_CODE.methodNotFound)
  }
}

/** Asks a node for what changes nothing. */
export async function readNode(
  port: Pick<RouterPort, 'query' | 'nowMs'>,
  node: NodeId,
  method: string,
  params: readonly Json[],
): Promise<Json> {
  const read: RpcRead = { method, params, nowMs: port.nowMs() }
  return (await port.query(node, 'rpc', read as unknown as Plain)) as Json
}

/** Sends a transaction and answers with its receipt. */
async function sendSync(
  port: RouterPort,
  subscriptions: Subscriptions,
  chain: ChainName,
  [raw = null, timeout = null]: readonly Json[],
): Promise<Json> {
  const { clock } = port
  const limitMs = timeout === null ? SYNC_TIMEOUT_MS : Number(timeout)
  if (!Number.isInteger(limitMs) || limitMs < 1 || limitMs > SYNC_TIMEOUT_MAX_MS) {
    throw new RpcError(
      `invalid params: timeout must be from 1 to ${SYNC_TIMEOUT_MAX_MS} ms, is ${JSON.stringify(timeout)}`,
      RPC_CODE.invalidParams,
    )
  }
  const hash = await callNode(port, subscriptions, chain, 'eth_sendRawTransaction', [raw])
  const endMs = clock.nowMs() + limitMs
  for (;;) {
    const receipt = await callNode(port, subscriptions, chain, 'eth_getTransactionReceipt', [hash])
    if (receipt !== null) return receipt
    if (clock.nowMs() >= endMs) break
    await new Promise<void>((resolve) => clock.schedule(SYNC_POLL_MS, resolve))
  }
  throw new RpcError(
    `The transaction is in the pool; no block took it within ${limitMs} ms.`,
    SYNC_TIMED_OUT,
    hash as Plain,
  )
}

/** The node itself. Throws `NodeCrashedError` if it does not run. */
export function assertAlive(node: NodeId, isAlive: (node: NodeId) => boolean): NodeId {
  if (isAlive(node)) return node
  throw new NodeCrashedError(`No node answers: ${node} crashed, and nobody stands by.`, {
    metaMessages: ['Restart it first.'],
  })
}
