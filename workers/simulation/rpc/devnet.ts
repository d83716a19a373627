/** What anvil and Hardhat let one do to the node as a whole (docs/specs/RPC.md): mining, pace, reorgs, what it says of itself. */

import { type DumpedAccount, readDump } from '../../chain/rpc/dump.ts'
import { SPEED_MAX, SPEED_MIN } from '../../kernel/pacer.ts'
import type { ForkPoint } from '../../protocol/fork.ts'
import type { ChainName, Json } from '../../protocol/world.ts'
import { RPC_CODE, RpcError } from '../errors.ts'
import { invalid, NUMBER, quantity } from './values.ts'

export interface DevnetPort {
  advance(byMs: number): Promise<unknown>
  /** Lets time pass, by leaps of the clock where nobody has to act. */
  pass(byMs: number): Promise<unknown>
  /** Runs until the chain has `count` more blocks. */
  mine(chain: ChainName, count: number): Promise<void>
  /** Whether a client's transaction moves a paused world. */
  advancesOnDemand(): boolean
  setAdvanceOnDemand(on: boolean): void
  /** Seconds between two blocks that clients ask for; null ends it. True if there was one before. */
  setBlockInterval(chain: ChainName, seconds: number | null): boolean
  isPlaying(): boolean
  speed(): number | 'max'
  play(): Promise<void>
  pause(): Promise<unknown>
  setSpeed(speed: number | 'max'): Promise<void>
  /** Virtual time between two blocks, in ms. */
  blockMs(chain: ChainName): number
  /** Replaces the last blocks of L1. */
  reorg(depth: number): Promise<void>
  /** Takes the accounts of a dump over. */
  loadState(chain: ChainName, accounts: readonly DumpedAccount[]): Promise<void>
  /** Returns to the world's first moment. */
  reset(): Promise<void>
  /** Ids of snapshots that `evm_revert` takes. */
  snapshots(): readonly number[]
  /** A read of the chain's own node. */
  read(chain: ChainName, method: string, params: readonly Json[]): Promise<Json>
  readonly worldName: string
  /** Where L2's first state is from; null of a world that forks no chain. */
  fork(): ForkFacts | null
}

interface ForkFacts {
  readonly point: ForkPoint
  /** Scheme, host and port of the source; null while none is connected. */
  readonly origin: string | null
}

type Action = (port: DevnetPort, chain: ChainName, params: readonly Json[]) => Promise<Json>

const MINE_MAX = 10_000
const INTERVAL_MAX_SECONDS = 31_557_600
const REORG_MAX = 64

/** Null if the method is none of these. Throws `RpcError`. */
export function devnetRpc(
  port: DevnetPort,
  chain: ChainName,
  method: string,
  params: readonly Json[],
): Promise<Json> | null {
  const [prefix, name] = method.split('_')
  const actions = Object.hasOwn(ACTIONS, prefix ?? '') ? ACTIONS[prefix ?? ''] : undefined
  if (name === undefined || actions === undefined) return null
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action === undefined) return null
  const result = action(port, chain, params)
  // Hardhat says true where anvil says nothing.
  return prefix === 'anvil' ? result : result.then((value) => value ?? true)
}

