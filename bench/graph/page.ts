/** The page's own drawing of the Value Graph on a page that has nothing else: how many frames come, and how soon it answers. */
import '@fontsource-variable/inter'
import '../../app/styles/palette.css'
import { createGraphDrawing } from '../../app/bridge/graph-drawing.ts'
import type { GraphPace } from '../../app/bridge/graph-drawing.worker.ts'
import { graphPaint } from '../../app/features/persona-graph/paint.ts'
import type { GraphView } from '../../workers/protocol/persona.ts'

/** A graph as JSON carries it. */
export interface PlainGraph {
  readonly names: readonly string[]
  readonly kinds: readonly number[]
  readonly ids: readonly number[]
  readonly trust: readonly number[]
  readonly edges: readonly number[]
  readonly weights: readonly number[]
}

/** What was seen while the hand moved. */
export interface HandSpan {
  /** Frames that the worker drew, per second; null if nothing was to be drawn for long enough to tell. */
  readonly fps: number | null
  /** Frames that the page's main thread had, per second. */
  readonly mainFps: number
  /** Milliseconds from a question to the drawing worker until its answer, for each question. */
  readonly answersMs: readonly number[]
  /** Mean milliseconds that the worker says it took to draw. */
  readonly drawMs: number
}

export interface GraphBench {
  show(graph: PlainGraph): Promise<void>
  /** Milliseconds that the layout took, to half a second; null while it goes on. */
  layoutMs(): number | null
  fit(): Promise<void>
  zoom(factor: number): Promise<void>
  /** To and fro, a few pixels at a time; `panPixels` of 0 watches a layout. */
  hand(spanMs: number, panPixels: number): Promise<HandSpan>
}

/** How often a pointer tells that it moved: twice a frame. */
const moveMs = 8
const askMs = 50
const paceMs = 1_000

let pace: GraphPace = { fps: 0, drawMs: 0, isSettled: false }
const drawing = createGraphDrawing((next) => {
  pace = next
  if (next.isSettled) layoutMs ??= performance.now() - shownMs
})
let isShown = false
let shownMs = 0
let layoutMs: number | null = null

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))

const bench: GraphBench = {
  show: async (plain) => {
    const graph = toGraph(plain)
    if (!isShown) attach(graph)
    isShown = true
    pace = { ...pace, isSettled: false }
    await drawing.remote.paint(graphPaint(graph))
    await drawing.remote.show(graph)
    shownMs = performance.now()
    layoutMs = null
  },
  layoutMs: () => layoutMs,
  fit: async () => {
    await drawing.remote.fit()
  },
  zoom: async (factor) => {
    await drawing.remote.zoom(factor, innerWidth / 2, innerHeight / 2)
  },
  hand: async (spanMs, panPixels) => {
    const paces: GraphPace[] = []
    const answersMs: number[] = []
    let moves = 0
    const move = (): void => {
      moves += 1
      const step = Math.floor(moves / 80) % 2 === 0 ? panPixels : -panPixels
      void drawing.remote.pan(step, step / 2)
    }
    const moving = panPixels > 0 ? setInterval(move, moveMs) : undefined
    const asking = setInterval(() => {
      const askedMs = performance.now()
      void drawing.remote.pick(innerWidth / 2, innerHeight / 2).then(() => {
        answersMs.push(performance.now() - askedMs)
      })
    }, askMs)
    const beganMs = performance.now()
    let [frames, last] = [0, pace]
    for (let nowMs = beganMs; nowMs < beganMs + spanMs; nowMs = performance.now()) {
      await frame()
      frames += 1
      // A pace is that of the second before it. While a layout is watched, only what it has drawn counts.
      const counts = nowMs > beganMs + paceMs && (panPixels > 0 || !pace.isSettled)
      if (pace !== last && counts) paces.push(pace)
      last = pace
    }
    clearInterval(moving)
    clearInterval(asking)
    const mean = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length
    return {
      fps: paces.length === 0 ? null : mean(paces.map(({ fps }) => fps)),
      mainFps: (1_000 * frames) / (performance.now() - beganMs),
      answersMs,
      drawMs: mean(paces.map(({ drawMs }) => drawMs)),
    }
  },
}

function attach(graph: GraphView): void {
  const canvas = document.createElement('canvas')
  document.body.append(canvas)
  const size = { width: innerWidth, height: innerHeight, ratio: Math.min(2, devicePixelRatio) }
  drawing.attach(canvas, size, graphPaint(graph))
}

function toGraph({ names, kinds, ids, trust, edges, weights }: PlainGraph): GraphView {
  return {
    timeMs: 0,
    nodes: kinds.length,
    names,
    kinds: Uint8Array.from(kinds),
    ids: Uint32Array.from(ids),
    trust: Float32Array.from(trust),
    edges: Uint32Array.from(edges),
    weights: Float32Array.from(weights),
    times: new Float32Array(weights.length),
    rounds: 0,
  }
}

;(window as unknown as { graphBench: GraphBench }).graphBench = bench
