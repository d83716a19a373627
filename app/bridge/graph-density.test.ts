import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addLine, blend, clip, createDensity, type Line, WHOLE } from './graph-density.ts'

const width = 40
const height = 20

function densityOf(line: Line, weight = 1): Uint32Array {
  const density = createDensity(width, height, 1)
  addLine(density, 0, line, weight)
  return density.layers[0] as Uint32Array
}

const sum = (pixels: Uint32Array) => pixels.reduce((total, one) => total + one, 0)
const place = fc.double({ min: -200, max: 200, noNaN: true })
const anyLine = fc.record({ x0: place, y0: place, x1: place, y1: place })

describe('a line', () => {
  it('is one whole for each pixel that it goes along', () => {
    const pixels = densityOf({ x0: 3, y0: 5, x1: 12, y1: 5 })
    for (let x = 3; x <= 12; x += 1) expect(pixels[5 * width + x]).toBe(WHOLE)
    expect(sum(pixels)).toBe(10 * WHOLE)
  })

  it('is shared by the two pixels that it passes between', () => {
    const pixels = densityOf({ x0: 0, y0: 4.5, x1: 10, y1: 4.5 })
    expect(pixels[4 * width + 3]).toBe(WHOLE / 2)
    expect(pixels[5 * width + 3]).toBe(WHOLE / 2)
  })

  it('counts as many times as it stands for others', () => {
    const line = { x0: 2, y0: 1, x1: 9, y1: 17 }
    expect(sum(densityOf(line, 8))).toBe(8 * sum(densityOf(line)))
  })

  it('leaves no trace where it passes by', () => {
    expect(sum(densityOf({ x0: -5, y0: 2, x1: -1, y1: 8 }))).toBe(0)
    expect(clip({ x0: 50, y0: -3, x1: 50, y1: 90 }, width - 1, height - 1)).toBeNull()
  })

  it('leaves the same traces in both directions, to a pixel, and never one outside', () => {
    fc.assert(
      fc.property(anyLine, ({ x0, y0, x1, y1 }) => {
        const there = densityOf({ x0, y0, x1, y1 })
        const back = densityOf({ x0: x1, y0: y1, x1: x0, y1: y0 })
        expect(Math.abs(sum(there) - sum(back))).toBeLessThanOrEqual(WHOLE)
        // A row and a pixel are there for the half of a line at the border; what is outside of them was never counted.
        expect(sum(there)).toBeLessThanOrEqual((Math.max(width, height) + 1) * WHOLE)
        expect(there.every((count) => count <= WHOLE)).toBe(true)
      }),
    )
  })

  it('is cut to the part inside', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const part = clip(line, width - 1, height - 1)
        if (part === null) return
        const near = 1e-6
        for (const x of [part.x0, part.x1]) {
          expect(x).toBeGreaterThanOrEqual(-near)
          expect(x).toBeLessThanOrEqual(width - 1 + near)
        }
        for (const y of [part.y0, part.y1]) {
          expect(y).toBeGreaterThanOrEqual(-near)
          expect(y).toBeLessThanOrEqual(height - 1 + near)
        }
      }),
    )
  })
})

describe('layers over the ground', () => {
  const tone = { colour: [200, 0, 0], one: 0.25, most: 0.75 } as const
  const seen = (lines: number) => {
    const density = createDensity(width, height, 1)
    for (let line = 0; line < lines; line += 1)
      addLine(density, 0, { x0: 0, y0: 3, x1: 20, y1: 3 }, 1)
    const pixels = new Uint32Array(width * height)
    blend(density, [0, 0, 0], [tone], pixels)
    return pixels
  }

  it('leave the ground alone where nothing is', () => {
    expect(seen(0).every((pixel) => pixel === 0xff000000)).toBe(true)
  })

  it('show one line at its opacity, a crowd at most at its own', () => {
    expect((seen(1)[3 * width + 5] ?? 0) & 255).toBe(50)
    expect((seen(5_000)[3 * width + 5] ?? 0) & 255).toBe(150)
  })

  it('are told apart by their crowds', () => {
    const reds = [1, 10, 100, 1_000].map((lines) => (seen(lines)[3 * width + 5] ?? 0) & 255)
    expect([...reds].sort((one, other) => one - other)).toEqual(reds)
    expect(new Set(reds).size).toBe(reds.length)
  })
})
