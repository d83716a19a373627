/** The package's main entry: `createDevnet()`, a whole rollup for tests, with both chains as EIP-1193 providers. */
import { proxy } from 'comlink'
import { createProvider, type Provider } from '../sdk/provider.ts'
import { createWalletRpc } from '../sdk/wallet/door.ts'
import { BaseError } from '../workers/kernel/errors.ts'
import type { Fault } from '../workers/protocol/faults.ts'
import type { ForkRequest } from '../workers/protocol/fork.ts'
import type { ChainName, World, WorldOptions, WorldStatus } from '../workers/protocol/world.ts'
import type { CodeSizeLimit } from '../workers/rollup/codeLimits.ts'
import { spawnThread } from '../workers/transport/threadWorkers.node.ts'
import { type Line, openLine } from '../workers/transport/workerHosting.ts'
import type { CaughtFraud, CheatName } from './node/cheat.ts'
import type { DevnetAccount, WorldThreadApi } from './node/world.thread.ts'
import { type OpenDoors, openDoors } from './rpc/ports.ts'

export type { CaughtFraud, CheatName, DevnetAccount, Fault, Provider, WorldStatus }

/** Set in the package, where the thread's module is plain JavaScript; see tools/package.ts. */
declare const __BUILD_HASH__: string | undefined

export interface DevnetOptions {
  /** Unsigned 32-bit integer; the same seed and calls give the same run. 7 by default. */
  readonly seed?: number
  /** `classroom` (default) is the quickest: fewest nodes, shortest windows. */
  readonly preset?: WorldOptions['preset']
  /** Who acts besides you; nobody (`quiet`) by default. */
  readonly scenario?: string
  /** L2 begins with the state of another chain, at its newest block or at this one; what is needed of it is fetched when it is needed. */
  readonly fork?: ForkRequest
  /** Bytes of a contract's code on L2: 24,576 as on Ethereum (default), or 65,536, and as much initcode. Disputes stay decidable. */
  readonly codeSizeLimit?: CodeSizeLimit
  /** Also serves both chains over HTTP and WebSocket on loopback: on free ports, or on these; 0 is a free one. */
  readonly serve?: boolean | { readonly l1?: number; readonly l2?: number }
}

export interface Devnet {
  /** EIP-1193 providers. A transaction is in a block as soon as it is sent: virtual time moves for it. */
  readonly l1: Provider
  readonly l2: Provider
  /** HTTP and WebSocket addresses. Throws `NotServedError` unless created with `serve`. */
  readonly urls: { readonly l1: string; readonly l2: string }
  /** The ten funded accounts of the test mnemonic, the same on both chains. */
  readonly accounts: readonly DevnetAccount[]
  status(): Promise<WorldStatus>
  /** Lets virtual time pass, as fast as the machine can. */
  advance(seconds: number): Promise<WorldStatus>
  /** Runs until the chain has so many more blocks. */
  mine(chain: ChainName, blocks?: number): Promise<void>
  /** Virtual time passes by itself, at the pace of real time. */
  play(): Promise<void>
  pause(): Promise<WorldStatus>
  /** Remembers both chains and every node. */
  snapshot(): Promise<number>
  /** Goes back to a snapshot; may be repeated. */
  revert(snapshot: number): Promise<WorldStatus>
  /** Crashes, slows, corrupts, partitions nodes, or reorganizes L1. */
  fault(fault: Fault): Promise<void>
  /** Makes a node cheat and runs until L1 has decided: a false root is gone then. The last account gives it something to lie about. */
  cheat(name: CheatName): Promise<CaughtFraud>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** `urls` of a devnet that is not served. */
export class NotServedError extends BaseError {
  override name = 'NotServedError'
}

const ENTRY = typeof __BUILD_HASH__ === 'string' ? './world.thread.js' : './node/world.thread.ts'

/** Boots a whole rollup in a thread of its own. Rejects with a typed error if an option is wrong. */
export async function createDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const line = await openLine<WorldThreadApi>(
    async (name) => spawnThread(new URL(ENTRY, import.meta.url), name),
    'trex-devnet',
  )
  try {
    const { seed = 7, preset = 'classroom', scenario = 'quiet', serve = false, ...rest } = options
    await line.call(({ world }) => world.open({ seed, preset, scenario, ...rest }))
    const accounts = await line.call((api) => api.accounts())
    const door = doorOf(line)
    const served = serve === false ? null : await openDoors(door, portsOf(serve), [])
    return expose(line, door, accounts, served)
  } catch (error) {
    line.close()
    throw error
  }
}

type Door = ReturnType<typeof doorOf>

function doorOf(line: Line<WorldThreadApi>) {
  const rpc: World['rpc'] = (chain, request) => line.call(({ world }) => world.rpc(chain, request))
  return {
    rpc,
    onNotification: (chain, listener) => {
      const stop = line.call(({ world }) => world.onNotification(chain, proxy(listener)))
      return () => void stop.then((unsubscribe) => unsubscribe())
    },
  } satisfies Parameters<typeof openDoors>[0]
}

function portsOf(serve: Exclude<DevnetOptions['serve'], false | undefined>) {
  return serve === true ? { l1: 0, l2: 0 } : { l1: serve.l1 ?? 0, l2: serve.l2 ?? 0 }
}

function expose(
  line: Line<WorldThreadApi>,
  door: Door,
  accounts: readonly DevnetAccount[],
  served: OpenDoors | null,
): Devnet {
  const call = <Result>(action: (world: World) => Promise<Result>): Promise<Result> =>
    line.call(({ world }) => action(world))
  const rpc = createWalletRpc(door.rpc)
  const providerOf = (chain: ChainName): Provider =>
    createProvider({ rpc, onNotification: async (...args) => door.onNotification(...args) }, chain)
  const close = async (): Promise<void> => {
    await served?.close()
    line.close()
  }
  return {
    l1: providerOf('l1'),
    l2: providerOf('l2'),
    accounts,
    get urls() {
      if (served === null)
        throw new NotServedError('The devnet is not served. Use createDevnet({ serve: true }).')
      const { l1, l2 } = served.ports
      return { l1: `http://127.0.0.1:${l1}`, l2: `http://127.0.0.1:${l2}` }
    },
    status: () => call((world) => world.status()),
    advance: (seconds) => call((world) => world.advance(Math.round(seconds * 1000))),
    mine: async (chain, blocks = 1) => {
      await door.rpc(chain, { method: 'anvil_mine', params: [blocks] })
    },
    play: () => call((world) => world.play()),
    pause: () => call((world) => world.pause()),
    snapshot: () => call((world) => world.checkpoint()),
    revert: (snapshot) => call((world) => world.rollback(snapshot)),
    fault: (fault) => call((world) => world.fault(fault)),
    cheat: (name) => line.call((api) => api.cheat(name)),
    close,
    [Symbol.asyncDispose]: close,
  }
}
