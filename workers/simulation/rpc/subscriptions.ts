/** `eth_subscribe` and filters: what clients asked to be told about one chain. Reads alone; no part of the simulation. */
import type { ChainName, Json, RpcNotification } from '../../protocol/world.ts'
import { RPC_CODE, RpcError } from '../errors.ts'

/** A client that forgets its subscriptions must not fill the memory. */
const SUBSCRIPTIONS_MAX = 1_024
/** Changes kept for a filter that nobody polls. */
const CHANGES_MAX = 10_000

type Topic = 'newHeads' | 'logs' | 'newPendingTransactions'

interface Interest {
  readonly topic: Topic
  /** Address and topics of `logs`. */
  readonly criteria: { readonly [key: string]: Json }
  /** Set for filters: what happened since the last poll. */
  readonly changes: Json[] | null
}

export type RpcRead = (method: string, params: readonly Json[]) => Promise<Json>

export interface Subscriptions {
  /** Null if the method is none of these. Throws `RpcError`. */
  handle(method: string, params: readonly Json[]): Promise<Json> | null
  onNotification(listener: (notification: RpcNotification) => void): () => void
  /** A new block of the chain stands at its head. */
  blockAdded(hash: string): void
  transactionAccepted(hash: string): void
  /** Resolves when everything that happened so far was told. */
  settled(): Promise<void>
}

interface State {
  readonly chain: ChainName
  readonly read: RpcRead
  readonly interests: Map<string, Interest>
  readonly listeners: Set<(notification: RpcNotification) => void>
  nextId: number
  queue: Promise<void>
}

export function createSubscriptions(chain: ChainName, read: RpcRead): Subscriptions {
  const state: State = {
    chain,
    read,
    interests: new Map(),
    listeners: new Set(),
    nextId: 1,
    queue: Promise.resolve(),
  }
  const later = (task: () => Promise<void>): void => {
    // One failed read must not silence what follows.
    state.queue = state.queue.then(task).catch(() => undefined)
  }
  return {
    handle: (method, params) => handle(state, method, params),
    onNotification: (listener) => {
      state.listeners.add(listener)
      return () => state.listeners.delete(listener)
    },
    blockAdded: (hash) => {
      if (state.interests.size > 0) later(() => tellBlock(state, hash))
    },
    transactionAccepted: (hash) => {
      if (state.interests.size > 0) later(async () => tell(state, 'newPendingTransactions', hash))
    },
    settled: () => state.queue,
  }
}

function handle(state: State, method: string, params: readonly Json[]): Promise<Json> | null {
  switch (method) {
    case 'eth_subscribe':
      return wrap(() => subscribe(state, params))
    case 'eth_unsubscribe':
    case 'eth_uninstallFilter':
      return wrap(() => state.interests.delete(String(params[0])))
    case 'eth_newBlockFilter':
      return wrap(() => add(state, { topic: 'newHeads', criteria: {}, changes: [] }))
    case 'eth_newPendingTransactionFilter':
      return wrap(() => add(state, { topic: 'newPendingTransactions', criteria: {}, changes: [] }))
    case 'eth_newFilter':
      return wrap(() => add(state, { topic: 'logs', criteria: criteriaOf(params[0]), changes: [] }))
    case 'eth_getFilterChanges':
      return wrap(() => takeChanges(state, params[0]))
    case 'eth_getFilterLogs':
      return wrap(() => state.read('eth_getLogs', [findFilter(state, params[0]).criteria]))
    default:
      return null
  }
}

async function wrap(action: () => Json | Promise<Json>): Promise<Json> {
  return action()
}

function subscribe(state: State, params: readonly Json[]): string {
  const topic = params[0]
  if (topic === 'newHeads' || topic === 'newPendingTransactions') {
    return add(state, { topic, criteria: {}, changes: null })
  }
  if (topic === 'logs') return add(state, { topic, criteria: criteriaOf(params[1]), changes: null })
  throw new RpcError(
    `Parameter 0 must be "newHeads", "logs" or "newPendingTransactions", is ${JSON.stringify(topic)}.`,
    RPC_CODE.invalidParams,
  )
}

function add(state: State, interest: Interest): string {
  if (state.interests.size >= SUBSCRIPTIONS_MAX) {
    throw new RpcError(`More than ${SUBSCRIPTIONS_MAX} subscriptions.`, RPC_CODE.internal)
  }
  const id = `0x${(state.nextId++).toString(16)}`
  state.interests.set(id, interest)
  return id
}

function criteriaOf(value: Json | undefined): { readonly [key: string]: Json } {
  if (value === undefined || value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value))
    return value as { readonly [key: string]: Json }
  throw new RpcError('The filter must be an object.', RPC_CODE.invalidParams)
}

function findFilter(state: State, id: Json | undefined): Interest {
  const interest = state.interests.get(String(id))
  if (interest !== undefined && interest.changes !== null) return interest
  throw new RpcError(`Filter ${JSON.stringify(id ?? null)} not found.`, -32000)
}

async function takeChanges(state: State, id: Json | undefined): Promise<Json> {
  const { changes } = findFilter(state, id)
  await state.queue
  return changes?.splice(0) ?? []
}

async function tellBlock(state: State, hash: string): Promise<void> {
  const wanted = new Set([...state.interests.values()].map((interest) => interest.topic))
  if (wanted.has('newHeads')) await tellHead(state, hash)
  if (!wanted.has('logs')) return
  for (const [id, interest] of [...state.interests]) {
    if (interest.topic !== 'logs') continue
    const { address, topics } = interest.criteria
    const criteria = {
      blockHash: hash,
      ...(address === undefined ? {} : { address }),
      ...(topics === undefined ? {} : { topics }),
    }
    const logs = await state.read('eth_getLogs', [criteria])
    if (Array.isArray(logs)) for (const log of logs) tellOne(state, id, interest, log)
  }
}

async function tellHead(state: State, hash: string): Promise<void> {
  const block = await state.read('eth_getBlockByHash', [hash, false])
  if (block === null || typeof block !== 'object' || Array.isArray(block)) return
  const {
    transactions: _transactions,
    uncles: _uncles,
    size: _size,
    withdrawals: _withdrawals,
    ...header
  } = block as { readonly [key: string]: Json }
  for (const [id, interest] of [...state.interests]) {
    if (interest.topic !== 'newHeads') continue
    // A block filter tells hashes, a subscription headers.
    tellOne(state, id, interest, interest.changes === null ? header : hash)
  }
}

function tell(state: State, topic: Topic, result: Json): void {
  for (const [id, interest] of [...state.interests]) {
    if (interest.topic === topic) tellOne(state, id, interest, result)
  }
}

function tellOne(state: State, id: string, interest: Interest, result: Json): void {
  if (interest.changes !== null) {
    if (interest.changes.length < CHANGES_MAX) interest.changes.push(result)
    return
  }
  for (const listener of state.listeners) listener({ subscription: id, result })
}
