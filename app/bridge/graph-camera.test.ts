import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCamera } from './graph-camera.ts'

const size = { width: 800, height: 400 }
const square = Float32Array.from([-100, -100, 100, -100, 100, 100, -100, 100])

/** Where a point of the layout is seen, from the middle of the canvas. */
function seen(camera: ReturnType<typeof createCamera>, [x, y]: readonly [number, number]) {
  const view = camera.now()
  return [(x - view.x) * view.scale, (y - view.y) * view.scale]
}

describe('the camera of a graph', () => {
  it('holds all nodes in sight as long as nobody moves it', () => {
    const camera = createCamera()
    camera.follow(square, size)
    for (const corner of [
      [-100, -100],
      [100, 100],
    ] as const) {
      const [x = 0, y = 0] = seen(camera, corner)
      expect(Math.abs(x)).toBeLessThanOrEqual(size.width / 2)
      expect(Math.abs(y)).toBeLessThanOrEqual(size.height / 2)
    }
    expect(camera.now().scale).toBeCloseTo(400 / (200 * 1.12))
  })

  it('stays where somebody moved it, until it is asked to show all again', () => {
    const camera = createCamera()
    camera.follow(square, size)
    camera.pan(50, 0)
    const moved = camera.now()
    camera.follow(square, size)
    expect(camera.now()).toEqual(moved)
    camera.fit()
    camera.follow(square, size)
    expect(camera.now().x).toBe(0)
  })

  it('keeps what lies under the pointer there while it zooms', () => {
    const pixels = fc.integer({ min: -400, max: 400 })
    fc.assert(
      fc.property(pixels, pixels, fc.double({ min: 0.5, max: 2, noNaN: true }), (x, y, factor) => {
        const camera = createCamera()
        camera.follow(square, size)
        const { scale, x: atX, y: atY } = camera.now()
        const under = [x / scale + atX, y / scale + atY] as const
        camera.zoom(factor, x, y)
        const [seenX = 0, seenY = 0] = seen(camera, under)
        expect(seenX).toBeCloseTo(x, 6)
        expect(seenY).toBeCloseTo(y, 6)
      }),
    )
  })
})
