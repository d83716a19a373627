/** The Value Graph in Chromium: frames a second by size of the graph, at rest under a moving hand, near, and while it is laid out. */
import { rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { build } from 'vite'
import { findChromium } from '../tools/chromium.ts'
import { createStaticServer } from '../tools/staticServer.ts'
import { graphView } from '../workers/persona/graphView.ts'
import { createPopulation } from '../workers/persona/population.ts'
import { peopleByPassport, relativeTrust } from '../workers/persona/views.ts'
import { initKeccak } from '../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../workers/rollup/secp256k1.ts'
import { type BenchOptions, MeasurementError, quantile, type Report, round } from './figure.ts'
import type { GraphBench, HandSpan, PlainGraph } from './graph/page.ts'
import { createMeasuredBook, START } from './personaBook.ts'

interface PageWindow {
  readonly graphBench: GraphBench
}

const SIZES = [1_000, 10_000] as const
const QUICK_SIZES = [1_000] as const
const VIEWPORT = { width: 1_440, height: 700 } as const
const SPAN_MS = 6_000
const QUICK_MS = 3_000
const SETTLE_MAX_MS = 120_000
const PAN_PIXELS = 2
const NEAR = 6
const ACTIONS_EACH = 10

export async function measureGraphFrames({ isQuick }: BenchOptions, report: Report): Promise<void> {
  await Promise.all([initKeccak(), initSecp256k1()])
  const server = createStaticServer(await builtBench())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bench/graph/index.html`
  const browser = await chromium.launch({
    executablePath: findChromium((line) => process.stderr.write(`${line}\n`)),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
  })
  try {
    for (const personas of isQuick ? QUICK_SIZES : SIZES) {
      const page = await browser.newPage({ viewport: VIEWPORT })
      const spanMs = isQuick ? QUICK_MS : SPAN_MS
      await report.attempt(`graph of ${personas}`, async () => {
        await page.goto(address)
        await measureSize(page, { personas, spanMs }, report)
      })
      await page.close()
    }
  } finally {
    await browser.close()
    server.close()
  }
}

interface Task {
  readonly personas: number
  readonly spanMs: number
}

async function measureSize(page: Page, { personas, spanMs }: Task, report: Report): Promise<void> {
  const graph = generatedGraph(personas)
  const hand = (pixels: number): Promise<HandSpan> =>
    page.evaluate(([span, pan]) => (window as unknown as PageWindow).graphBench.hand(span, pan), [
      spanMs,
      pixels,
    ] as const)
  const tell = (what: string, span: HandSpan): void => {
    if (span.fps === null) return
    const answerMs = quantile(span.answersMs, 0.95)
    report.figure({
      name: `frames of the graph ${what}, ${personas} Personas`,
      unit: 'frames/s',
      value: round(span.fps, 1),
      peer: { name: 'goal', value: personas > 1_000 ? 30 : 60 },
      note: `${graph.edges.length / 2} ties of generated Personas, through the page's own workers; headless Chromium without GPU, ${VIEWPORT.width} x ${VIEWPORT.height}; ${round(span.drawMs, 1)} ms to draw, answer to the hand within ${round(answerMs, 1)} ms (p95), main thread ${round(span.mainFps)} frames/s`,
    })
  }
  await page.evaluate(
    (plain) => (window as unknown as PageWindow).graphBench.show(plain as PlainGraph),
    graph,
  )
  tell('while it is laid out', await hand(0))
  const layout = await page.waitForFunction(
    () => (window as unknown as PageWindow).graphBench.layoutMs(),
    undefined,
    { timeout: SETTLE_MAX_MS, polling: 100 },
  )
  report.figure({
    name: `layout of the graph, ${personas} Personas`,
    unit: 's',
    value: round(((await layout.jsonValue()) ?? Number.NaN) / 1_000, 1),
    note: `from nothing until it is still, wall time, told every half second; ${graph.edges.length / 2} ties`,
  })
  await page.waitForTimeout(1_000)
  tell('moved by a hand, all in sight', await hand(PAN_PIXELS))
  await page.evaluate((near) => (window as unknown as PageWindow).graphBench.zoom(near), NEAR)
  tell(`moved by a hand, ${NEAR} times nearer`, await hand(PAN_PIXELS))
}

/** As the engine would make it of a chain on which everybody has their badges and did ten actions. */
function generatedGraph(personas: number): PlainGraph {
  const population = createPopulation({ seed: 7, personas, sybilPermille: 200 })
  const terms = {
    formula: 'trusted',
    trustIterations: 8,
    epochBudget: 10_000n * 10n ** 18n,
    actionWeights: [1, 1, 2, 0, 0, 0, 0, 0],
    actionCaps: new Array<number>(8).fill(1_000),
  } as const
  const book = createMeasuredBook({ population, terms, actions: ACTIONS_EACH * personas })
  const campaign = book.campaigns.get(1)
  if (campaign === undefined) throw new MeasurementError('There is no campaign.')
  const time = START + 60
  const people = peopleByPassport(book, population)
  const trust = relativeTrust(book, campaign, time)
  const view = graphView({ book, population, people, campaign, time, trust })
  return {
    names: view.names,
    kinds: [...view.kinds],
    ids: [...view.ids],
    trust: [...view.trust],
    edges: [...view.edges],
    weights: [...view.weights],
  }
}

async function builtBench(): Promise<string> {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const outDir = join(root, '.cache', 'bench-graph')
  rmSync(outDir, { recursive: true, force: true })
  await build({
    root,
    configFile: false,
    base: './',
    logLevel: 'error',
    publicDir: false,
    worker: { format: 'es' },
    build: { outDir, target: 'es2023', rolldownOptions: { input: 'bench/graph/index.html' } },
  })
  return outDir
}
