import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRng, deriveRng, restoreRng } from './rng.ts'

describe('rng', () => {
  test('equals the published xoshiro128** sequence from state 1, 2, 3, 4', () => {
    const rng = restoreRng([1, 2, 3, 4])
    expect([1, 2, 3, 4].map(() => rng.nextUint32())).toEqual([11520, 0, 5927040, 70819200])
  })

  test('draws the same sequence for the same seed, another for another', () => {
    const draw = (seed: string) => Array.from(createRng(seed).nextBytes(64))
    expect(draw('7')).toEqual(draw('7'))
    expect(draw('7')).not.toEqual(draw('8'))
    expect(Array.from(deriveRng(7, 'a').nextBytes(8))).not.toEqual(
      Array.from(deriveRng(7, 'b').nextBytes(8)),
    )
  })

  test('continues from a saved state', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(50), (seed, skip) => {
        const rng = createRng(seed)
        for (let i = 0; i < skip; i++) rng.nextUint32()
        const resumed = restoreRng(rng.state())
        expect(resumed.nextBytes(16)).toEqual(rng.nextBytes(16))
      }),
    )
  })

  test('stays below the bound and reaches every value', () => {
    const rng = createRng('bound')
    const seen = new Set(Array.from({ length: 500 }, () => rng.nextBelow(7)))
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(rng.nextBelow(0x1_0000_0000)).toBeLessThan(0x1_0000_0000)
  })

  test.each([0, -1, 1.5, 2 ** 33, Number.NaN])('refuses the bound %s', (bound) => {
    expect(() => createRng('x').nextBelow(bound)).toThrow('Bound must be')
  })
})
