/**
 * The L1 role over Anvil: it hears and says what `workers/l1` does, and its chain is that of a real Ethereum node, with Ethereum's limits
 * on. So every other role runs against a real node unchanged.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isWorldMethod } from '../../workers/chain/rpc/rpc.ts'
import { BaseError, errorToPlain, InvalidArgumentError } from '../../workers/kernel/errors.ts'
import type {
  Effect,
  NodeId,
  Plain,
  Role,
  RoleEvent,
  RoleFactory,
} from '../../workers/kernel/role.ts'
import type { L1Config } from '../../workers/l1/config.ts'
import { createEventNames, type EventNames, nameEvents } from '../../workers/l1/events.ts'
import type { L1Head } from '../../workers/protocol/messages.ts'
import { bytesToHex, ZERO_HASH } from '../../workers/rollup/bytes.ts'
import { GENESIS_TIMESTAMP, type Parameters, PRESETS } from '../../workers/rollup/parameters.ts'
import { type RpcBlock, type RpcReceipt, toL1Head } from './block.ts'
import { nodeGenesis } from './genesis.ts'
import { type Anvil, AnvilRefusedError, startAnvil } from './process.ts'
import { totalBalance } from './totalBalance.ts'

interface State {
  readonly node: Anvil
  readonly parameters: Parameters
  readonly eventNames: EventNames
  /** In order of subscription. */
  subscribers: readonly NodeId[]
  /** By number; a reorg cuts it. */
  heads: readonly L1Head[]
}

/** What the world asks of its L1, and Anvil cannot do. */
class AnvilCannotError extends BaseError {
  override readonly name = 'AnvilCannotError'
}

const SLOT_TIMER = 'slot'
const FLAGS = ['--no-mining', '--hardfork', 'osaka', '--order', 'fifo', '--enable-tx-gas-limit']