/** Names without their prefix, for `anvil_` and `hardhat_` alike. */
const SHARED_ACTIONS: Readonly<Record<string, Action>> = {
  mine,
  getAutomine: async (port) => port.advancesOnDemand(),
  setAutomine,
  getIntervalMining: async (port, chain) => {
    const speed = port.speed()
    if (!port.isPlaying() || speed === 'max') return null
    return port.blockMs(chain) / speed / 1000
  },
  setBlockTimestampInterval: async (port, chain, params) => {
    const seconds = quantity(params, 0, INTERVAL_MAX_SECONDS)
    if (seconds === 0) throw invalid(0, `seconds from 1 to ${INTERVAL_MAX_SECONDS}`)
    port.setBlockInterval(chain, seconds)
    return null
  },
  removeBlockTimestampInterval: async (port, chain) => port.setBlockInterval(chain, null),
  setLoggingEnabled: async (_port, _chain, params) => {
    // The node prints nothing about calls, whatever it is told.
    if (typeof params[0] !== 'boolean') throw invalid(0, 'true or false')
    return null
  },
  reset: async (port, _chain, params) => {
    if (namesFork(params[0])) {
      throw impossible(
        'A world forks when it is opened, not later: --fork-url, createDevnet({ fork }) or a new world of the page. Call reset without parameters.',
      )
    }
    await port.reset()
    return null
  },
  reorg: async (port, chain, params) => {
    if (chain === 'l2') {
      throw impossible(
        'The committee’s order is final, so L2 has no reorg of its own; reorg L1, and L2 follows what L1 says.',
      )
    }
    const { depth, pairs } = reorgOptions(params)
    if (pairs.length > 0) {
      throw impossible(
        'The new blocks take what waits in the pool; send your transactions after the reorg instead of naming them.',
      )
    }
    await port.reorg(depth)
    return null
  },
  rollback: async () => {
    throw impossible(
      'One chain cannot go back alone, for the other roles would remember; take evm_snapshot before and evm_revert.',
    )
  },
  loadState: async (port, chain, params) => {
    await port.loadState(chain, readDump(params[0]))
    return true
  },
  metadata,
  nodeInfo,
}

const ACTIONS: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  anvil: { ...SHARED_ACTIONS, setIntervalMining: intervalMining('seconds') },
  hardhat: { ...SHARED_ACTIONS, setIntervalMining: intervalMining('milliseconds') },
}

/** Clients name a fork by its URL, and send an empty `forking` where there is none. */
function namesFork(options: Json | undefined): boolean {
  const { forking } = (options ?? {}) as { readonly forking?: { readonly jsonRpcUrl?: Json } }
  return forking?.jsonRpcUrl !== undefined && forking.jsonRpcUrl !== null
}

/** `evm_` names of the same actions. */
export const EVM_ACTIONS: Readonly<Record<string, Action>> = {
  evm_setAutomine: async (...given) => (await setAutomine(...given)) ?? true,
  evm_setIntervalMining: async (...given) => (await intervalMining('either')(...given)) ?? true,
}

async function mine(port: DevnetPort, chain: ChainName, params: readonly Json[]): Promise<Json> {
  const [blocks, interval] = params
  const count = isMissing(blocks) ? 1 : quantity(params, 0, MINE_MAX)
  const seconds = isMissing(interval) ? 0 : quantity(params, 1, INTERVAL_MAX_SECONDS)
  for (let mined = 0; mined < count; mined++) {
    if (mined > 0 && seconds * 1000 > port.blockMs(chain)) {
      await port.pass(seconds * 1000 - port.blockMs(chain))
    }
    await port.mine(chain, 1)
  }
  return null
}

function isMissing(value: Json | undefined): boolean {
  return value === undefined || value === null
}

/** Off: what is sent waits until somebody mines or plays. */
async function setAutomine(
  port: DevnetPort,
  _chain: ChainName,
  params: readonly Json[],
): Promise<Json> {
  const [on] = params
  if (typeof on !== 'boolean') throw invalid(0, 'true or false')
  await port.pause()
  port.setAdvanceOnDemand(on)
  return null
}

type IntervalUnit = 'seconds' | 'milliseconds' | 'either'

/** Plays so that the chain has a block every so often by the wall clock; 0 stops. */
function intervalMining(unit: IntervalUnit): Action {
  return async (port, chain, params) => {
    const blockMs = port.blockMs(chain)
    const intervalMs = readInterval(params, blockMs, unit)
    if (intervalMs === 0) {
      await port.pause()
      return null
    }
    await port.setSpeed(blockMs / intervalMs)
    await port.play()
    return null
  }
}

/**
 * Wall milliseconds. Rationale: `evm_setIntervalMining` takes seconds from anvil's clients and milliseconds, or a range of them, from
 * Hardhat's; what is more seconds than a block can last must be milliseconds.
 */
