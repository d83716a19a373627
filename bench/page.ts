/** The built page in Chromium: how soon it lives, whether it stays smooth at rest and under load, and what memory it takes. */
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from '@playwright/test'
import { findChromium } from '../tools/chromium.ts'
import { createStaticServer } from '../tools/staticServer.ts'
import { builtPage } from './build.ts'
import { type BenchOptions, MeasurementError, median, type Report, round } from './figure.ts'
import { installObserver, type Observed, type PageWindow } from './pageObserver.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-precise-memory-info',
]
const VIEWPORT = { width: 1440, height: 900 } as const
const FIRST_BLOCK_MS = 90_000
const OPENINGS = 3
const REST_MS = 20_000
const LOAD_MS = 30_000
const QUICK_MS = 8_000
const LOAD_RATE = 200
/** Time in which the load deploys its token, funds its senders and gets going. */
const LOAD_START_MS = 25_000
const MINUTE_MS = 60_000
const KILOBYTES_PER_MEGABYTE = 1_024

export async function measurePage(options: BenchOptions, report: Report): Promise<void> {
  const server = createStaticServer(await builtPage())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const say = (line: string): boolean => process.stderr.write(`${line}\n`)
  const browser = await chromium.launch({ executablePath: findChromium(say), args: FLAGS })
  try {
    await report.attempt('first block', () => measureOpening(browser, address, options, report))
    await report.attempt('smoothness', () => measureLife(browser, address, options, report))
  } finally {
    await browser.close()
    server.close()
  }
}

interface Opened {
  readonly page: Page
  readonly firstBlockMs: number
  readonly firstPaintMs: number
}

/** A visit with an empty cache, in a context of its own. */
async function open(browser: Browser, address: string): Promise<Opened> {
  const context = await browser.newContext({ viewport: VIEWPORT })
  const page = await context.newPage()
  // The compiler of TypeScript wraps named functions into this helper, which the page does not have.
  await page.addInitScript('globalThis.__name ??= (value) => value')
  await page.addInitScript(installObserver)
  await page.goto(address)
  try {
    await page.waitForFunction(
      () => (window as unknown as PageWindow).benchObserver?.firstBlockMs !== null,
      undefined,
      { timeout: FIRST_BLOCK_MS },
    )
  } catch (cause) {
    throw new MeasurementError(`No L2 block was drawn within ${FIRST_BLOCK_MS / 1000} s.`, {
      cause,
    })
  }
  const times = await page.evaluate(() => ({
    firstBlockMs: (window as unknown as PageWindow).benchObserver?.firstBlockMs ?? Number.NaN,
    firstPaintMs:
      performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  }))
  return { page, ...times }
}

async function measureOpening(
  browser: Browser,
  address: string,
  { isQuick }: BenchOptions,
  report: Report,
): Promise<void> {
  const visits: Opened[] = []
  for (let visit = 0; visit < (isQuick ? 1 : OPENINGS); visit += 1) {
    const opened = await open(browser, address)
    visits.push(opened)
    await opened.page.context().close()
  }
  const blocks = visits.map(({ firstBlockMs }) => round(firstBlockMs))
  report.figure({
    name: 'page/first L2 block',
    unit: 'ms',
    value: median(blocks),
    peer: { name: 'goal', value: 3_000 },
    note: `from navigation to the first L2 block drawn, cold cache, default world; median of ${blocks.join(', ')}; first contentful paint ${round(median(visits.map(({ firstPaintMs }) => firstPaintMs)))} ms`,
  })
}

interface Span {
  readonly seconds: number
  /** Of one core, by processor time: busy neighbours do not raise it. */
  readonly mainThreadShare: number
  /** By all threads of the tab. */
  readonly coresBusy: number
  readonly framesPerSecond: number
  readonly longTasks: number
  readonly longestMs: number
  readonly transactionsPerSecond: number
  readonly virtualPace: number
}

