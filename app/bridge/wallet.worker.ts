/** Test accounts that act on the page's behalf. Keys, nonces and signatures live here; transactions go through JSON-RPC like anyone's. */
import * as Comlink from 'comlink'
import type { World } from '../../workers/protocol/world.ts'
import { installErrorTransfer } from '../../workers/transport/errors.ts'
import type { Tell } from './wallet-account.ts'
import { createActions } from './wallet-actions.ts'
import { createLoad } from './wallet-load.ts'

export type WalletAction = 'deposit' | 'deploy' | 'transfers' | 'withdraw'

export interface WalletApi {
  /** Gives the wallet a port to the world, and an ear for what it has to say later. */
  connect(port: MessagePort, tell: Tell): void
  perform(action: WalletAction): Promise<string>
  setLoad(transactionsPerSecond: number): Promise<void>
  /** The world became another: nonces, tokens and the load are of no use any more. */
  forget(): void
  /** Tells the wallet how far virtual time has come, while there is a load. */
  advance(timeMs: number): void
}

installErrorTransfer()

let actions: ReturnType<typeof createActions> | null = null
let load: ReturnType<typeof createLoad> | null = null

const api: WalletApi = {
  connect(port, tell) {
    const world = Comlink.wrap<Pick<World, 'rpc'>>(port) as unknown as Pick<World, 'rpc'>
    actions = createActions(world, tell)
    const token = () => actions?.token() ?? Promise.reject(new TypeError('No wallet.'))
    load = createLoad(world, token, tell)
  },
  async perform(action) {
    if (actions === null) throw new TypeError('The wallet is used before it is connected.')
    return actions.perform(action)
  },
  async setLoad(transactionsPerSecond) {
    await load?.set(transactionsPerSecond)
  },
  forget() {
    actions?.forget()
    load?.forget()
  },
  advance(timeMs) {
    load?.advance(timeMs)
  },
}
Comlink.expose(api)