function readInterval(params: readonly Json[], blockMs: number, unit: IntervalUnit): number {
  const [given] = params
  const [leastMs, mostMs] = [blockMs / SPEED_MAX, blockMs / SPEED_MIN]
  const range = Array.isArray(given) && given.length === 2 && unit !== 'seconds' ? given : null
  const values = (range ?? [given]).map(toNumber)
  const value = values.reduce((sum, one) => sum + one, 0) / values.length
  const isMs =
    range !== null || unit === 'milliseconds' || (unit === 'either' && value * 1_000 > mostMs)
  const intervalMs = isMs ? value : value * 1_000
  if (intervalMs === 0 || (intervalMs >= leastMs && intervalMs <= mostMs)) return intervalMs
  const accepted = {
    seconds: `seconds from ${leastMs / 1_000} to ${mostMs / 1_000}`,
    milliseconds: `milliseconds from ${leastMs} to ${mostMs}`,
    either: `seconds from ${leastMs / 1_000} to ${mostMs / 1_000}, or more as milliseconds up to ${mostMs}`,
  }[unit]
  throw invalid(0, `0, or wall ${accepted} for a block of ${blockMs} ms`)
}

function toNumber(value: Json | undefined): number {
  const isText = typeof value === 'string' && NUMBER.test(value)
  return isText || typeof value === 'number' ? Number(value) : Number.NaN
}

interface ReorgOptions {
  readonly depth: number
  readonly pairs: readonly Json[]
}

/** Anvil takes `{depth, txBlockPairs}` or both as two parameters. */
function reorgOptions(params: readonly Json[]): ReorgOptions {
  const [first, second] = params
  const isObject = typeof first === 'object' && first !== null && !Array.isArray(first)
  const options = isObject ? (first as { readonly [key: string]: Json }) : {}
  const depth = isObject ? options['depth'] : first
  const pairs = (isObject ? options['txBlockPairs'] : second) ?? []
  if (!Array.isArray(pairs)) throw invalid(1, 'a list of transactions and block numbers')
  return { depth: quantity([depth ?? null], 0, REORG_MAX), pairs }
}

interface Head {
  readonly number: string
  readonly hash: string
  readonly timestamp: string
  readonly gasLimit: string
  readonly baseFeePerGas: string
}

async function headOf(port: DevnetPort, chain: ChainName): Promise<Head> {
  return (await port.read(chain, 'eth_getBlockByNumber', ['latest', false])) as unknown as Head
}

async function metadata(port: DevnetPort, chain: ChainName): Promise<Json> {
  const head = await headOf(port, chain)
  return {
    clientVersion: await port.read(chain, 'web3_clientVersion', []),
    chainId: Number(await port.read(chain, 'eth_chainId', [])),
    instanceId: port.worldName,
    latestBlockNumber: Number(head.number),
    latestBlockHash: head.hash,
    forkedNetwork: forkedNetwork(port, chain),
    snapshots: Object.fromEntries(port.snapshots().map((id) => [`0x${id.toString(16)}`, null])),
  }
}

async function nodeInfo(port: DevnetPort, chain: ChainName): Promise<Json> {
  const head = await headOf(port, chain)
  return {
    currentBlockNumber: head.number,
    currentBlockTimestamp: Number(head.timestamp),
    currentBlockHash: head.hash,
    hardFork: 'Osaka',
    transactionOrder: 'fees',
    environment: {
      baseFee: head.baseFeePerGas,
      chainId: Number(await port.read(chain, 'eth_chainId', [])),
      gasLimit: head.gasLimit,
      gasPrice: await port.read(chain, 'eth_gasPrice', []),
    },
    forkConfig: forkConfig(port, chain),
  }
}

/** The path of a source's URL may be a key to it, so that only its origin is told. */
function forkConfig(port: DevnetPort, chain: ChainName): Json {
  const fork = chain === 'l2' ? port.fork() : null
  return {
    forkUrl: fork?.origin ?? null,
    forkBlockNumber: fork?.point.blockNumber ?? null,
    forkRetryBackoff: null,
  }
}

function forkedNetwork(port: DevnetPort, chain: ChainName): Json {
  const fork = chain === 'l2' ? port.fork() : null
  if (fork === null) return null
  const { chainId, blockNumber, blockHash } = fork.point
  return { chainId, forkBlockNumber: blockNumber, forkBlockHash: blockHash }
}

function impossible(message: string): RpcError {
  return new RpcError(message, RPC_CODE.unsupported)
}