async function measureLife(
  browser: Browser,
  address: string,
  { isQuick, minutes }: BenchOptions,
  report: Report,
): Promise<void> {
  const { page } = await open(browser, address)
  const openedMs = performance.now()
  const crashes: string[] = []
  page.on('crash', () => crashes.push('The page crashed.'))
  page.on('pageerror', (error) => crashes.push(error.message))
  await page.waitForTimeout(5_000)
  const { id } = await rendererOf(browser)
  const rest = await observe(page, id, isQuick ? QUICK_MS : REST_MS)
  tellSpan('at rest', 'default load', rest, report)
  await report.attempt('under load', async () => {
    await startLoad(page)
    const busy = await observe(page, id, isQuick ? QUICK_MS : LOAD_MS)
    tellSpan(
      `under ${LOAD_RATE} tx/s`,
      `${LOAD_RATE} token transfers per virtual second asked of the page, ${round(busy.transactionsPerSecond)} per wall second came into L2 blocks`,
      busy,
      report,
    )
    report.figure({
      name: 'page/end to end',
      unit: 'tx/s',
      value: busy.transactionsPerSecond,
      peer: { name: 'asked for', value: LOAD_RATE },
      note: `transactions in L2 blocks per wall second in the tab while ${LOAD_RATE} per virtual second are asked for at speed 1: ${round(busy.transactionsPerSecond / Math.max(0.01, busy.virtualPace))} per virtual second over ${round(busy.seconds)} s; pace ${round(busy.virtualPace, 2)} virtual s per s`,
    })
  })
  const endMs = openedMs + (isQuick ? 0.5 : minutes) * MINUTE_MS
  await setLoad(page, 0)
  await page.waitForTimeout(Math.max(0, endMs - performance.now()))
  await report.attempt('memory', () => measureMemory(browser, page, openedMs, report))
  if (crashes.length > 0) throw new MeasurementError(`The page complained: ${crashes.join('; ')}`)
  await page.context().close()
}

function tellSpan(name: string, what: string, span: Span, report: Report): void {
  const pace = `${round(span.seconds)} s at ${round(span.virtualPace, 2)} virtual s per s`
  report.figure({
    name: `page/frames ${name}`,
    unit: 'frames/s',
    value: round(span.framesPerSecond, 1),
    peer: { name: 'goal', value: 60 },
    note: `requestAnimationFrame in headless Chromium without GPU; ${what}; ${pace}`,
  })
  report.figure({
    name: `page/long tasks ${name}`,
    unit: 'per minute',
    value: round(span.longTasks, 1),
    peer: { name: 'goal', value: 0 },
    note: `tasks over 50 ms on the main thread, the longest ${round(span.longestMs)} ms; ${what}; ${pace}`,
  })
  report.figure({
    name: `page/main thread ${name}`,
    unit: '% of a core',
    value: round(100 * span.mainThreadShare, 1),
    peer: { name: 'all threads of the tab', value: round(100 * span.coresBusy, 1) },
    note: `processor time, which neighbours do not raise: ${round((1000 * span.mainThreadShare) / Math.max(1, span.framesPerSecond), 1)} ms for each frame; ${what}; ${pace}`,
  })
}

const TICK_MS = 10

