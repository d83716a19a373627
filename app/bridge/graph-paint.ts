/** One frame of the Value Graph: edges as few long paths, nodes by kind, names of what many hang on. */
import type { GraphView } from '../../workers/protocol/persona.ts'
import type { CameraView } from './graph-camera.ts'

/** Colours as the page's palette has them; canvas knows no variables. */
export interface GraphPaint {
  readonly ground: string
  readonly ink: string
  readonly quiet: string
  readonly line: string
  readonly persona: string
  readonly sybil: string
  readonly validator: string
  readonly badge: string
  readonly font: string
  /** Names of hubs in the order of `GraphView.names`, as people read them. */
  readonly names: readonly string[]
  /** Less motion is wished: nodes stand where they belong at once. */
  readonly isStill: boolean
}

interface Scene {
  readonly graph: GraphView
  readonly positions: Float32Array
  readonly camera: CameraView
  readonly size: { readonly width: number; readonly height: number; readonly ratio: number }
  readonly paint: GraphPaint
  readonly focus: number | null
}

export const NODE_KIND = { validator: 0, badge: 1, persona: 2, sybil: 3 } as const

/** Nodes that have a name and many ties: validators and kinds of badges come first. */
export function hubCount({ names }: GraphView): number {
  return names.length
}

/** Radius in units of the layout: discs grow more slowly than distances when one comes closer, and never vanish. */
function radiusOf(graph: GraphView, node: number, scale: number): number {
  return Math.max(1.8 / scale, sizeOf(graph, node) / Math.sqrt(scale))
}

function sizeOf(graph: GraphView, node: number): number {
  const kind = graph.kinds[node]
  if (kind === NODE_KIND.validator) return 11
  if (kind === NODE_KIND.badge) return 9
  return 2.6 + 4.5 * Math.sqrt(Math.min(1, graph.trust[node] ?? 0))
}

/** Nearest node whose disc, or a finger's width around it, holds the point. */
export function nodeAt(
  graph: GraphView,
  positions: Float32Array,
  { x, y, scale }: { readonly x: number; readonly y: number; readonly scale: number },
): number | null {
  let [best, nearest]: [number | null, number] = [null, Infinity]
  for (let node = 0; node < graph.nodes; node += 1) {
    const [dx, dy] = [(positions[2 * node] ?? 0) - x, (positions[2 * node + 1] ?? 0) - y]
    const distance = Math.hypot(dx, dy) - Math.max(radiusOf(graph, node, scale), 9 / scale)
    if (distance <= 0 && distance < nearest) [best, nearest] = [node, distance]
  }
  return best
}

export function drawGraph(context: OffscreenCanvasRenderingContext2D, scene: Scene): void {
  const { camera, size, paint, focus, graph } = scene
  const { scale } = camera
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.fillStyle = paint.ground
  context.fillRect(0, 0, size.width * size.ratio, size.height * size.ratio)
  const unit = scale * size.ratio
  context.setTransform(
    unit,
    0,
    0,
    unit,
    (size.width / 2) * size.ratio - camera.x * unit,
    (size.height / 2) * size.ratio - camera.y * unit,
  )
  const near = focus === null ? null : neighbours(graph, focus)
  context.globalAlpha = near === null ? 1 : 0.18
  drawEdges(context, scene)
  drawNodes(context, scene, null)
  context.globalAlpha = 1
  if (near !== null) {
    drawTies(context, scene, near.edges)
    drawNodes(context, scene, near.nodes)
  }
  drawNames(context, scene, near?.nodes ?? null)
}

interface Near {
  readonly nodes: ReadonlySet<number>
  readonly edges: readonly number[]
}

function neighbours({ edges }: GraphView, focus: number): Near {
  const nodes = new Set([focus])
  const tied: number[] = []
  for (let at = 0; at < edges.length; at += 2) {
    const [from = 0, to = 0] = [edges[at], edges[at + 1]]
    if (from !== focus && to !== focus) continue
    nodes.add(from)
    nodes.add(to)
    tied.push(at)
  }
  return { nodes, edges: tied }
}

