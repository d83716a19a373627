/**
 * How many lines cross each pixel. Tens of thousands of ties cost a few milliseconds so, with or without a graphics card, and where they
 * crowd the picture shows how much instead of a blot.
 */
export interface Density {
  /** In pixels. */
  readonly width: number
  readonly height: number
  /** Per layer and pixel: `WHOLE` for each line that goes through the middle of it. */
  readonly layers: readonly Uint32Array[]
}

/** From 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** How a layer is seen. */
export interface Tone {
  readonly colour: Rgb
  /** Opacity of a pixel that one line crosses, 0 to 1. */
  readonly one: number
  /** Opacity that no crowd exceeds. */
  readonly most: number
}

/** What a line adds, shared between the two pixels that it passes between. */
export const WHOLE = 4
/** Lines over a pixel from which on more of them make no difference. */
const LINES_MAX = 1_024

export function createDensity(width: number, height: number, layers: number): Density {
  // A row and a pixel more, which take the half of a line at the border that nobody sees.
  const length = width * (height + 1) + 1
  return { width, height, layers: Array.from({ length: layers }, () => new Uint32Array(length)) }
}

export function clearDensity({ layers }: Density): void {
  for (const layer of layers) layer.fill(0)
}

/** The part of a line that lies within the pixels, counted `weight` times. */
export function addLine(
  { width, height, layers }: Density,
  layer: number,
  line: Line,
  weight: number,
): void {
  const pixels = layers[layer]
  const seen = clip(line, width - 1, height - 1)
  if (pixels === undefined || seen === null) return
  const { x0, y0, x1, y1 } = seen
  const [dx, dy] = [x1 - x0, y1 - y0]
  const isFlat = Math.abs(dx) >= Math.abs(dy)
  const steps = Math.floor(Math.abs(isFlat ? dx : dy))
  if (steps === 0) return
  // Along: whole pixels in the direction that it goes most. Across: in 65,536ths, between two of them.
  const across0 = isFlat ? y0 : x0
  // Cut off, so that no line ends outside.
  const slope = Math.trunc((65_536 * (isFlat ? dy : dx)) / steps)
  const [stepAlong, stepAcross] = isFlat ? [1, width] : [width, 1]
  let at = Math.floor(isFlat ? x0 : y0) * stepAlong
  const forward = (isFlat ? dx : dy) > 0 ? stepAlong : -stepAlong
  let across = Math.max(0, Math.round(65_536 * across0))
  for (let step = 0; step <= steps; step += 1) {
    const pixel = at + (across >> 16) * stepAcross
    const part = (across >> 14) & 3
    pixels[pixel] = (pixels[pixel] as number) + (WHOLE - part) * weight
    pixels[pixel + stepAcross] = (pixels[pixel + stepAcross] as number) + part * weight
    at += forward
    across += slope
  }
}

/** From one end to the other. */
export interface Line {
  x0: number
  y0: number
  x1: number
  y1: number
}

/** Liang and Barsky, 1984: the part of a line within a box from (0, 0) to (`right`, `bottom`); null if it passes by. */
export function clip({ x0, y0, x1, y1 }: Line, right: number, bottom: number): Line | null {
  const [dx, dy] = [x1 - x0, y1 - y0]
  // A line along a side never meets it: it has no share of the way, or all of it.
  if ((dx === 0 && (x0 < 0 || x0 > right)) || (dy === 0 && (y0 < 0 || y0 > bottom))) return null
  const [left, far] = [share(0 - x0, dx, -1), share(right - x0, dx, 1)]
  const [upper, low] = [share(0 - y0, dy, -1), share(bottom - y0, dy, 1)]
  const from = Math.max(0, Math.min(left, far), Math.min(upper, low))
  const to = Math.min(1, Math.max(left, far), Math.max(upper, low))
  if (from > to) return null
  return { x0: x0 + from * dx, y0: y0 + from * dy, x1: x0 + to * dx, y1: y0 + to * dy }
}

/** Where on its way a line meets a side. */
function share(room: number, run: number, never: -1 | 1): number {
  return run === 0 ? never * Infinity : room / run
}

/**
 * Lays the layers over the ground, the first one lowest. `pixels` takes red, green, blue and an opaque alpha from the lowest byte on.
 * Opacity grows with the logarithm of the lines: a thousand are told from a hundred, and one is seen.
 */
export function blend(
  { width, height, layers }: Density,
  ground: Rgb,
  tones: readonly Tone[],
  pixels: Uint32Array,
): void {
  const tables = tones.map(opacities)
  const bare = pack(ground)
  const length = width * height
  pixels.fill(bare, 0, length)
  for (const [index, layer] of layers.entries()) {
    const [table, tone] = [tables[index], tones[index]]
    if (table === undefined || tone === undefined) continue
    const [red, green, blue] = tone.colour
    const last = table.length - 1
    for (let at = 0; at < length; at += 1) {
      const count = layer[at] as number
      if (count === 0) continue
      const share = table[count < last ? count : last] as number
      const below = pixels[at] as number
      const [r, g, b] = [below & 255, (below >> 8) & 255, (below >> 16) & 255]
      pixels[at] =
        (0xff000000 |
          ((b + (((blue - b) * share) >> 8)) << 16) |
          ((g + (((green - g) * share) >> 8)) << 8) |
          (r + (((red - r) * share) >> 8))) >>>
        0
    }
  }
}

/** Opacity in 256ths by what a pixel has of a layer. */
function opacities({ one, most }: Tone): Uint16Array {
  const table = new Uint16Array(WHOLE * LINES_MAX + 1)
  const octave = (most - one) / Math.log2(LINES_MAX)
  for (let count = 1; count < table.length; count += 1) {
    const lines = count / WHOLE
    const opacity = lines < 1 ? lines * one : one + octave * Math.log2(lines)
    table[count] = Math.round(256 * Math.min(1, Math.max(0, opacity)))
  }
  return table
}

function pack([red, green, blue]: Rgb): number {
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0
}
