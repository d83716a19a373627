/** The built page in Chromium with its bridge: a devnet's JSON-RPC as clients outside of the tab have it, and as scripts inside do. */
import { type Browser, chromium, type Page } from '@playwright/test'
import { createBridge } from '../tools/bridge.ts'
import { findChromium } from '../tools/chromium.ts'
import { type Door, openDoors } from '../tools/rpc/ports.ts'
import { listen } from '../tools/rpc/server.ts'
import { createStaticServer } from '../tools/staticServer.ts'
import type { ChainName, World, WorldOptions } from '../workers/protocol/world.ts'
import { builtPage } from './build.ts'
import { MeasurementError } from './figure.ts'

export type Call = (method: string, params: readonly unknown[]) => Promise<unknown>

export interface Request {
  readonly method: string
  readonly params: readonly unknown[]
}

export interface Clocked {
  /** Of each request, in milliseconds. */
  readonly ms: readonly number[]
  readonly results: readonly unknown[]
}

/** Makes requests one after the other. A sent transaction takes until its receipt. */
export type Clock = (requests: readonly Request[]) => Promise<Clocked>

/** Runs in this process, and by its source in the page: it may refer to nothing outside. */
export async function clockEach(call: Call, requests: readonly Request[]): Promise<Clocked> {
  const ms: number[] = []
  const results: unknown[] = []
  for (const { method, params } of requests) {
    const startMs = performance.now()
    const result = await call(method, params)
    let isWaiting = method === 'eth_sendRawTransaction'
    while (isWaiting) isWaiting = (await call('eth_getTransactionReceipt', [result])) === null
    ms.push(performance.now() - startMs)
    results.push(result)
  }
  return { ms, results }
}

export interface Tab {
  /** Of the bridge. */
  readonly ports: Readonly<Record<ChainName, number>>
  /** By the providers of the page itself. */
  readonly clock: Readonly<Record<ChainName, Clock>>
  close(): Promise<void>
}

const OPEN_MS = 60_000
const POLL_MS = 100

/** A paused world of its own in a tab. */
export async function openTab(options: WorldOptions): Promise<Tab> {
  const server = createStaticServer(await builtPage())
  let url = ''
  const bridge = createBridge(server, () => url)
  await listen(server, 0)
  const address = server.address()
  url = `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}/`
  const doors = await openDoors(bridge, { l1: 0, l2: 0 }, [])
  const say = (line: string): boolean => process.stderr.write(`${line}\n`)
  const browser = await chromium.launch({
    executablePath: findChromium(say),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  const close = async (): Promise<void> => {
    await browser.close()
    await doors.close()
    server.close()
  }
  try {
    const page = await openPage(browser, url, options)
    await untilBridged(bridge)
    const clock = { l1: clockIn(page, 'l1'), l2: clockIn(page, 'l2') }
    return { ports: doors.ports, clock, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openPage(browser: Browser, url: string, options: WorldOptions): Promise<Page> {
  const page = await browser.newPage()
  // The compiler of TypeScript wraps named functions into this helper, which the page does not have.
  await page.addInitScript('globalThis.__name ??= (value) => value')
  await page.goto(url)
  await page.waitForFunction(() => window.trex !== undefined, undefined, { timeout: OPEN_MS })
  await page.evaluate(
    async ([given, attemptsMax, pollMs]) => {
      const { world } = window.trex as unknown as { world: World }
      // The page opens and plays a world by itself first.
      for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const status = await world.status().catch(() => null)
        if (status?.phase === 'playing') break
        await new Promise((resolve) => setTimeout(resolve, pollMs))
      }
      await world.open(given)
    },
    [options, OPEN_MS / POLL_MS, POLL_MS] as const,
  )
  return page
}

async function untilBridged({ rpc }: Door): Promise<void> {
  for (let waitedMs = 0; waitedMs < OPEN_MS; waitedMs += POLL_MS) {
    try {
      await rpc('l2', { method: 'eth_chainId' })
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }
  throw new MeasurementError(`The tab did not connect to the bridge within ${OPEN_MS / 1000} s.`)
}

function clockIn(page: Page, chain: ChainName): Clock {
  return (requests) =>
    page.evaluate<Clocked>(
      `(${clockEach})((method, params) => window.trex.${chain}.request({ method, params }), ${JSON.stringify(requests)})`,
    )
}