/** Processor time of the renderer so far: of its main thread and of all its threads. Linux counts in hundredths of a second. */
function cpuOf(id: number): { readonly mainMs: number; readonly allMs: number } {
  const millisecondsIn = (path: string): number => {
    const text = readFileSync(path, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return TICK_MS * (Number(fields[11]) + Number(fields[12]))
  }
  return {
    mainMs: millisecondsIn(`/proc/${id}/task/${id}/stat`),
    allMs: millisecondsIn(`/proc/${id}/stat`),
  }
}

/** What the page did in a span of wall time. */
async function observe(page: Page, renderer: number, spanMs: number): Promise<Span> {
  const before = await read(page)
  const cpuBefore = cpuOf(renderer)
  await page.waitForTimeout(spanMs)
  const cpuAfter = cpuOf(renderer)
  const after = await read(page)
  const seconds = (after.wallMs - before.wallMs) / 1000
  const tasks = after.longTasks.slice(before.longTasks.length)
  return {
    seconds,
    mainThreadShare: (cpuAfter.mainMs - cpuBefore.mainMs) / (1000 * seconds),
    coresBusy: (cpuAfter.allMs - cpuBefore.allMs) / (1000 * seconds),
    framesPerSecond: (after.frames - before.frames) / seconds,
    longTasks: (60 * tasks.length) / seconds,
    longestMs: Math.max(0, ...tasks),
    transactionsPerSecond: (after.transactions - before.transactions) / seconds,
    virtualPace: (after.virtualMs - before.virtualMs) / (1000 * seconds),
  }
}

interface Reading extends Observed {
  readonly wallMs: number
  readonly virtualMs: number
  readonly transactions: number
}

async function read(page: Page): Promise<Reading> {
  return page.evaluate(async () => {
    const { benchObserver, trex } = window as unknown as PageWindow
    if (benchObserver === undefined || trex === undefined) throw new Error('The page has no world.')
    const wallMs = performance.now()
    const { frames, firstBlockMs, longTasks } = benchObserver
    const seen = { frames, firstBlockMs, longTasks: [...longTasks] }
    const { timeMs } = await trex.world.status()
    const latest = Number(await trex.l2.request({ method: 'eth_blockNumber' }))
    // Counted once per block: the answers are kept between readings.
    benchObserver.counted ??= { number: latest, transactions: 0 }
    const { counted } = benchObserver
    while (counted.number < latest) {
      counted.number += 1
      const number = `0x${counted.number.toString(16)}`
      const method = 'eth_getBlockTransactionCountByNumber'
      counted.transactions += Number(await trex.l2.request({ method, params: [number] }))
    }
    return { ...seen, wallMs, virtualMs: timeMs, transactions: counted.transactions }
  })
}

/** By the control that a visitor would use. Rationale: what is measured is the product, its wallet worker included. */
async function setLoad(page: Page, rate: number): Promise<void> {
  const slider = page.getByRole('slider', { name: 'Transfers per second' })
  await slider.focus()
  await page.keyboard.press(rate === 0 ? 'Home' : 'End')
}

async function startLoad(page: Page): Promise<void> {
  await setLoad(page, LOAD_RATE)
  const endMs = performance.now() + LOAD_START_MS
  // The load deploys its token first, then it begins.
  let previous = await read(page)
  while (performance.now() < endMs) {
    await page.waitForTimeout(2_000)
    const now = await read(page)
    const seconds = (now.wallMs - previous.wallMs) / 1000
    if ((now.transactions - previous.transactions) / seconds > LOAD_RATE / 10) return
    previous = now
  }
  throw new MeasurementError(
    `No load came up within ${LOAD_START_MS / 1000} s; ${previous.transactions} transactions so far.`,
  )
}

async function measureMemory(
  browser: Browser,
  page: Page,
  openedMs: number,
  report: Report,
): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const alive = await session.send('Runtime.getHeapUsage')
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const seconds = round((performance.now() - openedMs) / 1000)
  const resident = (await rendererOf(browser)).megabytes
  const note = `${seconds} s after the first block, a part of them under load`
  const megabyte = KILOBYTES_PER_MEGABYTE ** 2
  report.figure({
    name: 'page/heap of the main thread',
    unit: 'MB',
    value: round(usedSize / megabyte, 1),
    peer: { name: 'before collecting garbage', value: round(alive.usedSize / megabyte, 1) },
    note: `JavaScript heap after a collection, ${note}`,
  })
  report.figure({
    name: 'page/memory of the tab',
    unit: 'MB',
    value: round(resident),
    note: `resident memory of the renderer process: page, all workers, WebAssembly and Chromium itself; ${note}`,
  })
}

interface Renderer {
  readonly id: number
  readonly megabytes: number
}

/** The largest renderer is the tab's. */
async function rendererOf(browser: Browser): Promise<Renderer> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as {
    readonly processInfo: readonly { readonly type: string; readonly id: number }[]
  }
  const [largest] = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }): Renderer => {
      const text = readFileSync(`/proc/${id}/status`, 'utf8')
      const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1])
      return { id, megabytes: kilobytes / KILOBYTES_PER_MEGABYTE }
    })
    .sort((left, right) => right.megabytes - left.megabytes)
  if (largest === undefined) throw new MeasurementError('Chromium tells of no renderer.')
  return largest
}
