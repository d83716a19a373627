import { describe, expect, it } from 'vitest'
import type { GraphView } from '../../workers/protocol/persona.ts'
import { NODE_KIND, neighbours, nodeAt, radiusOf } from './graph-scene.ts'
import { createThinning } from './graph-thinning.ts'

/** A validator, a badge, two people and a Sybil; who has the badge, and one who met the other. */
const graph: GraphView = {
  timeMs: 0,
  nodes: 5,
  names: ['Issuer', 'quizzes'],
  kinds: Uint8Array.from([
    NODE_KIND.validator,
    NODE_KIND.badge,
    NODE_KIND.persona,
    NODE_KIND.persona,
    NODE_KIND.sybil,
  ]),
  ids: Uint32Array.from([0, 1, 1, 2, 3]),
  trust: Float32Array.from([1, 1, 1, 0.1, 0]),
  edges: Uint32Array.from([0, 1, 1, 2, 1, 3, 2, 3]),
  weights: Float32Array.from([1, 0.3, 0.3, 0.5]),
  times: new Float32Array(4),
  rounds: 0,
}
const positions = Float32Array.from([0, 0, 100, 0, 200, 0, 200, 100, 300, 300])

describe('what lies under a pointer', () => {
  it('is the nearest node within reach of a finger', () => {
    expect(nodeAt(graph, positions, { x: 204, y: 3, scale: 1 })).toBe(2)
    expect(nodeAt(graph, positions, { x: 204, y: 97, scale: 1 })).toBe(3)
  })

  it('is nothing a finger away', () => {
    expect(nodeAt(graph, positions, { x: 250, y: 50, scale: 1 })).toBeNull()
  })

  it('may be farther off in the layout when that is far away', () => {
    expect(nodeAt(graph, positions, { x: 300, y: 260, scale: 1 })).toBeNull()
    expect(nodeAt(graph, positions, { x: 300, y: 260, scale: 0.2 })).toBe(4)
  })
})

describe('a node in focus', () => {
  it('has its ties and those at their other ends with it', () => {
    const near = neighbours(graph, 2)
    expect([...near.nodes].sort()).toEqual([1, 2, 3])
    expect(near.edges).toEqual([2, 6])
  })

  it('stands alone without ties', () => {
    expect(neighbours(graph, 4)).toEqual({ focus: 4, nodes: new Set([4]), edges: [] })
  })
})

describe('discs', () => {
  it('grow with trust and nearness, and never vanish', () => {
    expect(radiusOf(graph, 2, 1)).toBeGreaterThan(radiusOf(graph, 3, 1))
    expect(radiusOf(graph, 2, 4)).toBeGreaterThan(radiusOf(graph, 2, 1))
    expect(radiusOf(graph, 4, 0.001)).toBeGreaterThan(0.5)
    expect(radiusOf(graph, 0, 0.001)).toBeGreaterThan(radiusOf(graph, 2, 0.001))
  })
})

describe('thinning', () => {
  it('leaves nothing out while frames are quick', () => {
    const thinning = createThinning()
    for (let frame = 0; frame < 5; frame += 1) expect(thinning.drew(3)).toBe(false)
    expect(thinning.now()).toBe(1)
  })

  it('leaves out more with each slow frame, to a bound, and comes back', () => {
    const thinning = createThinning()
    for (let frame = 0; frame < 9; frame += 1) thinning.drew(80)
    expect(thinning.now()).toBe(16)
    expect(thinning.drew(10)).toBe(true)
    for (let frame = 0; frame < 9; frame += 1) thinning.drew(2)
    expect(thinning.now()).toBe(1)
  })

  it('draws all of it at rest', () => {
    const thinning = createThinning()
    thinning.drew(80)
    thinning.rest()
    expect(thinning.now()).toBe(1)
  })
})
