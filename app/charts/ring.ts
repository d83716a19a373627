import { arc } from 'd3'

export interface Point {
  readonly x: number
  readonly y: number
}

/** Where member `index` of `count` stands on a circle around the origin; member 0 is on top, clockwise. */
export function ringPoint(index: number, count: number, radius: number): Point {
  const angle = (index / count) * 2 * Math.PI
  return { x: radius * Math.sin(angle), y: -radius * Math.cos(angle) }
}

interface Band {
  readonly innerRadius: number
  readonly outerRadius: number
}

/** Path of the arc that belongs to member `index`, centred on it, with a gap to its neighbours. */
export function ringSegment(
  index: number,
  count: number,
  { innerRadius, outerRadius }: Band,
): string {
  const width = (2 * Math.PI) / count
  const middle = index * width
  const path = arc()({
    innerRadius,
    outerRadius,
    startAngle: middle - width / 2,
    endAngle: middle + width / 2,
    padAngle: 0.07,
  })
  return path ?? ''
}

/** Path of the part of a ring that is left, clockwise from the top; `share` in 0 … 1. */
export function ringRest(share: number, { innerRadius, outerRadius }: Band): string {
  const path = arc().cornerRadius(2)({
    innerRadius,
    outerRadius,
    startAngle: 0,
    endAngle: Math.max(0, Math.min(1, share)) * 2 * Math.PI,
  })
  return path ?? ''
}
