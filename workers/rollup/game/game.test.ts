import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hex } from '../bytes.ts'
import type { GameAction, Trace } from './claims.ts'
import {
  applyMove,
  applyResolve,
  applyResolveClaim,
  applyStep,
  type GameModel,
  type GameRules,
  isClaimResolvable,
  openGame,
} from './model.ts'
import {
  isDefence,
  movePosition,
  positionDepth,
  splitTraceIndex,
  traceAncestor,
  traceIndex,
} from './position.ts'
import { nextActions } from './solver.ts'

const HONEST: Hex = '0xaa'
const RIVALS: readonly Hex[] = ['0xb0', '0xb1', '0xb2']

/** State `index` of a machine that began on `branch`: stepping keeps the branch and adds one to the index. */
const stateOf = (branch: number, index: bigint): Hex => `0x${branch}:${index}` as Hex

function execute(state: Hex): Hex | null {
  const [branch, index] = state.slice(2).split(':')
  return stateOf(Number(branch), BigInt(index ?? 0) + 1n)
}

/** The honest trace is branch 0; a tampered one changes to `branch` in step `at`. */
function traceOf(branch: number, at: bigint): Trace {
  return {
    stateHashAt: async (index) => stateOf(index >= at ? branch : 0, index + 1n),
  }
}

const HONEST_TRACE = traceOf(0, 0n)

function rulesOf(maxDepth: number): GameRules {
  return {
    maxDepth,
    maxClockSeconds: 40n,
    extensionSeconds: 3n,
    bondAt: (depth) => 100n + 10n * BigInt(depth),
    execute,
  }
}

function attempt(game: GameModel, apply: (game: GameModel) => GameModel): GameModel {
  try {
    return apply(game)
  } catch (error) {
    if ((error as Error).name === 'GameRuleError') return game
    throw error
  }
}

function act(game: GameModel, action: GameAction, claimant: Hex, nowSeconds: bigint): GameModel {
  return action.kind === 'move'
    ? applyMove(game, { ...action, claimant, nowSeconds })
    : applyStep(game, { ...action, claimant })
}

interface Adversary {
  readonly kind: 'tampered' | 'random' | 'copying' | 'staller' | 'freerider'
  readonly branch: number
  readonly at: number
  readonly eagerness: number
}

interface Match {
  readonly depth: number
  readonly rootBranch: number
  readonly rootAt: number
  readonly honestProposes: boolean
  readonly adversaries: readonly Adversary[]
  readonly noise: readonly number[]
}

const adversary: fc.Arbitrary<Adversary> = fc.record({
  kind: fc.constantFrom('tampered', 'random', 'copying', 'staller', 'freerider'),
  branch: fc.integer({ min: 1, max: 3 }),
  at: fc.nat(31),
  eagerness: fc.integer({ min: 1, max: 9 }),
})

const match: fc.Arbitrary<Match> = fc.record({
  depth: fc.integer({ min: 2, max: 5 }),
  rootBranch: fc.integer({ min: 0, max: 2 }),
  rootAt: fc.nat(31),
  honestProposes: fc.boolean(),
  adversaries: fc.array(adversary, { minLength: 1, maxLength: 3 }),
  noise: fc.array(fc.nat(9_999), { minLength: 60, maxLength: 200 }),
})

/** Most claims that adversaries may post in one match: the bound of the test's time, not of the game. */
const CLAIMS_MAX = 60

