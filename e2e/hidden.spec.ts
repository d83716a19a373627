/**
 * The bridge of `npm start` to a tab that nobody sees, as a person leaves it: its page's timers are slowed to one a minute, and its
 * clients must not notice. HIDDEN_MINUTES=30 keeps it hidden that long; a moment without.
 */
import type { AddressInfo, Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type CDPSession, chromium, expect, test } from '@playwright/test'
import { createBridge } from '../tools/bridge.ts'
import { type OpenDoors, openDoors } from '../tools/rpc/ports.ts'
import { listen } from '../tools/rpc/server.ts'
import { createStaticServer } from '../tools/staticServer.ts'

const hiddenMs = Number(process.env['HIDDEN_MINUTES'] ?? 0.2) * 60_000
/** How long Chromium lets a hidden page have a timer a second, before it has one a minute: five minutes unless told. */
const graceS = 3

const server = createStaticServer(fileURLToPath(new URL('../dist', import.meta.url)))
const sockets = new Set<Socket>()
let address = ''
let doors: OpenDoors

test.beforeAll(async () => {
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const bridge = createBridge(server, () => address)
  await listen(server, 0)
  address = `http://localhost:${(server.address() as AddressInfo).port}/`
  doors = await openDoors(bridge, { l1: 0, l2: 0 }, [])
})

test.afterAll(async () => {
  await doors.close()
  server.close()
  server.closeAllConnections()
})

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

async function rpc(method: string, ...params: readonly unknown[]): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${doors.ports.l2}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return (await response.json()) as Answer
}

/** Milliseconds of the wall until a sent transaction has its receipt. */
async function timeTransfer(): Promise<number> {
  const sinceMs = performance.now()
  const [from, to] = (await rpc('eth_accounts')).result as readonly string[]
  const { result: hash, error } = await rpc('eth_sendTransaction', { from, to, value: '0x1' })
  expect(error).toBeUndefined()
  await expect
    .poll(async () => (await rpc('eth_getTransactionReceipt', hash)).result, { intervals: [100] })
    .not.toBeNull()
  return performance.now() - sinceMs
}

/** As when a person stops `npm start` and starts it again. */
async function restartServer(): Promise<void> {
  const { port } = server.address() as AddressInfo
  const closed = new Promise((resolve) => server.close(resolve))
  for (const socket of sockets) socket.destroy()
  await closed
  await new Promise((resolve) => setTimeout(resolve, 12_000))
  await listen(server, port)
}

/** A tab that Playwright does not manage: its pages always believe that they are seen. */
async function openTab(cdp: CDPSession, url: string) {
  const { targetId } = await cdp.send('Target.createTarget', { url })
  const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: false })
  let lastId = 0
  return (expression: string): Promise<unknown> =>
    new Promise((resolve) => {
      lastId += 1
      const id = lastId
      const hear = (event: { readonly sessionId: string; readonly message: string }) => {
        const message = JSON.parse(event.message)
        if (event.sessionId !== sessionId || message.id !== id) return
        cdp.off('Target.receivedMessageFromTarget', hear)
        resolve(message.result?.result?.value)
      }
      cdp.on('Target.receivedMessageFromTarget', hear)
      const message = JSON.stringify({ id, method: 'Runtime.evaluate', params: { expression } })
      void cdp.send('Target.sendMessageToTarget', { sessionId, message })
    })
}

test('a hidden tab serves as before, and comes back by itself when its server does', async () => {
  test.setTimeout(hiddenMs + 180_000)
  const executablePath = process.env['CHROMIUM']
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      `--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/${graceS}`,
    ],
    // What Playwright says so that hidden pages stay as quick as seen ones.
    ignoreDefaultArgs: [
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ],
  })
  try {
    const cdp = await browser.newBrowserCDPSession()
    const evaluate = await openTab(cdp, `${address}#/?preset=classroom&seed=5&scenario=quiet`)
    await expect.poll(async () => (await rpc('eth_blockNumber')).result).toMatch(/^0x/)
    await timeTransfer()

    await openTab(cdp, 'about:blank')
    await expect.poll(() => evaluate('document.visibilityState')).toBe('hidden')
    await evaluate('var ticks = 0; setInterval(() => { ticks += 1 }, 100)')
    await new Promise((resolve) => setTimeout(resolve, graceS * 1_000))
    const ticks = [Number(await evaluate('ticks'))]
    const tookMs: number[] = []
    const untilMs = performance.now() + hiddenMs
    while (performance.now() < untilMs) {
      tookMs.push(await timeTransfer())
      await new Promise((resolve) => setTimeout(resolve, hiddenMs / 60))
      ticks.push(Number(await evaluate('ticks')))
    }
    const slowestMs = Math.round(Math.max(...tookMs))
    process.stdout.write(
      `hidden for ${hiddenMs / 1000} s: ${tookMs.length} transfers, slowest ${slowestMs} ms; ticks of the page: ${ticks}\n`,
    )
    const ticked = (ticks.at(-1) ?? 0) - (ticks[0] ?? 0)
    expect(ticked, 'ticks of a timer that would tick ten times a second').toBeLessThan(
      hiddenMs / 500,
    )
    expect(slowestMs).toBeLessThan(15_000)

    await restartServer()
    expect((await rpc('eth_blockNumber')).error?.message).toContain('No tab runs')
    // A few of its pauses between attempts, not a minute.
    await expect
      .poll(async () => (await rpc('eth_blockNumber')).result, { timeout: 10_000 })
      .toMatch(/^0x/)
    await timeTransfer()
    expect(await evaluate('document.visibilityState')).toBe('hidden')
  } finally {
    await browser.close()
  }
})
