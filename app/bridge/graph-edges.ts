/** Ties: few as fine lines, many as how thickly they lie. Only what has an end in sight costs anything. */
import {
  addLine,
  blend,
  clearDensity,
  createDensity,
  type Density,
  type Rgb,
} from './graph-density.ts'
import { frameOf, hubCount, NODE_KIND, type Scene } from './graph-scene.ts'

type Context = OffscreenCanvasRenderingContext2D

/** Draws ties on a ground of its own. */
export interface EdgePainter {
  /** Covers the whole canvas. */
  draw(context: Context, scene: Scene): void
}

/** Up to so many ties are drawn as lines: a processor without a graphics card takes about a microsecond for each. */
const linesMax = 3_000
/** Ties of one node that are drawn: those of a badge that everybody has are a fan anyway. */
const tiesMax = 3_000
/** How much of all else is left beside what is in focus. */
const dimmed = 0.3

/** Lowest first. Ties to hubs are many and say little one by one; those between people are what trust flows along. */
const LAYERS = [
  { colour: 'quiet', line: 0.22, one: 0.1, most: 0.55 },
  { colour: 'persona', line: 0.3, one: 0.08, most: 0.5 },
  { colour: 'sybil', line: 0.6, one: 0.22, most: 0.8 },
] as const

export function createEdgePainter(): EdgePainter {
  const seen: Seen = { starts: new Uint32Array(), count: 0 }
  const surface = createSurface()
  const colours = createColours()
  return {
    draw: (context, scene) => {
      const { paint, size } = scene
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0)
      collect(seen, scene)
      if (seen.count <= linesMax) {
        context.fillStyle = paint.ground
        context.fillRect(0, 0, size.width, size.height)
        drawLines(context, scene, seen)
      } else {
        const { density, pixels, flush } = surface.of(size)
        addLines(density, scene, seen)
        const dim = scene.near === null ? 1 : dimmed
        const tones = LAYERS.map(({ colour, one, most }) => ({
          colour: colours(paint[colour]),
          one: one * dim,
          most: most * dim,
        }))
        blend(density, colours(paint.ground), tones, pixels)
        context.drawImage(flush(), 0, 0, size.width, size.height)
      }
      if (scene.near !== null) drawTies(context, scene, scene.near.edges)
    },
  }
}

/** Where in `GraphView.edges` the ties begin that have an end in sight: what only passes through says nothing here. */
interface Seen {
  starts: Uint32Array
  count: number
}

function collect(seen: Seen, scene: Scene): void {
  const { graph, positions, size } = scene
  const { scale, left, top } = frameOf(scene)
  const { edges } = graph
  if (seen.starts.length < edges.length / 2) seen.starts = new Uint32Array(edges.length / 2)
  const [x0, x1] = [-left / scale, (size.width - left) / scale]
  const [y0, y1] = [-top / scale, (size.height - top) / scale]
  const isInSight = (node: number): boolean => {
    const [x, y] = [positions[2 * node] as number, positions[2 * node + 1] as number]
    return x >= x0 && x <= x1 && y >= y0 && y <= y1
  }
  let count = 0
  for (let at = 0; at < edges.length; at += 2) {
    if (!isInSight(edges[at] as number) && !isInSight(edges[at + 1] as number)) continue
    seen.starts[count] = at
    count += 1
  }
  seen.count = count
}

function layerOf({ graph }: Scene, at: number): 0 | 1 | 2 {
  const [from = 0, to = 0] = [graph.edges[at], graph.edges[at + 1]]
  if (from < hubCount(graph)) return 0
  const isRing = graph.kinds[from] === NODE_KIND.sybil && graph.kinds[to] === NODE_KIND.sybil
  return isRing ? 2 : 1
}

