/** Test accounts on the page: their keys and signatures live in a worker, so that load never blocks a frame. */
import * as Comlink from 'comlink'
import type { Connection } from './connect.ts'
import type { WalletAction, WalletApi } from './wallet.worker.ts'
import type { Tell } from './wallet-account.ts'

export type { WalletAction }

export interface Wallet {
  /** Runs one action with real transactions; resolves with a sentence on what came of it. */
  perform(action: WalletAction): Promise<string>
  /** Keeps sending about this many token transfers per virtual second; 0 stops. */
  setLoad(transactionsPerSecond: number): Promise<void>
  /** The world was opened anew or went back in time. */
  forget(): Promise<void>
}

/** How often the wallet hears of virtual time, in wall milliseconds. */
const beatMs = 100

export interface WalletOptions {
  /** Virtual time, as the page knows it. */
  readonly readTimeMs: () => number
  /** Shows what came of work in the background. */
  readonly tell: Tell
}

export function createWallet(connection: Connection, { readTimeMs, tell }: WalletOptions): Wallet {
  let api: Promise<Comlink.Remote<WalletApi>> | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  const start = async () => {
    const worker = new Worker(new URL('./wallet.worker.ts', import.meta.url), {
      type: 'module',
      name: 'wallet',
    })
    const remote = Comlink.wrap<WalletApi>(worker)
    const port = await connection.createPort()
    await remote.connect(Comlink.transfer(port, [port]), Comlink.proxy(tell))
    return remote
  }

  const ready = () => {
    api ??= start()
    return api
  }

  return {
    perform: async (action) => (await ready()).perform(action),
    forget: async () => {
      clearInterval(timer)
      await (await api)?.forget()
    },
    setLoad: async (transactionsPerSecond) => {
      const wallet = await ready()
      clearInterval(timer)
      if (transactionsPerSecond > 0) {
        timer = setInterval(() => void wallet.advance(readTimeMs()), beatMs)
      }
      await wallet.setLoad(transactionsPerSecond)
    },
  }
}
