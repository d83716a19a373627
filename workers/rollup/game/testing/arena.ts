/**
 * Random games: one honest party, which plays by the solver and answers one block late, against adversaries who lie, play at random,
 * copy, stall or free-ride. For tests and tools; the rules are those of the contract's model (`model.ts`).
 */
import type { Rng } from '../../../kernel/rng.ts'
import type { Hex } from '../../bytes.ts'
import type { GameAction, GameClaim, Trace } from '../claims.ts'
import { challengeDeadline } from '../clock.ts'
import { copyingMoves, floodingMoves } from '../dishonest.ts'
import { GameRuleError } from '../errors.ts'
import {
  applyMove,
  applyResolve,
  applyResolveClaim,
  applyStep,
  type GameModel,
  type GameRules,
  isClaimResolvable,
  openGame,
} from '../model.ts'
import { movePosition, positionDepth, traceIndex } from '../position.ts'
import { nextActions } from '../solver.ts'

export const ADVERSARY_KINDS = [
  'tampered',
  'random',
  'copying',
  'staller',
  'freerider',
  'freeloader',
  'sybil',
] as const

export interface Adversary {
  readonly kind: (typeof ADVERSARY_KINDS)[number]
  /** Its account: several of one owner are Sybils. */
  readonly account: Hex
  readonly branch: number
  readonly at: bigint
  /** It acts in so many of ten blocks. */
  readonly eagerness: number
}

export interface MatchClocks {
  readonly maxClockSeconds: bigint
  readonly extensionSeconds: bigint
}

export interface MatchResult {
  readonly game: GameModel
  /** Whether the root was right. */
  readonly rootHonest: boolean
  /** What is wrong with how it ended; empty when the honest party won and lost nothing. */
  readonly complaints: readonly string[]
  readonly adversaries: readonly Adversary[]
}

export interface MatchOptions {
  readonly clocks: MatchClocks
  readonly depthMax: number
  readonly adversariesMax: number
}

export const HONEST: Hex = '0xaa'
const PROPOSER: Hex = '0xcc'
/** Blocks that a team's clock lasts, if the extension allows. */
const BLOCKS_PER_CLOCK = 40n
/** Most claims that adversaries may post in one match: the bound of a match's time, not of the game. */
const CLAIMS_MAX = 60
/** A match that lasts longer is broken. */
const BLOCKS_MAX = 10_000
const SYBIL_CLAIMS_MAX = 4
const BRANCHES = 4
const EAGERNESS_MAX = 10

/** State `index` of a machine that began on `branch`: stepping keeps the branch and adds one to the index. */
export const stateOf = (branch: number, index: bigint): Hex => `0x${branch}:${index}` as Hex

function execute(state: Hex): Hex | null {
  const [branch, index] = state.slice(2).split(':')
  return stateOf(Number(branch), BigInt(index ?? 0) + 1n)
}

/** The honest trace is branch 0; a tampered one changes to `branch` in step `at`. */
export function traceOf(branch: number, at: bigint): Trace {
  return { stateHashAt: async (index) => stateOf(index >= at ? branch : 0, index + 1n) }
}

const HONEST_TRACE = traceOf(0, 0n)

export function arenaRules(maxDepth: number, clocks: MatchClocks): GameRules {
  return { maxDepth, ...clocks, bondAt: (depth) => 100n + 10n * BigInt(depth), execute }
}

export function act(
  game: GameModel,
  action: GameAction,
  claimant: Hex,
  nowSeconds: bigint,
): GameModel {
  return action.kind === 'move'
    ? applyMove(game, { ...action, claimant, nowSeconds })
    : applyStep(game, { ...action, claimant })
}

/** One whole match, drawn from the generator: depth, root, proposer, adversaries and every move of theirs. */
export async function playMatch(rng: Rng, options: MatchOptions): Promise<MatchResult> {
  const depth = 2 + rng.nextBelow(options.depthMax - 1)
  const leaves = 1 << depth
  const adversaries = drawAdversaries(rng, options.adversariesMax, leaves)
  const rootTrace = traceOf(rng.nextBelow(3), BigInt(rng.nextBelow(leaves)))
  const rootValue = await rootTrace.stateHashAt(BigInt(leaves) - 1n)
  const rootHonest = rootValue === stateOf(0, BigInt(leaves))
  const { clocks } = options
  let game = openGame({
    rules: arenaRules(depth, clocks),
    absolutePrestate: stateOf(0, 0n),
    rootValue,
    proposer: rootHonest && rng.nextBelow(2) === 0 ? HONEST : PROPOSER,
    nowSeconds: 0n,
  })
  const slot = blockSeconds(clocks)
  for (let block = 1; game.status === 'inProgress'; block += 1) {
    if (block > BLOCKS_MAX) throw new GameRuleError('MatchTooLong')
    game = await playBlock(game, adversaries, BigInt(block) * slot, rng)
  }
  return { game, rootHonest, adversaries, complaints: judgeMatch(game, rootHonest) }
}

/**
 * Rationale: who answers one block late needs an extension of more than a block; with real clocks, whose extension is hundreds of
 * blocks, that always holds.
 */
function blockSeconds({ maxClockSeconds, extensionSeconds }: MatchClocks): bigint {
  const share = maxClockSeconds / BLOCKS_PER_CLOCK
  const most = extensionSeconds / 2n < share ? extensionSeconds / 2n : share
  return most < 1n ? 1n : most
}

