import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leaderOf, leaderSchedule } from './leader.ts'

describe('leader schedule', () => {
  it('takes equal members in turn', () => {
    expect(leaderSchedule([32n, 32n, 32n])).toEqual([0, 1, 2])
    expect([1n, 2n, 3n, 4n].map((view) => leaderOf(view, [0, 1, 2]))).toEqual([1, 2, 0, 1])
  })

  it('gives views in proportion to weight, spread evenly', () => {
    expect(leaderSchedule([2n, 1n, 1n])).toEqual([0, 1, 2, 0])
  })

  it('leaves out members without weight', () => {
    expect(leaderSchedule([5n, 0n, 5n])).toEqual([0, 2])
    expect(leaderOf(7n, leaderSchedule([0n, 0n]))).toBe(0)
  })

  it('is proportional and bounded for any weights', () => {
    const weights = fc.array(fc.bigInt({ min: 1n, max: 10n ** 21n }), {
      minLength: 1,
      maxLength: 9,
    })
    fc.assert(
      fc.property(weights, (values) => {
        const schedule = leaderSchedule(values)
        expect(schedule.length).toBeLessThanOrEqual(1_100)
        for (const index of values.keys()) expect(schedule).toContain(index)
        const greatest = values.indexOf(
          values.reduce((most, value) => (value > most ? value : most)),
        )
        const turns = (member: number) => schedule.filter((leader) => leader === member).length
        for (const index of values.keys())
          expect(turns(greatest)).toBeGreaterThanOrEqual(turns(index))
      }),
      { numRuns: 30 },
    )
  })
})
