/** Nodes: kinds differ by shape and colour from close by; from afar each is a dot of a few pixels. */
import { frameOf, NODE_KIND, radiusOf, type Scene } from './graph-scene.ts'

type Context = OffscreenCanvasRenderingContext2D

export interface NodePainter {
  /** Null draws all. */
  draw(context: Context, scene: Scene, only: ReadonlySet<number> | null): void
}

/** Radius in pixels from which on a shape is to be seen: roundness needs more of it than corners do. */
const roundFrom = 3.2
const corneredFrom = 1.7
/** If more than `shapesMax` have a shape, only those above this do: an outline costs as much as ten dots. */
const crowdedFrom = 6
const shapesMax = 1_500
const pointTo = 1.9

/** Lowest first: hubs stand above the crowd. */
const ORDER = [NODE_KIND.persona, NODE_KIND.sybil, NODE_KIND.badge, NODE_KIND.validator] as const
const COLOUR = ['validator', 'badge', 'persona', 'sybil'] as const

export function createNodePainter(): NodePainter {
  let seen = createSeen(0)
  return {
    draw: (context, scene, only) => {
      if (seen.kinds.length < scene.graph.nodes) seen = createSeen(scene.graph.nodes)
      collect(seen, scene, only)
      for (const kind of ORDER) {
        context.fillStyle = scene.paint[COLOUR[kind]]
        drawKind(context, seen, kind)
      }
    },
  }
}

function drawKind(context: Context, seen: Seen, kind: number): void {
  const shapesFrom = seen.shaped > shapesMax ? crowdedFrom : shapeFrom(kind)
  const path = new Path2D()
  for (let at = 0; at < seen.count; at += 1) {
    if (seen.kinds[at] !== kind) continue
    const disc = { kind, x: seen.x[at] ?? 0, y: seen.y[at] ?? 0, radius: seen.radii[at] ?? 0 }
    if (disc.radius >= shapesFrom) addShape(path, disc)
    else drawDot(context, disc)
  }
  context.fill(path)
}

/** Nodes in sight, in CSS pixels; kept from frame to frame, so that none makes garbage. */
interface Seen {
  readonly kinds: Uint8Array
  readonly x: Float32Array
  readonly y: Float32Array
  readonly radii: Float32Array
  count: number
  /** How many are large enough for a shape. */
  shaped: number
}

function createSeen(nodes: number): Seen {
  const floats = () => new Float32Array(nodes)
  const kinds = new Uint8Array(nodes)
  return { kinds, x: floats(), y: floats(), radii: floats(), count: 0, shaped: 0 }
}

function collect(seen: Seen, scene: Scene, only: ReadonlySet<number> | null): void {
  const { graph, positions, size } = scene
  const { scale, left, top } = frameOf(scene)
  seen.count = 0
  seen.shaped = 0
  const add = (node: number): void => {
    const x = (positions[2 * node] ?? 0) * scale + left
    const y = (positions[2 * node + 1] ?? 0) * scale + top
    const radius = radiusOf(graph, node, scale)
    if (x < -radius || y < -radius || x > size.width + radius || y > size.height + radius) return
    const kind = graph.kinds[node] ?? NODE_KIND.persona
    seen.kinds[seen.count] = kind
    seen.x[seen.count] = x
    seen.y[seen.count] = y
    seen.radii[seen.count] = radius
    seen.count += 1
    if (radius >= shapeFrom(kind)) seen.shaped += 1
  }
  if (only !== null) for (const node of only) add(node)
  else for (let node = 0; node < graph.nodes; node += 1) add(node)
}

function shapeFrom(kind: number): number {
  return kind === NODE_KIND.sybil ? corneredFrom : roundFrom
}

interface Disc {
  readonly kind: number
  readonly x: number
  readonly y: number
  readonly radius: number
}

/** One or two rectangles: ten thousand of them take a few milliseconds. Sybils are a cross where that is to be seen. */
function drawDot(context: Context, { kind, x, y, radius }: Disc): void {
  if (radius < pointTo) {
    context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius)
    return
  }
  const narrow = radius * (kind === NODE_KIND.sybil ? 0.4 : 0.68)
  context.fillRect(x - radius, y - narrow, 2 * radius, 2 * narrow)
  context.fillRect(x - narrow, y - radius, 2 * narrow, 2 * radius)
}

/** People and hubs are round, Sybils are squares on a corner. */
function addShape(path: Path2D, { kind, x, y, radius }: Disc): void {
  if (kind !== NODE_KIND.sybil) {
    path.moveTo(x + radius, y)
    path.arc(x, y, radius, 0, 2 * Math.PI)
    return
  }
  const wide = radius * 1.25
  path.moveTo(x, y - wide)
  path.lineTo(x + wide, y)
  path.lineTo(x, y + wide)
  path.lineTo(x - wide, y)
  path.closePath()
}