async function rivalMove(
  game: GameModel,
  rival: Adversary,
  claimant: Hex,
  now: bigint,
  draw: (bound: number) => number,
): Promise<GameModel> {
  if (game.claims.length > CLAIMS_MAX || draw(10) >= rival.eagerness) return game
  const leaves = 1 << game.rules.maxDepth
  if (rival.kind === 'tampered' || rival.kind === 'staller') {
    if (rival.kind === 'staller' && draw(4) !== 0) return game
    const actions = await nextActions(
      game.claims,
      traceOf(rival.branch, BigInt(rival.at % leaves)),
      game.rules.maxDepth,
    )
    let next = game
    for (const action of actions) next = attempt(next, (g) => act(g, action, claimant, now))
    return next
  }
  const claimIndex = draw(game.claims.length)
  const attack = draw(2) === 0
  const parent = game.claims[claimIndex]
  if (!parent) return game
  if (positionDepth(parent.position) === game.rules.maxDepth) {
    return attempt(game, (g) => applyStep(g, { claimIndex, attack, claimant }))
  }
  const position = movePosition(parent.position, attack)
  const honestIndex = traceIndex(position, game.rules.maxDepth) + 1n
  const value =
    rival.kind === 'random'
      ? stateOf(draw(4), BigInt(draw(leaves + 1)))
      : rival.kind === 'copying'
        ? stateOf(0, honestIndex)
        : stateOf(draw(2), honestIndex)
  return attempt(game, (g) =>
    applyMove(g, { claimIndex, attack, value, claimant, nowSeconds: now }),
  )
}

/** Plays a whole match in blocks of one second; the honest party answers one block late and resolves what it can. */
async function play(
  match: Match,
): Promise<{ game: GameModel; staked: bigint; rootHonest: boolean }> {
  const rules = rulesOf(match.depth)
  const leaves = 1n << BigInt(match.depth)
  const rootTrace = traceOf(match.rootBranch, BigInt(match.rootAt) % leaves)
  const rootValue = await rootTrace.stateHashAt(leaves - 1n)
  const rootHonest = rootValue === stateOf(0, leaves)
  const proposer = match.honestProposes && rootHonest ? HONEST : '0xcc'
  let game = openGame({
    rules,
    absolutePrestate: stateOf(0, 0n),
    rootValue,
    proposer,
    nowSeconds: 0n,
  })
  let cursor = 0
  const draw = (bound: number) => {
    cursor += 1
    return (match.noise[cursor % match.noise.length] ?? 0) % bound
  }
  let now = 0n
  while (game.status === 'inProgress') {
    now += 1n
    expect(now).toBeLessThan(10_000n)
    const due = await nextActions(game.claims, HONEST_TRACE, match.depth)
    const honestFirst = draw(2) === 0
    if (honestFirst) game = applyAll(game, due, now)
    for (const [index, rival] of match.adversaries.entries()) {
      game = await rivalMove(game, rival, RIVALS[index] ?? '0xbf', now, draw)
    }
    if (!honestFirst) game = applyAll(game, due, now)
    game = resolveAll(game, now)
  }
  const staked = game.claims
    .filter((claim) => claim.claimant === HONEST)
    .reduce((sum, claim) => sum + claim.bondWei, 0n)
  return { game, staked, rootHonest }
}

/** A rival may have made the same move in the same block; anything else that fails is the honest party's fault. */
function applyAll(game: GameModel, due: readonly GameAction[], now: bigint): GameModel {
  let next = game
  for (const action of due) {
    try {
      next = act(next, action, HONEST, now)
    } catch (error) {
      expect(['ClaimAlreadyExists', 'DuplicateStep']).toContain((error as { rule?: string }).rule)
    }
  }
  return next
}

function resolveAll(game: GameModel, now: bigint): GameModel {
  let next = game
  for (let index = game.claims.length - 1; index >= 0; index -= 1) {
    if (isClaimResolvable(next, index, now)) next = applyResolveClaim(next, index, now)
  }
  return next.claims[0]?.resolved ? applyResolve(next) : next
}

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

  it('wins every game, never loses a bond, and wins every bond that it answers', async () => {
    await fc.assert(
      fc.asyncProperty(match, async (played) => {
        const { game, staked, rootHonest } = await play(played)
        expect(game.status).toBe(rootHonest ? 'defenderWins' : 'challengerWins')
        expect(game.credits.get(HONEST) ?? 0n).toBeGreaterThanOrEqual(staked)
        const lost = game.claims.filter((c) => c.claimant === HONEST && c.counteredBy !== null)
        expect(lost).toEqual([])
        for (const ours of game.claims.filter((claim) => claim.claimant === HONEST)) {
          if (ours.parentIndex === null) continue
          expect(game.claims[ours.parentIndex]?.counteredBy).toBe(HONEST)
        }
      }),
      { numRuns: 1_000, verbose: 1 },
    )
  }, 60_000)
})
