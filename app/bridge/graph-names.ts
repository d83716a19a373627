/** Names of hubs, where there is room for them: the first ones get theirs, and no name lies on another or on a hub. */
import { frameOf, hubCount, radiusOf, type Scene } from './graph-scene.ts'

export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** What is to be named: a disc, and how wide its name is. */
export interface Named {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly width: number
}

export interface PlacedName {
  readonly name: string
  /** Middle of the text, and its base line. */
  readonly x: number
  readonly y: number
  readonly box: Box
}

const fontPixels = 13
const gap = 4
/** Left free on either side, so that two names are not read as one. */
const between = 3
/** From the box's top to the base line. */
const ascent = 11
const height = 16

/** Greedy, in the order given: below its disc, else above, right or left of it, else not at all. `size` in the same pixels. */
export function placeNames(
  named: readonly Named[],
  size: { readonly width: number; readonly height: number },
): readonly PlacedName[] {
  const discs = named.map(discOf)
  const placed: PlacedName[] = []
  for (const one of named) {
    for (const middle of middlesOf(one)) {
      const box = boxAround(middle, one.width)
      const isInside =
        box.left >= 0 && box.top >= 0 && box.right <= size.width && box.bottom <= size.height
      const isTaken = [...discs, ...placed.map((other) => other.box)].some((taken) =>
        overlaps(box, taken),
      )
      if (!isInside || isTaken) continue
      placed.push({ name: one.name, x: middle.x, y: box.top + ascent, box })
      break
    }
  }
  return placed
}

function discOf({ x, y, radius }: Named): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }
}

function middlesOf({ x, y, radius, width }: Named): readonly { x: number; y: number }[] {
  const beside = radius + gap + between + width / 2
  const above = radius + gap + height / 2
  return [
    { x, y: y + above },
    { x, y: y - above },
    { x: x + beside, y },
    { x: x - beside, y },
  ]
}

function boxAround({ x, y }: { readonly x: number; readonly y: number }, width: number): Box {
  return {
    left: x - width / 2 - between,
    right: x + width / 2 + between,
    top: y - height / 2,
    bottom: y + height / 2,
  }
}

export function overlaps(one: Box, other: Box): boolean {
  return (
    one.left < other.right &&
    other.left < one.right &&
    one.top < other.bottom &&
    other.top < one.bottom
  )
}

export function drawNames(context: OffscreenCanvasRenderingContext2D, scene: Scene): void {
  const { graph, positions, paint, size, near } = scene
  const { scale, left, top } = frameOf(scene)
  context.font = `600 ${fontPixels}px ${paint.font}`
  context.textAlign = 'center'
  context.lineJoin = 'round'
  context.lineWidth = 4
  context.strokeStyle = paint.ground
  context.fillStyle = paint.ink
  const named: Named[] = []
  for (let node = 0; node < hubCount(graph); node += 1) {
    const name = paint.names[node]
    if (name === undefined || (near !== null && !near.nodes.has(node))) continue
    const x = (positions[2 * node] ?? 0) * scale + left
    const y = (positions[2 * node + 1] ?? 0) * scale + top
    const one = { name, x, y, radius: radiusOf(graph, node, scale) }
    const { width } = context.measureText(name)
    // What is looked at is named before all others.
    if (node === near?.focus) named.unshift({ ...one, width })
    else named.push({ ...one, width })
  }
  for (const { name, x, y } of placeNames(named, size)) {
    context.strokeText(name, x, y)
    context.fillText(name, x, y)
  }
}