/** Ties to hubs are many and say little one by one; those between people are what trust flows along. */
function drawEdges(context: OffscreenCanvasRenderingContext2D, scene: Scene): void {
  const { graph, positions, paint, camera } = scene
  const { edges } = graph
  const hubs = hubCount(graph)
  const [toHubs, social, ring] = [new Path2D(), new Path2D(), new Path2D()]
  for (let at = 0; at < edges.length; at += 2) {
    const [from = 0, to = 0] = [edges[at], edges[at + 1]]
    const isRing = graph.kinds[from] === NODE_KIND.sybil && graph.kinds[to] === NODE_KIND.sybil
    const path = from < hubs ? toHubs : isRing ? ring : social
    path.moveTo(positions[2 * from] ?? 0, positions[2 * from + 1] ?? 0)
    path.lineTo(positions[2 * to] ?? 0, positions[2 * to + 1] ?? 0)
  }
  const alpha = context.globalAlpha
  const thin = 0.6 / camera.scale
  const crowd = Math.min(1, 4_000 / Math.max(1, edges.length))
  for (const [path, colour, opacity] of [
    [toHubs, paint.line, 0.25 + 0.5 * crowd],
    [social, paint.persona, 0.08 + 0.22 * crowd],
    [ring, paint.sybil, 0.3 + 0.3 * crowd],
  ] as const) {
    context.globalAlpha = alpha * opacity
    context.strokeStyle = colour
    context.lineWidth = thin
    context.stroke(path)
  }
  context.globalAlpha = alpha
}

function drawTies(
  context: OffscreenCanvasRenderingContext2D,
  { graph, positions, paint, camera }: Scene,
  tied: readonly number[],
): void {
  context.strokeStyle = paint.ink
  for (const at of tied) {
    const [from = 0, to = 0] = [graph.edges[at], graph.edges[at + 1]]
    context.lineWidth = (0.6 + 1.6 * (graph.weights[at / 2] ?? 0)) / camera.scale
    context.beginPath()
    context.moveTo(positions[2 * from] ?? 0, positions[2 * from + 1] ?? 0)
    context.lineTo(positions[2 * to] ?? 0, positions[2 * to + 1] ?? 0)
    context.stroke()
  }
}

/** Kinds differ by shape as well: people are round, Sybils are squares on a corner, hubs are large. Null draws all. */
function drawNodes(
  context: OffscreenCanvasRenderingContext2D,
  { graph, positions, paint, camera }: Scene,
  only: ReadonlySet<number> | null,
): void {
  const paths = [new Path2D(), new Path2D(), new Path2D(), new Path2D()] as const
  const count = only?.size ?? graph.nodes
  const nodes = only === null ? null : [...only]
  for (let index = 0; index < count; index += 1) {
    const node = nodes?.[index] ?? index
    const kind = graph.kinds[node] ?? NODE_KIND.persona
    const path = paths[kind as 0 | 1 | 2 | 3]
    const [x = 0, y = 0] = [positions[2 * node], positions[2 * node + 1]]
    const radius = radiusOf(graph, node, camera.scale)
    if (kind === NODE_KIND.sybil) diamond(path, x, y, radius * 1.25)
    else if (radius * camera.scale < 2) path.rect(x - radius, y - radius, 2 * radius, 2 * radius)
    else {
      path.moveTo(x + radius, y)
      path.arc(x, y, radius, 0, 2 * Math.PI)
    }
  }
  const colours = [paint.validator, paint.badge, paint.persona, paint.sybil]
  for (const [kind, path] of paths.entries()) {
    context.fillStyle = colours[kind] ?? paint.ink
    context.fill(path)
  }
}

function diamond(path: Path2D, x: number, y: number, radius: number): void {
  path.moveTo(x, y - radius)
  path.lineTo(x + radius, y)
  path.lineTo(x, y + radius)
  path.lineTo(x - radius, y)
  path.closePath()
}

function drawNames(
  context: OffscreenCanvasRenderingContext2D,
  { graph, positions, paint, camera, size }: Scene,
  near: ReadonlySet<number> | null,
): void {
  const { scale } = camera
  context.font = `600 ${13 / scale}px ${paint.font}`
  context.textAlign = 'center'
  context.lineJoin = 'round'
  context.lineWidth = 4 / scale
  context.strokeStyle = paint.ground
  const isNarrow = size.width < 500
  for (let node = 0; node < hubCount(graph); node += 1) {
    const name = paint.names[node]
    if (name === undefined || (near !== null && !near.has(node))) continue
    if (isNarrow && near === null && graph.kinds[node] === NODE_KIND.validator) continue
    const [x = 0, y = 0] = [positions[2 * node], positions[2 * node + 1]]
    const below = y + radiusOf(graph, node, scale) + 14 / scale
    context.strokeText(name, x, below)
    context.fillStyle = paint.ink
    context.fillText(name, x, below)
  }
}
