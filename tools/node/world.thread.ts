/** Entry of the one thread in which `createDevnet()` runs a whole world, so that a test's own thread stays free. */
import { parentPort } from 'node:worker_threads'
import { expose, proxy } from 'comlink'
import { assert } from '../../workers/kernel/errors.ts'
import type { World } from '../../workers/protocol/world.ts'
import { bytesToHex, type Hex } from '../../workers/rollup/bytes.ts'
import { TEST_PRIVATE_KEYS } from '../../workers/rollup/keys.ts'
import { privateKeyToAddress } from '../../workers/rollup/secp256k1.ts'
import { prepareHost } from '../../workers/simulation/roles.ts'
import { installErrorTransfer } from '../../workers/transport/errors.ts'
import { threadEndpoint } from '../../workers/transport/threadWorkers.node.ts'
import { type CaughtFraud, type CheatName, cheat } from './cheat.ts'
import { createNodeWorld } from './world.ts'

/** A funded account of the test mnemonic. */
export interface DevnetAccount {
  readonly address: Hex
  readonly privateKey: Hex
}

export interface WorldThreadApi {
  /** Resolves once the thread can take calls. */
  ready(): Promise<void>
  readonly world: World
  accounts(): Promise<readonly DevnetAccount[]>
  cheat(name: CheatName): Promise<CaughtFraud>
}

assert(parentPort !== null, 'This module runs in a worker thread.')
installErrorTransfer()
const prepared = prepareHost()
const world = createNodeWorld({ host: 'inline' })
const api: WorldThreadApi = {
  ready: () => prepared,
  // Functions cross a port as proxies alone.
  world: {
    ...world,
    onNotification: async (chain, listener) => proxy(await world.onNotification(chain, listener)),
    subscribe: async (listener) => proxy(await world.subscribe(listener)),
  },
  accounts: async () =>
    TEST_PRIVATE_KEYS.map((key) => ({
      address: bytesToHex(privateKeyToAddress(key)),
      privateKey: bytesToHex(key),
    })),
  cheat: (name) => cheat(world, name),
}
expose(api, threadEndpoint(parentPort))
