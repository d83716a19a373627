/** The L1 node: a block each slot of what waits in its pool, a stream of heads, and JSON-RPC. */
import { createChain } from '../chain/chain.ts'
import { createMempool } from '../chain/pool/mempool.ts'
import { checkSidecar, splitSidecar } from '../chain/pool/sidecar.ts'
import { EMPTY_DESK, LATER } from '../chain/rpc/cheats.ts'
import { createRpc, type Rpc } from '../chain/rpc/rpc.ts'
import { BaseError, errorToPlain } from '../kernel/errors.ts'
import type { Patience } from '../kernel/patience.ts'
import type { Effect, Plain, Role, RoleContext, RoleEvent, RoleFactory } from '../kernel/role.ts'
import type { RpcRead } from '../protocol/inputs.ts'
import type { Json } from '../protocol/world.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { PRESETS } from '../rollup/parameters.ts'
import { parseSignedTransaction } from '../rollup/transaction/decode.ts'
import { blobMethods } from './blobs.ts'
import {
  announce,
  blockKey,
  buildSlot,
  COINBASE,
  type PersistedBlock,
  rebuildSlot,
  sendHead,
  toL1Head,
} from './blocks.ts'
import { answerL1Cheat, replyToCheats } from './cheats.ts'
import type { L1Config } from './config.ts'
import { createEventNames } from './events.ts'
import { reorg } from './reorg.ts'
import {
  digestL1,
  type L1Snapshot,
  type L1State,
  NEXT_BLOCK,
  poolContext,
  restoreL1,
  snapshotL1,
} from './state.ts'

/** A query, input or message that L1 does not know. */
export class UnknownQueryError extends BaseError {
  override name = 'UnknownQueryError'
}

const SLOT_TIMER = 'slot'
/** Blob transactions whose blobs are kept. */
const SIDECARS_MAX = 64
/** Heads that one subscription replays at most; the subscriber asks again from where they end. */
const REPLAY_MAX = 16_384n

/** Config: `L1Config`. */
export const createL1Role: RoleFactory = async (context, config) => {
  const state = await createState(context, config as unknown as L1Config)
  const { chain, pool, parameters } = state
  const backend = { chain, pool, blockMs: parameters.l1SlotMs }
  const rpc = createRpc(
    backend,
    blobMethods(() => state),
  )
  return {
    step: (event) => step(state, rpc, event),
    digest: () => digestL1(state),
    snapshot: () => snapshotL1(state),
    restore: async (snapshot) => restoreL1(state, snapshot as L1Snapshot),
    query: (method, params, patience) => query(state, rpc, { method, params, patience }),
  } satisfies Role
}

async function createState(context: RoleContext, config: L1Config): Promise<L1State> {
  const parameters = PRESETS[config.preset]
  const chain = await createChain({
    kind: 'l1',
    chainId: parameters.l1ChainId,
    genesis: config.genesis,
    allowsCheats: parameters.allowsCheats,
    keepsPreimages: true,
  })
  return {
    context,
    parameters,
    chain,
    pool: createMempool(),
    eventNames: createEventNames(config.contracts),
    subscribers: config.subscribers,
    sidecars: new Map(),
    cheats: EMPTY_DESK,
    coinbase: COINBASE,
    nextBlock: NEXT_BLOCK,
  }
}

async function step(state: L1State, rpc: Rpc, event: RoleEvent): Promise<readonly Effect[]> {
  switch (event.kind) {
    case 'start':
      await rebuildFromDurable(state)
      return [nextSlot(state, event.timeMs)]
    case 'timer':
      return onSlot(state, event.timeMs)
    case 'message':
      return onMessage(state, rpc, event)
    case 'input':
      return onInput(state, rpc, event)
    case 'job':
      return []
  }
}

/** A crash loses the pool and the subscribers that asked; blocks are built again from what was persisted. */
async function rebuildFromDurable(state: L1State): Promise<void> {
  const { durable } = state.context
  for (let number = 1n; durable.has(blockKey(number)); number += 1n) {
    const { transactions, ...slot } = durable.get(blockKey(number)) as unknown as PersistedBlock
    await rebuildSlot(state, slot, transactions)
  }
}

/** Slots begin at multiples of the slot time, whatever happens in between. */
function nextSlot(state: L1State, timeMs: number): Effect {
  const { l1SlotMs } = state.parameters
  return { kind: 'timer', id: SLOT_TIMER, delayMs: l1SlotMs - (timeMs % l1SlotMs) }
}

async function onSlot(state: L1State, timeMs: number): Promise<Effect[]> {
  return [...(await mine(state, timeMs)), nextSlot(state, timeMs)]
}

async function mine(state: L1State, timeMs: number): Promise<Effect[]> {
  const { chain, context } = state
  const timestamp = chain.genesis.header.timestamp + BigInt(Math.floor(timeMs / 1000))
  const block = await buildSlot(state, { timestamp, prevrandao: context.rng.nextBytes(32) })
  return [...announce(state, block), ...replyToCheats(state)]
}

async function onMessage(state: L1State, rpc: Rpc, event: RoleEvent): Promise<Effect[]> {
  const payload = event.payload as { readonly [key: string]: Plain }
  switch (event.type) {
    case 'l1.sendTransaction':
      await receive(state, payload.raw as Uint8Array)
      return []
    case 'l1.subscribe':
      return subscribe(state, event.source, payload.fromNumber as bigint)
    case 'l1.rpc':
      return [await answerRpc(state, rpc, event)]
    default:
      return []
  }
}

