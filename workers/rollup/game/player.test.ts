import { decodeFunctionData } from 'viem'
import { describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes } from '../bytes.ts'
import { anchorAbi, gameAbi } from '../l1/abi.ts'
import type { GameView, L1Contents } from '../l1/view.ts'
import { bondAtDepth } from './bond.ts'
import type { GameClaim } from './claims.ts'
import { dueMoves, dueResolutions, owed, type Player } from './player.ts'
import { MAX_DEPTH, ROOT_POSITION } from './position.ts'

const US: Hex = `0x${'aa'.repeat(20)}`
const THEM: Hex = `0x${'bb'.repeat(20)}`
const GAME: Hex = `0x${'11'.repeat(20)}`
const WRONG: Hex = `0x${'66'.repeat(32)}`
const RIGHT: Hex = `0x${'77'.repeat(32)}`

const player: Player = {
  account: US,
  anchorRegistry: hexToBytes(`0x${'22'.repeat(20)}`),
  rules: {
    maxClockSeconds: 60n,
    extensionSeconds: 3n,
    disputeWindowSeconds: 90n,
    airGapSeconds: 6n,
    bondAt: (depth) => bondAtDepth(depth),
  },
}

const prover = {
  stateHashAt: async () => RIGHT,
  witnessAt: async () => Uint8Array.of(1, 2),
}

function claim(index: number, change: Partial<GameClaim>): GameClaim {
  return {
    index,
    parentIndex: null,
    position: ROOT_POSITION,
    value: WRONG,
    claimant: THEM,
    bondWei: 100n,
    clock: { durationSeconds: 0n, timestamp: 1_000n },
    counteredBy: null,
    resolved: false,
    ...change,
  }
}

function game(change: Partial<GameView>): GameView {
  return {
    address: GAME,
    index: 0n,
    rootClaim: WRONG,
    entryIndex: 1n,
    parent: null,
    startRoot: RIGHT,
    startEntry: 0n,
    proposer: THEM,
    createdAt: 1_000n,
    claims: [claim(0, {})],
    outcome: 'inProgress',
    distribution: 0,
    resolvedAt: 0n,
    isFinal: false,
    isBlacklisted: false,
    credits: new Map(),
    claimed: new Set(),
    step: null,
    transactionHash: '0x',
    ...change,
  }
}

function contents(...games: readonly GameView[]): L1Contents {
  const anchor = { root: RIGHT, entryIndex: 0n }
  return {
    entries: [],
    messages: [],
    games: new Map(games.map((one) => [one.address, one])),
    anchor,
  }
}

const names = (calls: readonly { readonly data: Uint8Array }[]) =>
  calls.map(({ data }) => {
    const abi = [...gameAbi, ...anchorAbi]
    return decodeFunctionData({ abi, data: bytesToHex(data) }).functionName
  })

const leafPosition = 2n ** BigInt(MAX_DEPTH)

describe('moves', () => {
  it('attack a wrong root with the bond of its depth', async () => {
    const [call] = await dueMoves(player, game({}), prover, 1_010n)
    expect(call?.valueWei).toBe(bondAtDepth(1))
    expect(names(call ? [call] : [])).toEqual(['move'])
  })

  it('come too late when the clock has run out', async () => {
    expect(await dueMoves(player, game({}), prover, 1_060n)).toEqual([])
  })

  it('prove a step at a leaf', async () => {
    const claims = [
      claim(0, {}),
      claim(1, { parentIndex: 0, position: 2n, value: RIGHT, claimant: US }),
      claim(2, { parentIndex: 1, position: leafPosition }),
    ]
    const calls = await dueMoves(player, game({ claims }), prover, 1_010n)
    expect(names(calls)).toEqual(['step'])
  })

  it('stop once the game is resolved', async () => {
    expect(await dueMoves(player, game({ outcome: 'defenderWins' }), prover, 1_010n)).toEqual([])
  })
})

describe('resolutions', () => {
  const disputed = [
    claim(0, {}),
    claim(1, { parentIndex: 0, position: 2n, value: RIGHT, claimant: US }),
  ]

  it('resolve a branch from its leaves to its root, then the game', () => {
    const won = game({ claims: disputed })
    expect(dueResolutions(player, won, contents(won), 1_059n)).toEqual([])
    const calls = dueResolutions(player, won, contents(won), 1_060n)
    expect(names(calls)).toEqual(['resolveClaim', 'resolveClaim', 'resolve'])
    expect(calls.map((call) => call.label.split(':').at(-1))).toEqual(['1', '0', 'game'])
  })

  it('wait for the dispute window when nobody contradicted', () => {
    const own = game({ proposer: US, claims: [claim(0, { claimant: US, value: RIGHT })] })
    expect(names(dueResolutions(player, own, contents(own), 1_060n))).toEqual(['resolveClaim'])
    const calls = dueResolutions(player, own, contents(own), 1_090n)
    expect(names(calls)).toEqual(['resolveClaim', 'resolve'])
  })

  it('leave it to the winner, but for a while only', () => {
    const theirs = game({ claims: [claim(0, {})] })
    expect(dueResolutions(player, theirs, contents(theirs), 1_061n)).toEqual([])
    expect(names(dueResolutions(player, theirs, contents(theirs), 1_071n))).toEqual([
      'resolveClaim',
    ])
  })

  it('bring a game down at once when its parent fell', () => {
    const parent = game({ address: THEM, outcome: 'challengerWins', resolvedAt: 1_020n })
    const child = game({ parent: THEM, proposer: US })
    const calls = dueResolutions(player, child, contents(parent, child), 1_020n)
    expect(names(calls)).toEqual(['resolve'])
  })

  it('finalize and claim after the air gap', () => {
    const won = game({
      proposer: US,
      outcome: 'defenderWins',
      resolvedAt: 1_100n,
      credits: new Map([[US, 100n]]),
    })
    expect(dueResolutions(player, won, contents(won), 1_105n)).toEqual([])
    const calls = dueResolutions(player, won, contents(won), 1_106n)
    expect(names(calls)).toEqual(['finalize', 'claimCredit'])
  })
})

describe('owed', () => {
  const claims = [claim(0, { claimant: US, counteredBy: null }), claim(1, { claimant: THEM })]

  it('is what was won, normally', () => {
    const won = game({ claims, outcome: 'defenderWins', credits: new Map([[US, 250n]]) })
    expect(owed(player, won, contents(won))).toBe(250n)
  })

  it('is the own bonds of a blacklisted game', () => {
    const refunded = game({ claims, outcome: 'defenderWins', isBlacklisted: true })
    expect(owed(player, refunded, contents(refunded))).toBe(100n)
  })

  it('moves the root bond of a fallen parent to whoever brought the parent down', () => {
    const fallen = [claim(0, { claimant: THEM, counteredBy: US })]
    const parent = game({ address: THEM, claims: fallen, outcome: 'challengerWins' })
    const child = game({
      parent: THEM,
      claims: [claim(0, { claimant: THEM }), claim(1, { claimant: US, bondWei: 7n })],
      outcome: 'challengerWins',
      distribution: 3,
    })
    expect(owed(player, child, contents(parent, child))).toBe(107n)
  })
})
