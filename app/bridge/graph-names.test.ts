import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Named, overlaps, placeNames } from './graph-names.ts'

const size = { width: 800, height: 400 }
const hub = (name: string, x: number, y: number): Named => ({ name, x, y, radius: 8, width: 60 })

describe('names of hubs', () => {
  it('stand below their disc where there is room', () => {
    const [placed] = placeNames([hub('Quizzes', 400, 200)], size)
    expect(placed?.x).toBe(400)
    expect(placed?.y).toBeGreaterThan(208)
  })

  it('make room for each other, first come first served', () => {
    const placed = placeNames([hub('one', 400, 200), hub('other', 410, 203)], size)
    expect(placed.map(({ name }) => name)).toEqual(['one', 'other'])
    expect(placed[1]?.y).toBeLessThan(203)
  })

  it('are left out where there is none', () => {
    const crowd = Array.from({ length: 30 }, (_, index) => hub(String(index), 400 + index, 200))
    expect(placeNames(crowd, size).length).toBeLessThan(crowd.length)
    expect(placeNames([hub('far', -500, 200)], size)).toEqual([])
  })

  it('never lie on one another, on a hub, or outside', () => {
    const place = fc.record({
      name: fc.string(),
      x: fc.integer({ min: -50, max: 850 }),
      y: fc.integer({ min: -50, max: 450 }),
      radius: fc.integer({ min: 5, max: 20 }),
      width: fc.integer({ min: 10, max: 140 }),
    })
    fc.assert(
      fc.property(fc.array(place, { maxLength: 20 }), (hubs) => {
        const boxes = placeNames(hubs, size).map(({ box }) => box)
        const discs = hubs.map(({ x, y, radius }) => ({
          left: x - radius,
          right: x + radius,
          top: y - radius,
          bottom: y + radius,
        }))
        for (const [index, box] of boxes.entries()) {
          expect(box.left).toBeGreaterThanOrEqual(0)
          expect(box.bottom).toBeLessThanOrEqual(size.height)
          expect(boxes.slice(index + 1).some((other) => overlaps(box, other))).toBe(false)
          expect(discs.some((disc) => overlaps(box, disc))).toBe(false)
        }
      }),
    )
  })
})
