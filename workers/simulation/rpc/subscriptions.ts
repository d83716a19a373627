/** `eth_subscribe` and filters: what clients asked to be told about one chain. Reads alone; no part of the simulation. */
import type { Json, RpcNotification } from '../../protocol/world.ts'
import { RPC_CODE, RpcError } from '../errors.ts'
import { branchTo, type ToldBlock } from './branch.ts'
import { type LogCriteria, matchesLog } from './logMatch.ts'

/** A client that forgets its subscriptions must not fill the memory. */
const SUBSCRIPTIONS_MAX = 1_024
/** Changes kept for a filter that nobody polls. */
const CHANGES_MAX = 10_000

const TOPICS = ['newHeads', 'logs', 'newPendingTransactions', 'syncing'] as const
type Topic = (typeof TOPICS)[number]

interface Interest {
  readonly topic: Topic
  /** Of `logs`. */
  readonly criteria: LogCriteria
  /** Of `newPendingTransactions`: whole transactions, not their hashes. */
  readonly isFull: boolean
  /** Set for filters: what happened since the last poll. */
  readonly changes: Json[] | null
  /** More happened than a filter keeps. */
  hasOverflowed: boolean
}

export type RpcRead = (method: string, params: readonly Json[]) => Promise<Json>

export interface Subscriptions {
  /** Null if the method is none of these. Throws `RpcError`. */
  handle(method: string, params: readonly Json[]): Promise<Json> | null
  onNotification(listener: (notification: RpcNotification) => void): () => void
  /** A new block of the chain stands at its head; blocks that it does not build on are gone. */
  blockAdded(hash: string): void
  transactionAccepted(hash: string): void
  /** Resolves when everything that happened so far was told. */
  settled(): Promise<void>
}

interface State {
  readonly read: RpcRead
  readonly interests: Map<string, Interest>
  readonly listeners: Set<(notification: RpcNotification) => void>
  /** The newest blocks that observers know, oldest first. */
  told: readonly ToldBlock[]
  readonly nextId: () => number
  queue: Promise<void>
}

/** `nextId` is shared by chains that one provider tells of, as a subscription has nothing but its id. */
export function createSubscriptions(read: RpcRead, nextId = counter()): Subscriptions {
  const state: State = {
    read,
    interests: new Map(),
    listeners: new Set(),
    told: [],
    nextId,
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
      if (state.interests.size > 0) later(() => tellHead(state, hash))
    },
    transactionAccepted: (hash) => {
      if (state.interests.size > 0) later(() => tellTransaction(state, hash))
    },
    settled: () => state.queue,
  }
}

function handle(state: State, method: string, params: readonly Json[]): Promise<Json> | null {
  switch (method) {
    case 'eth_subscribe':
      return subscribe(state, params)
    case 'eth_unsubscribe':
    case 'eth_uninstallFilter':
      return wrap(() => state.interests.delete(String(params[0])))
    case 'eth_newBlockFilter':
      return add(state, 'newHeads', { changes: [] })
    case 'eth_newPendingTransactionFilter':
      return add(state, 'newPendingTransactions', { changes: [], isFull: params[0] === true })
    case 'eth_newFilter':
      return criteriaOf(state, params[0]).then((criteria) =>
        add(state, 'logs', { criteria, changes: [] }),
      )
    case 'eth_getFilterChanges':
      return takeChanges(state, params[0])
    case 'eth_getFilterLogs':
      return wrap(() => state.read('eth_getLogs', [logsFilter(state, params[0]) as Json]))
    default:
      return null
  }
}

async function wrap(action: () => Json | Promise<Json>): Promise<Json> {
  return action()
}

async function subscribe(state: State, params: readonly Json[]): Promise<string> {
  const topic = TOPICS.find((one) => one === params[0])
  if (topic === undefined) {
    throw new RpcError(
      `Parameter 0 must be one of ${TOPICS.join(', ')}, is ${JSON.stringify(params[0] ?? null)}.`,
      RPC_CODE.invalidParams,
    )
  }
  const criteria = topic === 'logs' ? await criteriaOf(state, params[1]) : {}
  return add(state, topic, { criteria, isFull: params[1] === true })
}

/** Counts from 1. */
export function counter(): () => number {
  let count = 0
  return () => {
    count += 1
    return count
  }
}