/** What nodes send may be too late or twice; they learn of it from the heads. */
async function receive(state: L1State, raw: Uint8Array): Promise<void> {
  try {
    await submit(state, raw)
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
  }
}

/** Puts a transaction into the pool and gives its hash (0x). Throws what the pool or the decoder throws. */
async function submit(state: L1State, bytes: Uint8Array): Promise<string> {
  const { raw, sidecar } = splitSidecar(bytes)
  const transaction = parseSignedTransaction(raw, { chainId: state.parameters.l1ChainId })
  const hash = bytesToHex(transaction.hash)
  if (sidecar !== undefined) await checkSidecar(sidecar, transaction.blobVersionedHashes)
  state.pool.add(transaction, poolContext(state), sidecar)
  if (sidecar !== undefined) {
    const kept = [...state.sidecars, [hash, sidecar] as const].slice(-SIDECARS_MAX)
    state.sidecars = new Map(kept)
  }
  return hash
}

function subscribe(state: L1State, node: string, fromNumber: bigint): Effect[] {
  const { chain } = state
  if (!state.subscribers.includes(node)) state.subscribers = [...state.subscribers, node]
  const head = chain.head().header.number
  const effects: Effect[] = []
  for (let number = fromNumber; number <= head && number - fromNumber < REPLAY_MAX; number += 1n) {
    const block = chain.block(number)
    if (block !== undefined) effects.push(sendHead(node, toL1Head(state, block)))
  }
  return effects
}

async function answerRpc(state: L1State, rpc: Rpc, event: RoleEvent): Promise<Effect> {
  const { id, method, params } = event.payload as {
    readonly id: number
    readonly method: string
    readonly params: string
  }
  try {
    const request = { method, params: JSON.parse(params) as readonly Json[], nowMs: event.timeMs }
    const result = await callRpc(state, rpc, request)
    const payload = { id, result: JSON.stringify(result), error: '' }
    return { kind: 'send', to: event.source, type: 'l1.rpcResult', payload }
  } catch (error) {
    const payload = { id, result: '', error: JSON.stringify(errorToPlain(error)) }
    return { kind: 'send', to: event.source, type: 'l1.rpcResult', payload }
  }
}

async function callRpc(
  state: L1State,
  rpc: Rpc,
  { method, params, nowMs = 0 }: RpcRead,
): Promise<Json> {
  if (rpc.kind(method) !== 'input') return rpc.read(method, params, { nowMs })
  return submit(state, await rpc.toRawTransaction(method, params, { nowMs }))
}

async function onInput(state: L1State, rpc: Rpc, event: RoleEvent): Promise<Effect[]> {
  const payload = event.payload as { readonly inputId: number } & { readonly [key: string]: Plain }
  const { inputId } = payload
  try {
    switch (event.type) {
      case 'rpc': {
        const params = payload.params as readonly Json[]
        const method = payload.method as string
        const cheated = await answerL1Cheat(state, { method, params, inputId }, event.timeMs)
        if (cheated === LATER) return []
        const request = { method, params, nowMs: event.timeMs }
        const result = cheated === undefined ? await callRpc(state, rpc, request) : cheated
        return [{ kind: 'reply', inputId, result: result as Plain }]
      }
      case 'reorg': {
        const effects = await reorg(state, payload.depth as number)
        return [...effects, { kind: 'reply', inputId, result: true }]
      }
      case 'mine': {
        const effects = await mine(state, event.timeMs)
        return [...effects, { kind: 'reply', inputId, result: true }]
      }
      default:
        throw new UnknownQueryError(`L1 has no input ${event.type}.`)
    }
  } catch (error) {
    return [{ kind: 'replyError', inputId, error: errorToPlain(error) }]
  }
}

interface Query {
  readonly method: string
  readonly params: Plain
  readonly patience: Patience | undefined
}

async function query(
  state: L1State,
  rpc: Rpc,
  { method, params, patience }: Query,
): Promise<Plain> {
  switch (method) {
    case 'rpc': {
      const request = params as unknown as RpcRead
      const { nowMs = 0 } = request
      return (await rpc.read(request.method, request.params, { nowMs, patience })) as Plain
    }
    case 'rpcKind':
      return rpc.kind((params as unknown as { method: string }).method)
    case 'inspect':
      return inspect(state)
    default:
      throw new UnknownQueryError(`L1 has no query ${method}.`)
  }
}

function inspect(state: L1State): Plain {
  const { chain, pool } = state
  const { header, hash } = chain.head()
  const { pending, queued } = pool.content(poolContext(state).reader)
  return [
    { label: 'Head', value: `${header.number}` },
    { label: 'Hash', value: bytesToHex(hash) },
    { label: 'Finalized', value: `${chain.block('finalized')?.header.number ?? 0n}` },
    { label: 'Base fee', value: `${header.baseFee} wei` },
    { label: 'Transactions waiting', value: `${pending.length}` },
    { label: 'Transactions queued', value: `${queued.length}` },
    { label: 'Subscribers', value: `${state.subscribers.length}` },
  ]
}