/** Starts a node with the genesis of an `L1Config` whose blocks come when the role says so. Throws `AnvilError`. */
async function startAnvilL1({ preset, genesis }: L1Config): Promise<Anvil> {
  const { l1ChainId, l1FinalitySlots } = PRESETS[preset]
  const folder = mkdtempSync(join(tmpdir(), 'trex-anvil-'))
  try {
    const path = join(folder, 'genesis.json')
    writeFileSync(path, JSON.stringify(nodeGenesis(genesis, l1ChainId)))
    const chain = ['--chain-id', String(l1ChainId), '--init', path]
    const limits = ['--gas-limit', String(genesis.gasLimit), '--base-fee', String(genesis.baseFee)]
    const finality = ['--slots-in-an-epoch', String(l1FinalitySlots / 2)]
    return await startAnvil([...FLAGS, ...chain, ...limits, ...finality])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export interface AnvilL1 {
  /** Config: `L1Config`. */
  readonly factory: RoleFactory
  /** Ends the node, which outlives a crash of the role as a real one would. */
  readonly close: () => Promise<void>
}

export function createAnvilL1(): AnvilL1 {
  let running: Promise<Anvil> | null = null
  return {
    factory: async (_context, plain) => {
      const config = plain as unknown as L1Config
      running ??= startAnvilL1(config)
      return createRole(await running, config)
    },
    close: async () => (await running)?.close(),
  }
}

function createRole(node: Anvil, config: L1Config): Role {
  const l1: State = {
    node,
    parameters: PRESETS[config.preset],
    eventNames: createEventNames(config.contracts),
    subscribers: config.subscribers,
    heads: [],
  }
  return {
    step: (event) => step(l1, event),
    digest: () => l1.heads.at(-1)?.hash ?? ZERO_HASH,
    snapshot: () => ({ heads: l1.heads, subscribers: l1.subscribers }),
    restore: (snapshot) => restore(l1, snapshot as Snapshot),
    query: (method, params) => query(l1, method, params),
  }
}

type Snapshot = Pick<State, 'heads' | 'subscribers'>

/** Goes back to an earlier block. What waited in the pool is lost, as in a node that restarts; whoever sent it sends it again. */
async function restore(l1: State, { heads, subscribers }: Snapshot): Promise<void> {
  const depth = l1.heads.length - heads.length
  if (heads.at(-1) !== l1.heads[heads.length - 1])
    throw new AnvilCannotError('Anvil only goes back, to a block of its own chain.')
  await l1.node.call('anvil_dropAllTransactions', [])
  if (depth > 0) await l1.node.call('anvil_rollback', [depth])
  l1.heads = heads
  l1.subscribers = subscribers
}

async function step(l1: State, event: RoleEvent): Promise<readonly Effect[]> {
  switch (event.kind) {
    case 'start':
      return [nextSlot(l1, event.timeMs)]
    case 'timer':
      return [...(await mine(l1, event.timeMs)), nextSlot(l1, event.timeMs)]
    case 'message':
      return onMessage(l1, event)
    case 'input':
      return onInput(l1, event)
    case 'job':
      return []
  }
}

/** Slots begin at multiples of the slot time, whatever happens in between. */
function nextSlot({ parameters: { l1SlotMs } }: State, timeMs: number): Effect {
  return { kind: 'timer', id: SLOT_TIMER, delayMs: l1SlotMs - (timeMs % l1SlotMs) }
}

/** A block of what waits in Anvil's pool, told to every subscriber. */
async function mine(l1: State, timeMs: number): Promise<Effect[]> {
  const slot = BigInt(GENESIS_TIMESTAMP + Math.floor(timeMs / 1_000))
  const least = (l1.heads.at(-1)?.timestamp ?? BigInt(GENESIS_TIMESTAMP)) + 1n
  const timestamp = slot < least ? least : slot
  await l1.node.call('evm_setNextBlockTimestamp', [Number(timestamp)])
  await l1.node.call('evm_mine', [])
  return announce(l1, l1.heads.length + 1)
}

async function announce(l1: State, number: number): Promise<Effect[]> {
  const at = `0x${number.toString(16)}`
  const [block, receipts] = (await l1.node.callAll([
    { method: 'eth_getBlockByNumber', params: [at, true] },
    { method: 'eth_getBlockReceipts', params: [at] },
  ])) as readonly [RpcBlock, readonly RpcReceipt[]]
  const head = toL1Head(block, receipts, BigInt(l1.parameters.l1FinalitySlots))
  l1.heads = [...l1.heads.slice(0, number - 1), head]
  const report = reportBlock(l1, block, head)
  return [report, ...l1.subscribers.map((to) => sendHead(to, head))]
}

function sendHead(to: NodeId, head: L1Head): Effect {
  return { kind: 'send', to, type: 'l1.head', payload: head as unknown as Plain }
}

function reportBlock(l1: State, block: RpcBlock, head: L1Head): Effect {
  const { number, timestamp, baseFee, finalizedNumber } = head
  const payload = {
    number,
    hash: bytesToHex(head.hash),
    parentHash: bytesToHex(head.parentHash),
    timestamp,
    transactions: head.outcomes.length,
    gasUsed: BigInt(block.gasUsed),
    baseFee,
    events: head.logs.flatMap((log) => nameEvents(l1.eventNames, [{ ...log, logs: [log] }])),
    finalizedNumber,
  }
  return { kind: 'report', type: 'l1.block', payload: payload as unknown as Plain }
}

async function onMessage(l1: State, event: RoleEvent): Promise<Effect[]> {
  const payload = event.payload as { readonly [key: string]: Plain }
  switch (event.type) {
    case 'l1.sendTransaction':
      await receive(l1, bytesToHex(payload['raw'] as Uint8Array))
      return []
    case 'l1.subscribe':
      return subscribe(l1, event.source, Number(payload['fromNumber']))
    default:
      return []
  }
}

/** What nodes send may be too late or twice; they learn of it from the heads. */
async function receive({ node }: State, raw: string): Promise<void> {
  try {
    await node.call('eth_sendRawTransaction', [raw])
  } catch (error) {
    if (!(error instanceof AnvilRefusedError)) throw error
  }
}

function subscribe(l1: State, subscriber: NodeId, fromNumber: number): Effect[] {
  if (!l1.subscribers.includes(subscriber)) l1.subscribers = [...l1.subscribers, subscriber]
  return l1.heads.slice(Math.max(0, fromNumber - 1)).map((head) => sendHead(subscriber, head))
}

async function onInput(l1: State, event: RoleEvent): Promise<Effect[]> {
  const payload = event.payload as { readonly inputId: number } & { readonly [key: string]: Plain }
  const { inputId } = payload
  try {
    switch (event.type) {
      case 'rpc': {
        const { method, params } = payload
        const result = await l1.node.call(String(method), params as readonly Plain[])
        return [{ kind: 'reply', inputId, result: result as Plain }]
      }
      case 'mine':
        return [...(await mine(l1, event.timeMs)), { kind: 'reply', inputId, result: true }]
      case 'reorg':
        return [
          ...(await reorg(l1, payload['depth'] as number)),
          { kind: 'reply', inputId, result: true },
        ]
      default:
        throw new AnvilCannotError(`L1 has no input ${event.type}.`)
    }
  } catch (error) {
    return [{ kind: 'replyError', inputId, error: errorToPlain(error) }]
  }
}

/** Replaces the last `depth` blocks; their transactions wait again. Throws `InvalidArgumentError` for a depth that finality forbids. */
async function reorg(l1: State, depth: number): Promise<Effect[]> {
  const height = l1.heads.length
  const depthMax = Math.min(height, l1.parameters.l1FinalitySlots)
  if (!Number.isInteger(depth) || depth < 1 || depth > depthMax)
    throw new InvalidArgumentError(`depth must be an integer from 1 to ${depthMax}, is ${depth}.`)
  const fromNumber = BigInt(height - depth + 1)
  await l1.node.call('anvil_reorg', [depth, []])
  const effects: Effect[] = [{ kind: 'report', type: 'l1.reorg', payload: { depth, fromNumber } }]
  for (let number = height - depth + 1; number <= height; number += 1)
    effects.push(...(await announce(l1, number)))
  return effects
}

async function query(l1: State, method: string, params: Plain): Promise<Plain> {
  switch (method) {
    case 'rpc': {
      const request = params as { readonly method: string; readonly params: readonly Plain[] }
      if (request.method === 'rollup_totalBalance')
        return `0x${(await totalBalance(l1.node, String(request.params[0]))).toString(16)}`
      return (await l1.node.call(request.method, request.params)) as Plain
    }
    case 'rpcKind':
      return isWorldMethod((params as { readonly method: string }).method) ? 'input' : 'read'
    case 'inspect':
      return inspect(l1)
    default:
      throw new AnvilCannotError(`L1 has no query ${method}.`)
  }
}

function inspect({ heads, subscribers, node }: State): Plain {
  const head = heads.at(-1)
  return [
    { label: 'Node', value: `Anvil at ${node.url}` },
    { label: 'Head', value: `${head?.number ?? 0n}` },
    { label: 'Hash', value: head === undefined ? '' : bytesToHex(head.hash) },
    { label: 'Finalized', value: `${head?.finalizedNumber ?? 0n}` },
    { label: 'Base fee', value: `${head?.baseFee ?? 0n} wei` },
    { label: 'Subscribers', value: `${subscribers.length}` },
  ]
}
