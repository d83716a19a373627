/** Draws the Value Graph on a canvas of the page from a worker: neither layout nor drawing takes a moment of the main thread. */
import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import * as Comlink from 'comlink'
import type { GraphView } from '../../workers/protocol/persona.ts'
import { createCamera } from './graph-camera.ts'
import { createFramePainter } from './graph-frame.ts'
import type { LayoutJob, LayoutStep } from './graph-layout.worker.ts'
import { type GraphPaint, hubCount, type Near, neighbours, nodeAt } from './graph-scene.ts'
import { createThinning } from './graph-thinning.ts'

export interface GraphSize {
  readonly width: number
  readonly height: number
  /** Device pixels per CSS pixel. */
  readonly ratio: number
}

export interface GraphPace {
  /** Frames in the last second; 0 while nothing moves. */
  readonly fps: number
  /** Mean milliseconds that the last frames took to draw. */
  readonly drawMs: number
  readonly isSettled: boolean
}

export interface GraphDrawingApi {
  attach(canvas: OffscreenCanvas, size: GraphSize, paint: GraphPaint): Promise<void>
  resize(size: GraphSize): void
  paint(paint: GraphPaint): void
  show(graph: GraphView): void
  /** Highlights a node and what it is tied to; centres on it if asked. Null shows all alike. */
  focus(node: number | null, isCentred: boolean): void
  pan(dx: number, dy: number): void
  zoom(factor: number, x: number, y: number): void
  /** Shows all of it again. */
  fit(): void
  /** Node under a point, in CSS pixels; null if there is none. */
  pick(x: number, y: number): number | null
  onPace(listener: (pace: GraphPace) => void): void
}

/** Share of the way to its new place that a node goes in a frame. */
const stride = 0.22
const paceMs = 500
const framesKept = 120
/** Without a frame for so long, nothing moves. */
const restMs = 200

const layout = new Worker(new URL('./graph-layout.worker.ts', import.meta.url), {
  type: 'module',
  name: 'graph-layout',
})
const camera = createCamera()
const paintFrame = createFramePainter()
const thinning = createThinning()
const font = loadFont(self as unknown as FontFaceSource)

let context: OffscreenCanvasRenderingContext2D | null = null
let size: GraphSize = { width: 1, height: 1, ratio: 1 }
let paint: GraphPaint | null = null
let graph: GraphView | null = null
let near: Near | null = null
/** Where the nodes are drawn, and where the layout has them. */
let drawn: Float32Array = new Float32Array()
let wanted: Float32Array = new Float32Array()
let isSettled = true
let isDirty = false
let isScheduled = false
let refining: ReturnType<typeof setTimeout> | undefined
let frames: number[] = []
let costs: number[] = []
let tellPace: ((pace: GraphPace) => void) | null = null
/** The part of the graph that decides where nodes stand. */
let shape = ''

layout.addEventListener('message', ({ data }: MessageEvent<LayoutStep>) => {
  const { positions } = data
  if (positions.length !== drawn.length) {
    const grown = new Float32Array(positions)
    grown.set(drawn.subarray(0, Math.min(drawn.length, grown.length)))
    drawn = grown
  }
  wanted = positions
  isSettled = data.isSettled
  draw()
})

function draw(): void {
  isDirty = true
  if (isScheduled) return
  isScheduled = true
  requestAnimationFrame(frame)
}

function frame(nowMs: number): void {
  isScheduled = false
  if (!isDirty || context === null || graph === null || paint === null) return
  isDirty = false
  const began = performance.now()
  const isMoving = approach()
  camera.follow(drawn, size)
  const view = { graph, positions: drawn, camera: camera.now(), size, paint, near }
  paintFrame(context, { ...view, thinning: thinning.now() })
  const tookMs = performance.now() - began
  costs = [...costs.slice(-framesKept), tookMs]
  frames = [...frames.filter((at) => at > nowMs - 1_000), nowMs]
  refine(thinning.drew(tookMs))
  if (isMoving || !isSettled) draw()
}

/** Once nothing moves, what was left out for speed is drawn. */
function refine(wasThinned: boolean): void {
  clearTimeout(refining)
  if (!wasThinned) return
  refining = setTimeout(() => {
    thinning.rest()
    draw()
  }, restMs)
}

/** True as long as nodes are on their way. */
function approach(): boolean {
  const share = paint?.isStill ? 1 : stride
  let farthest = 0
  for (let at = 0; at < drawn.length; at += 1) {
    const gap = (wanted[at] ?? 0) - (drawn[at] ?? 0)
    drawn[at] = (drawn[at] ?? 0) + gap * share
    if (gap > farthest) farthest = gap
    else if (-gap > farthest) farthest = -gap
  }
  return farthest > 0.4
}

setInterval(() => {
  if (tellPace === null) return
  frames = frames.filter((at) => at > performance.now() - 1_000)
  const drawMs = costs.reduce((sum, cost) => sum + cost, 0) / Math.max(1, costs.length)
  tellPace({ fps: frames.length, drawMs, isSettled })
}, paceMs)

const api: GraphDrawingApi = {
  attach: async (canvas, first, colours) => {
    paint = colours
    size = first
    // A canvas that once resolved the font's name without it keeps what it found.
    await font
    context = canvas.getContext('2d', { alpha: false })
    api.resize(size)
  },
  resize: (next) => {
    size = next
    if (context !== null) {
      context.canvas.width = Math.max(1, Math.round(next.width * next.ratio))
      context.canvas.height = Math.max(1, Math.round(next.height * next.ratio))
    }
    draw()
  },
  paint: (colours) => {
    paint = colours
    draw()
  },
  show: (next) => {
    graph = next
    if (near !== null) near = neighbours(next, near.focus)
    const nextShape = `${next.nodes}/${next.edges.length}`
    if (nextShape !== shape) {
      shape = nextShape
      isSettled = false
      const job: LayoutJob = { nodes: next.nodes, edges: next.edges, hubs: hubCount(next) }
      layout.postMessage(job)
    }
    draw()
  },
  focus: (node, isCentred) => {
    near = node === null || graph === null ? null : neighbours(graph, node)
    if (node !== null && isCentred) camera.centre(drawn[2 * node] ?? 0, drawn[2 * node + 1] ?? 0)
    draw()
  },
  pan: (dx, dy) => {
    camera.pan(dx, dy)
    draw()
  },
  zoom: (factor, x, y) => {
    camera.zoom(factor, x - size.width / 2, y - size.height / 2)
    draw()
  },
  fit: () => {
    camera.fit()
    draw()
  },
  pick: (x, y) => {
    if (graph === null) return null
    const { scale, x: atX, y: atY } = camera.now()
    const point = { x: (x - size.width / 2) / scale + atX, y: (y - size.height / 2) / scale + atY }
    return nodeAt(graph, drawn, { ...point, scale })
  },
  onPace: (listener) => {
    tellPace = listener
  },
}
Comlink.expose(api)

/** Workers know no font of the page's. Without it names stand in the system's, and the browser's console says why. */
async function loadFont({ fonts }: FontFaceSource): Promise<void> {
  const face = new FontFace('Inter Variable', `url(${inter})`, { weight: '100 900' })
  try {
    fonts.add(await face.load())
  } catch (error) {
    reportError(error)
  }
}