function drawAdversaries(rng: Rng, most: number, leaves: number): readonly Adversary[] {
  return Array.from({ length: 1 + rng.nextBelow(most) }, (_, index) => ({
    kind: ADVERSARY_KINDS[rng.nextBelow(ADVERSARY_KINDS.length)] ?? 'random',
    account: `0xb${index}` as Hex,
    branch: 1 + rng.nextBelow(BRANCHES - 1),
    at: BigInt(rng.nextBelow(leaves)),
    eagerness: 1 + rng.nextBelow(EAGERNESS_MAX - 1),
  }))
}

/** Whoever comes first in the block, the honest party answers what it saw in the one before. */
async function playBlock(
  before: GameModel,
  adversaries: readonly Adversary[],
  now: bigint,
  rng: Rng,
): Promise<GameModel> {
  let game = before
  const due = await nextActions(game.claims, HONEST_TRACE, game.rules.maxDepth)
  const isHonestFirst = rng.nextBelow(2) === 0
  if (isHonestFirst) game = applyAll(game, due, now)
  for (const adversary of adversaries) game = await adversaryMove(game, adversary, now, rng)
  if (!isHonestFirst) game = applyAll(game, due, now)
  return resolveAll(game, now)
}

/** Rules that another party's equal move in the same block breaks for the honest one; any other is its own fault. */
const RACES: ReadonlySet<string> = new Set(['ClaimAlreadyExists', 'DuplicateStep'])

function applyAll(game: GameModel, due: readonly GameAction[], now: bigint): GameModel {
  return due.reduce((next, action) => {
    try {
      return act(next, action, HONEST, now)
    } catch (error) {
      if (error instanceof GameRuleError && RACES.has(error.rule)) return next
      throw error
    }
  }, game)
}

async function adversaryMove(
  game: GameModel,
  { kind, account, branch, at, eagerness }: Adversary,
  now: bigint,
  rng: Rng,
): Promise<GameModel> {
  const { maxDepth } = game.rules
  if (game.claims.length > CLAIMS_MAX || rng.nextBelow(EAGERNESS_MAX) >= eagerness) return game
  if (kind === 'tampered' || kind === 'staller') {
    if (kind === 'staller' && rng.nextBelow(4) !== 0) return game
    const actions = await nextActions(game.claims, traceOf(branch, at), maxDepth)
    return actions.reduce(
      (next, action) => attempt(next, (g) => act(g, action, account, now)),
      game,
    )
  }
  if (kind === 'freeloader' || kind === 'sybil') {
    const actions = aliasMoves(game, kind, account, now)
    return actions.reduce(
      (next, action) => attempt(next, (g) => act(g, action, account, now)),
      game,
    )
  }
  const claimIndex = rng.nextBelow(game.claims.length)
  const attack = rng.nextBelow(2) === 0
  const parent = game.claims[claimIndex]
  if (!parent) return game
  if (positionDepth(parent.position) === maxDepth) {
    return attempt(game, (g) => applyStep(g, { claimIndex, attack, claimant: account }))
  }
  const right = traceIndex(movePosition(parent.position, attack), maxDepth) + 1n
  const value = claimOf(kind, right, 1 << maxDepth, rng)
  const move = { claimIndex, attack, value, claimant: account, nowSeconds: now }
  return attempt(game, (g) => applyMove(g, move))
}

/** As an executor plays under another name: against everybody but the proposer. */
function aliasMoves(
  { rules, claims }: GameModel,
  kind: Adversary['kind'],
  account: Hex,
  now: bigint,
) {
  const isOpen = (claim: GameClaim) => challengeDeadline(claims, claim, rules) > now
  const allies = new Set([account, PROPOSER])
  const seat = { claims, account, allies, isOpen, maxDepth: rules.maxDepth }
  return kind === 'freeloader' ? copyingMoves(seat) : floodingMoves(seat, SYBIL_CLAIMS_MAX)
}

/** Copies make the right claim in any place, free-riders often, and random players any claim at all. */
function claimOf(kind: Adversary['kind'], right: bigint, leaves: number, rng: Rng): Hex {
  if (kind === 'copying') return stateOf(0, right)
  if (kind === 'freerider') return stateOf(rng.nextBelow(2), right)
  return stateOf(rng.nextBelow(BRANCHES), BigInt(rng.nextBelow(leaves + 1)))
}

/** What the contract would refuse is no move. */
function attempt(game: GameModel, apply: (game: GameModel) => GameModel): GameModel {
  try {
    return apply(game)
  } catch (error) {
    if (error instanceof GameRuleError) return game
    throw error
  }
}

function resolveAll(game: GameModel, now: bigint): GameModel {
  let next = game
  for (let index = game.claims.length - 1; index >= 0; index -= 1) {
    if (isClaimResolvable(next, index, now)) next = applyResolveClaim(next, index, now)
  }
  return next.claims[0]?.resolved ? applyResolve(next) : next
}

function judgeMatch(game: GameModel, rootHonest: boolean): readonly string[] {
  const complaints: string[] = []
  const expected = rootHonest ? 'defenderWins' : 'challengerWins'
  if (game.status !== expected) complaints.push(`It ended with ${game.status}, not ${expected}.`)
  const ours = game.claims.filter((claim) => claim.claimant === HONEST)
  const staked = ours.reduce((sum, claim) => sum + claim.bondWei, 0n)
  const won = game.credits.get(HONEST) ?? 0n
  if (won < staked) complaints.push(`The honest party staked ${staked} and got back ${won}.`)
  for (const { index, counteredBy, parentIndex } of ours) {
    if (counteredBy !== null) complaints.push(`Its claim ${index} was countered.`)
    const answered = parentIndex === null ? null : game.claims[parentIndex]
    if (answered && answered.counteredBy !== HONEST) {
      complaints.push(`Its claim ${index} did not win the bond of claim ${parentIndex}.`)
    }
  }
  return complaints
}