/** No thicker than a pixel of the device: thin lines are drawn by a short cut, thick ones as outlines. */
function drawLines(context: Context, scene: Scene, { starts, count }: Seen): void {
  const { graph, positions, paint, size, near } = scene
  const { scale, left, top } = frameOf(scene)
  const paths = [new Path2D(), new Path2D(), new Path2D()] as const
  for (let index = 0; index < count; index += 1) {
    const at = starts[index] ?? 0
    const [from = 0, to = 0] = [graph.edges[at], graph.edges[at + 1]]
    const path = paths[layerOf(scene, at)]
    path.moveTo(
      (positions[2 * from] ?? 0) * scale + left,
      (positions[2 * from + 1] ?? 0) * scale + top,
    )
    path.lineTo((positions[2 * to] ?? 0) * scale + left, (positions[2 * to + 1] ?? 0) * scale + top)
  }
  context.lineWidth = Math.min(0.7, 1 / size.ratio)
  for (const [index, { colour, line }] of LAYERS.entries()) {
    context.globalAlpha = line * (near === null ? 1 : dimmed)
    context.strokeStyle = paint[colour]
    context.stroke(paths[index as 0 | 1 | 2])
  }
  context.globalAlpha = 1
}

function addLines(density: Density, scene: Scene, { starts, count }: Seen): void {
  const { graph, positions, thinning } = scene
  const { scale, left, top } = frameOf(scene)
  const line = { x0: 0, y0: 0, x1: 0, y1: 0 }
  clearDensity(density)
  for (let index = 0; index < count; index += thinning) {
    const at = starts[index] as number
    const [from, to] = [2 * (graph.edges[at] as number), 2 * (graph.edges[at + 1] as number)]
    line.x0 = (positions[from] as number) * scale + left
    line.y0 = (positions[from + 1] as number) * scale + top
    line.x1 = (positions[to] as number) * scale + left
    line.y1 = (positions[to + 1] as number) * scale + top
    addLine(density, layerOf(scene, at), line, thinning)
  }
}

function drawTies(context: Context, scene: Scene, tied: readonly number[]): void {
  const { graph, positions, paint, size } = scene
  const { scale, left, top } = frameOf(scene)
  const stride = Math.ceil(tied.length / tiesMax)
  const path = new Path2D()
  for (let index = 0; index < tied.length; index += stride) {
    const at = tied[index] ?? 0
    const [from = 0, to = 0] = [graph.edges[at], graph.edges[at + 1]]
    path.moveTo(
      (positions[2 * from] ?? 0) * scale + left,
      (positions[2 * from + 1] ?? 0) * scale + top,
    )
    path.lineTo((positions[2 * to] ?? 0) * scale + left, (positions[2 * to + 1] ?? 0) * scale + top)
  }
  const isFew = tied.length <= 60
  context.globalAlpha = Math.max(0.12, Math.min(1, 60 / tied.length))
  context.lineWidth = isFew ? 1.4 : Math.min(0.7, 1 / size.ratio)
  context.strokeStyle = paint.ink
  context.stroke(path)
  context.globalAlpha = 1
}

/** Pixels that the density is blended into, of the size that the canvas has. */
function createSurface() {
  let [width, height] = [0, 0]
  let made: Surface | null = null
  return {
    of: (size: Scene['size']): Surface => {
      const [wide, high] = [Math.max(1, Math.ceil(size.width)), Math.max(1, Math.ceil(size.height))]
      if (made !== null && wide === width && high === height) return made
      ;[width, height] = [wide, high]
      const canvas = new OffscreenCanvas(width, height)
      const context = canvas.getContext('2d', { alpha: false })
      const image = new ImageData(width, height)
      const flush = (): OffscreenCanvas => {
        context?.putImageData(image, 0, 0)
        return canvas
      }
      const pixels = new Uint32Array(image.data.buffer)
      made = { density: createDensity(width, height, LAYERS.length), pixels, flush }
      return made
    },
  }
}

interface Surface {
  readonly density: Density
  readonly pixels: Uint32Array
  readonly flush: () => OffscreenCanvas
}

/** The canvas itself says what red, green and blue a colour of CSS has. */
function createColours(): (colour: string) => Rgb {
  const known = new Map<string, Rgb>()
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  return (colour) => {
    const found = known.get(colour)
    if (found !== undefined) return found
    if (context === null) return [0, 0, 0]
    context.fillStyle = colour
    context.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
    known.set(colour, [red, green, blue])
    return [red, green, blue]
  }
}