async function add(state: State, topic: Topic, interest: Partial<Interest>): Promise<string> {
  if (state.interests.size >= SUBSCRIPTIONS_MAX) {
    throw new RpcError(
      `More than ${SUBSCRIPTIONS_MAX} subscriptions and filters; end some first.`,
      RPC_CODE.limitExceeded,
    )
  }
  const id = `0x${state.nextId().toString(16)}`
  const isFirst = state.interests.size === 0
  state.interests.set(id, {
    topic,
    criteria: {},
    isFull: false,
    changes: null,
    hasOverflowed: false,
    ...interest,
  })
  // What stands now is known, so that a reorg of it can be told. What was known long ago is not.
  if (isFirst) {
    const seeded = state.queue.then(async () => {
      const head = await readBlock(state, 'latest')
      state.told = head === undefined ? [] : [head]
    })
    state.queue = seeded.catch(() => undefined)
    await seeded
  }
  return id
}

/** Throws what `eth_getLogs` throws for a filter that it does not understand. */
async function criteriaOf(state: State, value: Json | undefined): Promise<LogCriteria> {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new RpcError('The filter must be an object.', RPC_CODE.invalidParams)
  }
  const filter = value as { readonly [key: string]: Json }
  const { fromBlock: _from, toBlock: _to, ...rest } = filter
  const isByHash = rest.blockHash !== undefined && rest.blockHash !== null
  const range = isByHash ? {} : { fromBlock: 'latest', toBlock: 'latest' }
  await state.read('eth_getLogs', [{ ...rest, ...range }])
  return filter
}

function findFilter(state: State, id: Json | undefined): Interest {
  const interest = state.interests.get(String(id))
  if (interest !== undefined && interest.changes !== null) return interest
  throw new RpcError(`Filter ${JSON.stringify(id ?? null)} not found.`, -32000)
}

function logsFilter(state: State, id: Json | undefined): LogCriteria {
  const interest = findFilter(state, id)
  if (interest.topic === 'logs') return interest.criteria
  throw new RpcError(`Filter ${JSON.stringify(id ?? null)} is not one of logs.`, -32000)
}

async function takeChanges(state: State, id: Json | undefined): Promise<Json> {
  const interest = findFilter(state, id)
  await state.queue
  if (!interest.hasOverflowed) return interest.changes?.splice(0) ?? []
  state.interests.delete(String(id))
  throw new RpcError(
    `Filter ${JSON.stringify(id ?? null)} is gone: more than ${CHANGES_MAX} changes came between two polls.`,
    RPC_CODE.limitExceeded,
  )
}

/** Logs of blocks that are gone come first, newest first, with `removed`. */
async function tellHead(state: State, hash: string): Promise<void> {
  const { removed, added, told } = await branchTo(state.told, hash, (one) => readBlock(state, one))
  state.told = told
  for (const block of removed) {
    for (const log of [...block.logs].reverse()) {
      tellLog(state, { ...(log as { readonly [key: string]: Json }), removed: true })
    }
  }
  for (const block of added) {
    for (const [id, interest] of [...state.interests]) {
      if (interest.topic !== 'newHeads') continue
      // A block filter tells hashes, a subscription headers.
      tellOne(state, id, interest, interest.changes === null ? block.header : block.hash)
    }
    for (const log of block.logs) tellLog(state, log)
  }
}

function tellLog(state: State, log: Json): void {
  for (const [id, interest] of [...state.interests]) {
    if (interest.topic === 'logs' && matchesLog(interest.criteria, log)) {
      tellOne(state, id, interest, log)
    }
  }
}

async function readBlock(state: State, id: string): Promise<ToldBlock | undefined> {
  const method = id === 'latest' ? 'eth_getBlockByNumber' : 'eth_getBlockByHash'
  const block = await state.read(method, [id, false])
  if (block === null || typeof block !== 'object' || Array.isArray(block)) return undefined
  const {
    transactions: _transactions,
    uncles: _uncles,
    size: _size,
    withdrawals: _withdrawals,
    ...header
  } = block as { readonly [key: string]: Json }
  const logs = await state.read('eth_getLogs', [{ blockHash: header.hash ?? null }])
  return {
    hash: String(header.hash),
    parentHash: String(header.parentHash),
    header,
    logs: Array.isArray(logs) ? logs : [],
  }
}

async function tellTransaction(state: State, hash: string): Promise<void> {
  const interests = [...state.interests].filter(([, one]) => one.topic === 'newPendingTransactions')
  const isAsked = interests.some(([, { isFull }]) => isFull)
  const whole = isAsked ? await state.read('eth_getTransactionByHash', [hash]) : null
  for (const [id, interest] of interests) {
    tellOne(state, id, interest, interest.isFull && whole !== null ? whole : hash)
  }
}

function tellOne(state: State, id: string, interest: Interest, result: Json): void {
  if (interest.changes === null) {
    for (const listener of state.listeners) listener({ subscription: id, result })
  } else if (interest.changes.length < CHANGES_MAX) interest.changes.push(result)
  else interest.hasOverflowed = true
}
