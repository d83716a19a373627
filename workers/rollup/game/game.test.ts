import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveRng } from '../../kernel/rng.ts'
import { GAME_CLOCKS } from '../parameters.ts'
import type { GameAction } from './claims.ts'
import { openGame } from './model.ts'
import { isDefence, movePosition, splitTraceIndex, traceAncestor, traceIndex } from './position.ts'
import { nextActions } from './solver.ts'
import { act, arenaRules, HONEST, playMatch, stateOf, traceOf } from './testing/arena.ts'

const HONEST_TRACE = traceOf(0, 0n)
const rulesOf = (maxDepth: number) => arenaRules(maxDepth, GAME_CLOCKS.classroom)

describe('positions', () => {
  it('give the trace index after which a claim stands', () => {
    expect(traceIndex(1n)).toBe((1n << 46n) - 1n)
    expect(traceIndex(movePosition(1n, true))).toBe((1n << 45n) - 1n)
    expect(splitTraceIndex((5n << 25n) + 7n)).toEqual({ item: 5n, step: 7n })
    expect(isDefence(2n, movePosition(2n, false))).toBe(true)
    expect(isDefence(2n, movePosition(2n, true))).toBe(false)
  })

  it('share their trace index with their trace ancestor', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: (1n << 47n) - 1n }), (position) => {
        const ancestor = traceAncestor(position)
        expect(traceIndex(ancestor)).toBe(traceIndex(position))
        expect(ancestor).toBeLessThanOrEqual(position)
      }),
    )
  })

  it('attack to the left of the claim and defend to its right', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: (1n << 44n) - 1n }), (half) => {
        const position = half << 1n
        expect(traceIndex(movePosition(position, true))).toBeLessThan(traceIndex(position))
        expect(traceIndex(movePosition(position, false))).toBeGreaterThan(traceIndex(position))
      }),
    )
  })
})

describe('the honest solver', () => {
  it('does nothing about a root that it agrees with', async () => {
    const game = openGame({
      rules: rulesOf(4),
      absolutePrestate: stateOf(0, 0n),
      rootValue: stateOf(0, 16n),
      proposer: HONEST,
      nowSeconds: 0n,
    })
    expect(await nextActions(game.claims, HONEST_TRACE, 4)).toEqual([])
  })

  it('bisects a tampered trace to the tampered step and proves it', async () => {
    const at = 11n
    let game = openGame({
      rules: rulesOf(4),
      absolutePrestate: stateOf(0, 0n),
      rootValue: stateOf(1, 16n),
      proposer: '0xcc',
      nowSeconds: 0n,
    })
    const liar = traceOf(1, at)
    let last: GameAction | undefined
    for (let now = 1n; now < 20n && last?.kind !== 'step'; now += 1n) {
      for (const action of await nextActions(game.claims, HONEST_TRACE, 4)) {
        game = act(game, action, HONEST, now)
        last = action
      }
      if (last?.kind === 'step') break
      for (const action of await nextActions(game.claims, liar, 4)) {
        game = act(game, action, '0xcc', now)
        last = action
      }
    }
    expect(last).toMatchObject({ kind: 'step', traceIndex: at })
  })

  it.each(['classroom', 'demo', 'op-mainnet', 'arbitrum-one'] as const)(
    'wins every random game by the clocks of %s, and never loses a bond',
    async (name) => {
      const options = { clocks: GAME_CLOCKS[name], depthMax: 5, adversariesMax: 3 }
      for (let seed = 1; seed <= 250; seed += 1) {
        const { complaints } = await playMatch(deriveRng(seed, 'game'), options)
        expect({ seed, complaints }).toEqual({ seed, complaints: [] })
      }
    },
  )
})
