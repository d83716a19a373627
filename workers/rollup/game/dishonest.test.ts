import { describe, expect, it } from 'vitest'
import type { Hex } from '../bytes.ts'
import type { GameClaim } from './claims.ts'
import { copyingMoves, floodingMoves, type Seat } from './dishonest.ts'
import { movePosition, ROOT_POSITION } from './position.ts'

const LIAR: Hex = '0xe0'
const HONEST: Hex = '0xc0'
const ALIAS: Hex = '0xa1'

function claim(index: number, change: Partial<GameClaim>): GameClaim {
  return {
    index,
    parentIndex: index - 1,
    position: ROOT_POSITION,
    value: `0x${index}`,
    claimant: index % 2 === 0 ? LIAR : HONEST,
    bondWei: 1n,
    clock: { durationSeconds: 0n, timestamp: 0n },
    counteredBy: null,
    resolved: false,
    ...change,
  }
}

const attacked = movePosition(ROOT_POSITION, true)
const answer = movePosition(attacked, true)
const defended = movePosition(answer, false)
const root = claim(0, { parentIndex: null })
/** The challenger attacks the root, the liar attacks back, the challenger agrees so far. */
const game = [
  root,
  claim(1, { position: attacked }),
  claim(2, { position: answer }),
  claim(3, { position: defended }),
]

const seat = (claims: readonly GameClaim[], change: Partial<Seat> = {}): Seat => ({
  claims,
  account: ALIAS,
  allies: new Set([LIAR, ALIAS]),
  isOpen: () => true,
  maxDepth: 6,
  ...change,
})

describe('a freeloader', () => {
  it('copies a defence to the left of it, where it would win the bond', () => {
    const position = movePosition(answer, true)
    expect(copyingMoves(seat(game))).toEqual([
      { kind: 'move', claimIndex: 2, attack: true, position, value: '0x3' },
    ])
  })

  it('copies an attack to the right of it, but for one on the root', () => {
    const other = [...game.slice(0, 3), claim(3, { position: movePosition(answer, true) })]
    expect(copyingMoves(seat(other))).toMatchObject([{ claimIndex: 2, attack: false }])
    expect(copyingMoves(seat(game.slice(0, 2)))).toEqual([])
  })

  it('makes no copy twice, and none of what answers its own', () => {
    const copy = claim(4, {
      parentIndex: 2,
      position: movePosition(answer, true),
      value: '0x3',
      claimant: ALIAS,
    })
    const refuted = claim(5, {
      parentIndex: 4,
      position: movePosition(copy.position, true),
      claimant: HONEST,
    })
    expect(copyingMoves(seat([...game, copy, refuted]))).toEqual([])
  })

  it('leaves claims alone whose time is over, or that are resolved', () => {
    expect(copyingMoves(seat(game, { isOpen: ({ index }) => index !== 2 }))).toEqual([])
    const resolved = game.map((one) => ({ ...one, resolved: one.index === 3 }))
    expect(copyingMoves(seat(resolved))).toEqual([])
  })
})

describe('a Sybil', () => {
  it('attacks every claim of the others, with states that no other Sybil claims', () => {
    const moves = floodingMoves(seat(game), 4)
    expect(moves.map(({ claimIndex, attack }) => [claimIndex, attack])).toEqual([
      [1, true],
      [3, true],
    ])
    const other = floodingMoves(seat(game, { account: '0xa2' }), 4)
    expect(new Set([...moves, ...other].map(({ value }) => value)).size).toBe(4)
  })

  it('stops after so many claims, and at the deepest level', () => {
    expect(floodingMoves(seat(game), 1)).toHaveLength(1)
    expect(floodingMoves(seat(game, { maxDepth: 3 }), 4)).toHaveLength(1)
    const own = claim(4, {
      parentIndex: 1,
      position: movePosition(attacked, true),
      claimant: ALIAS,
    })
    expect(floodingMoves(seat([...game, own]), 2).map(({ claimIndex }) => claimIndex)).toEqual([3])
    expect(floodingMoves(seat([...game, own]), 1)).toEqual([])
  })
})
