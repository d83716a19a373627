/** What the parts of one frame of the Value Graph share: the graph, where its nodes stand, and what of it is in sight. */
import type { GraphView } from '../../workers/protocol/persona.ts'
import type { CameraView } from './graph-camera.ts'

/** Colours as the page's palette has them; canvas knows no variables. */
export interface GraphPaint {
  readonly ground: string
  readonly ink: string
  readonly quiet: string
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

export interface Scene {
  readonly graph: GraphView
  /** x and y of every node, in units of the layout. */
  readonly positions: Float32Array
  readonly camera: CameraView
  /** In CSS pixels, with device pixels per CSS pixel. */
  readonly size: { readonly width: number; readonly height: number; readonly ratio: number }
  readonly paint: GraphPaint
  /** What is highlighted, and all else dimmed; null shows all alike. */
  readonly near: Near | null
  /** One tie of so many is drawn, for all of them, where frames would come too slowly. */
  readonly thinning: number
}

/** A node and what it is tied to. */
export interface Near {
  readonly focus: number
  readonly nodes: ReadonlySet<number>
  /** Where in `GraphView.edges` its ties begin. */
  readonly edges: readonly number[]
}

export const NODE_KIND = { validator: 0, badge: 1, persona: 2, sybil: 3 } as const

/** Nodes that have a name and many ties: validators and kinds of badges come first. */
export function hubCount({ names }: GraphView): number {
  return names.length
}

export function neighbours({ edges }: GraphView, focus: number): Near {
  const nodes = new Set([focus])
  const tied: number[] = []
  for (let at = 0; at < edges.length; at += 2) {
    const [from = 0, to = 0] = [edges[at], edges[at + 1]]
    if (from !== focus && to !== focus) continue
    nodes.add(from)
    nodes.add(to)
    tied.push(at)
  }
  return { focus, nodes, edges: tied }
}

const radiusMin = 0.8
/** What has a name is always to be found. */
const hubRadiusMin = 5
/** Discs grow with this power of the scale. */
const growth = 0.6

/** Radius in CSS pixels: discs grow more slowly than distances when one comes closer, and never vanish. */
export function radiusOf(graph: GraphView, node: number, scale: number): number {
  const least = node < hubCount(graph) ? hubRadiusMin : radiusMin
  return Math.max(least, sizeOf(graph, node) * scale ** growth)
}

function sizeOf(graph: GraphView, node: number): number {
  const kind = graph.kinds[node]
  if (kind === NODE_KIND.validator) return 11
  if (kind === NODE_KIND.badge) return 9
  return 2.6 + 4.5 * Math.sqrt(Math.min(1, graph.trust[node] ?? 0))
}

/** Units of the layout to CSS pixels from the upper left: `x * scale + left`. */
export function frameOf({ camera, size }: Pick<Scene, 'camera' | 'size'>) {
  const { scale, x, y } = camera
  return { scale, left: size.width / 2 - x * scale, top: size.height / 2 - y * scale }
}

/** A finger or a pointer need not meet a small node exactly. */
const reachPixels = 9

/** Nearest node whose disc, or a finger's width around it, holds a point of the layout. */
export function nodeAt(
  graph: GraphView,
  positions: Float32Array,
  { x, y, scale }: CameraView,
): number | null {
  let [best, nearest]: [number | null, number] = [null, Infinity]
  for (let node = 0; node < graph.nodes; node += 1) {
    const [dx, dy] = [(positions[2 * node] ?? 0) - x, (positions[2 * node + 1] ?? 0) - y]
    const reach = Math.max(radiusOf(graph, node, scale), reachPixels)
    const distance = Math.hypot(dx, dy) * scale - reach
    if (distance <= 0 && distance < nearest) [best, nearest] = [node, distance]
  }
  return best
}
