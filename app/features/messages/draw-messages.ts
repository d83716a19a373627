import type { FlightView, FlowView } from '../../../workers/protocol/projection.ts'
import type { Anchor, Anchors } from './anchors.ts'

export interface Scene {
  readonly anchors: Anchors
  /** Circles that stay clear. */
  readonly quiet: readonly Anchor[]
  readonly flights: readonly FlightView[]
  readonly flows: readonly FlowView[]
  /** Virtual time to draw, in milliseconds. */
  readonly timeMs: number
  /** A trail stays this many virtual milliseconds after arrival. */
  readonly trailMs: number
  /** Colour of a node's role. */
  readonly colour: (node: string) => string
  /** No travel: links light up instead. */
  readonly still: boolean
}

/** From this many messages a second on, they merge into flows whose thickness is the rate. */
const mergeRate = 900

/** Draws every message where it is at this moment: from its sender to its receiver in exactly the time that it takes. */
export function drawMessages(context: CanvasRenderingContext2D, scene: Scene): void {
  const rate = scene.flows.reduce((sum, flow) => sum + flow.perSecond, 0)
  if (rate > mergeRate) drawFlows(context, scene)
  const tellAll = rate <= mergeRate
  for (const flight of scene.flights) {
    if (tellAll || isRare(flight.type)) drawFlight(context, scene, flight)
  }
  clearQuiet(context, scene.quiet)
}

function clearQuiet(context: CanvasRenderingContext2D, quiet: readonly Anchor[]): void {
  context.globalAlpha = 1
  context.globalCompositeOperation = 'destination-out'
  for (const { x, y, radius } of quiet) drawDot(context, { x, y }, radius)
  context.globalCompositeOperation = 'source-over'
}

/** Votes and heads are many; these are few and move the story. */
function isRare(type: string): boolean {
  return (
    type.startsWith('da.') ||
    type.startsWith('batch.') ||
    type === 'l1.sendTransaction' ||
    type === 'order.finalized'
  )
}

function drawFlows(context: CanvasRenderingContext2D, { flows, anchors, colour }: Scene): void {
  context.globalAlpha = 0.16
  context.lineCap = 'round'
  for (const flow of flows) {
    const from = anchors.get(flow.from)
    const to = anchors.get(flow.to)
    if (from === undefined || to === undefined) continue
    context.strokeStyle = colour(flow.from)
    context.lineWidth = Math.min(5, 0.6 + Math.sqrt(flow.perSecond) / 4)
    const at = between(from, to)
    drawTrail(context, at(0), at(1))
  }
}

function drawFlight(context: CanvasRenderingContext2D, scene: Scene, flight: FlightView): void {
  const from = scene.anchors.get(flight.from)
  const to = scene.anchors.get(flight.to)
  if (from === undefined || to === undefined || from === to) return
  const progress = flightProgress(scene, flight)
  if (progress === null) return
  const { head, tail, fade } = progress
  const at = between(from, to)
  const rare = isRare(flight.type)
  context.strokeStyle = scene.colour(flight.from)
  context.fillStyle = context.strokeStyle
  context.lineCap = 'round'
  context.globalAlpha = (rare ? 0.75 : 0.4) * fade
  context.lineWidth = rare ? 2 : 1.25
  drawTrail(context, at(tail), at(head))
  if (scene.still) return
  context.globalAlpha = (head >= 1 ? 0.35 : 0.95) * fade
  if (flight.lost) drawCross(context, at(head))
  else drawDot(context, at(head), rare ? 4 : 2.6)
}

interface Progress {
  /** Shares of the way, 0 … 1. */
  readonly head: number
  readonly tail: number
  /** 1 while under way, then down to 0 as the trail goes out. */
  readonly fade: number
}

/** A lost message stops on the way. */
const lostAt = 0.55

function flightProgress(scene: Scene, { sentMs, arriveMs, lost }: FlightView): Progress | null {
  const { timeMs, trailMs, still } = scene
  if (timeMs < sentMs) return null
  const fade = 1 - Math.max(0, timeMs - arriveMs) / trailMs
  if (fade <= 0) return null
  const end = lost ? lostAt : 1
  if (still) return { head: end, tail: 0, fade }
  const head = Math.min(end, (timeMs - sentMs) / Math.max(1, arriveMs - sentMs))
  return { head, tail: Math.max(0, head - 0.35), fade }
}

/** Points on the way between the edges of two nodes, so that nothing is drawn over what they say. */
function between(
  from: Anchor,
  to: Anchor,
): (share: number) => { readonly x: number; readonly y: number } {
  const x = to.x - from.x
  const y = to.y - from.y
  const length = Math.hypot(x, y)
  const start = Math.min(0.5, (from.radius + 3) / length)
  const span = Math.max(0, 1 - start - (to.radius + 3) / length)
  return (share) => ({
    x: from.x + x * (start + span * share),
    y: from.y + y * (start + span * share),
  })
}

interface Spot {
  readonly x: number
  readonly y: number
}

function drawTrail(context: CanvasRenderingContext2D, from: Spot, to: Spot): void {
  context.beginPath()
  context.moveTo(from.x, from.y)
  context.lineTo(to.x, to.y)
  context.stroke()
}

function drawDot(context: CanvasRenderingContext2D, { x, y }: Spot, radius: number): void {
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fill()
}

function drawCross(context: CanvasRenderingContext2D, { x, y }: Spot): void {
  drawTrail(context, { x: x - 3, y: y - 3 }, { x: x + 3, y: y + 3 })
  drawTrail(context, { x: x + 3, y: y - 3 }, { x: x - 3, y: y + 3 })
}
