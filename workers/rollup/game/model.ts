/**
 * A pure model of the game contract: the same checks, clocks and resolution, on plain data. It is the oracle of the property tests
 * and tells a node beforehand what a call would do. Mirrors `DisputeGame` of contracts/src/l1.
 */
import type { Hex } from '../bytes.ts'
import type { GameClaim } from './claims.ts'
import { type ClockRules, challengerDuration, nextClock } from './clock.ts'
import { GameRuleError } from './errors.ts'
import {
  indexAtDepth,
  movePosition,
  type Position,
  positionDepth,
  ROOT_POSITION,
  traceAncestor,
} from './position.ts'

export interface GameRules extends ClockRules {
  readonly maxDepth: number
  /** Bond of a claim at a depth, in wei. */
  readonly bondAt: (depth: number) => bigint
  /** The state after one step, as the verifier computes it; `null` when nobody can prove the step. */
  readonly execute: (state: Hex) => Hex | null
}

export type GameStatus = 'inProgress' | 'defenderWins' | 'challengerWins'

export interface GameModel {
  readonly rules: GameRules
  readonly absolutePrestate: Hex
  readonly claims: readonly GameClaim[]
  readonly status: GameStatus
  /** Bonds won or returned, by claimant. */
  readonly credits: ReadonlyMap<Hex, bigint>
}

export interface GameOpening {
  readonly rules: GameRules
  readonly absolutePrestate: Hex
  readonly rootValue: Hex
  readonly proposer: Hex
  readonly nowSeconds: bigint
}

export function openGame(opening: GameOpening): GameModel {
  const root: GameClaim = {
    index: 0,
    parentIndex: null,
    position: ROOT_POSITION,
    value: opening.rootValue,
    claimant: opening.proposer,
    bondWei: opening.rules.bondAt(0),
    clock: { durationSeconds: 0n, timestamp: opening.nowSeconds },
    counteredBy: null,
    resolved: false,
  }
  return {
    rules: opening.rules,
    absolutePrestate: opening.absolutePrestate,
    claims: [root],
    status: 'inProgress',
    credits: new Map(),
  }
}

export interface MoveInput {
  readonly claimIndex: number
  readonly attack: boolean
  readonly value: Hex
  readonly claimant: Hex
  readonly nowSeconds: bigint
}

/** Adds a claim against `claimIndex`. Throws GameRuleError when the contract would revert. */
export function applyMove(game: GameModel, input: MoveInput): GameModel {
  assertInProgress(game)
  const challenged = claimAt(game, input.claimIndex)
  if (challenged.resolved) throw new GameRuleError('ClaimAlreadyResolved')
  if (challenged.parentIndex === null && !input.attack) throw new GameRuleError('CannotDefendRoot')
  const position = movePosition(challenged.position, input.attack)
  if (positionDepth(position) > game.rules.maxDepth) throw new GameRuleError('GameDepthExceeded')
  const clock = nextClock(game.claims, challenged, input.nowSeconds, game.rules)
  if (clock === null) throw new GameRuleError('ClockTimeExceeded')
  const isSame = (claim: GameClaim) =>
    claim.parentIndex === input.claimIndex &&
    claim.position === position &&
    claim.value === input.value
  if (game.claims.some(isSame)) throw new GameRuleError('ClaimAlreadyExists')
  const claim: GameClaim = {
    index: game.claims.length,
    parentIndex: input.claimIndex,
    position,
    value: input.value,
    claimant: input.claimant,
    bondWei: game.rules.bondAt(positionDepth(position)),
    clock,
    counteredBy: null,
    resolved: false,
  }
  return { ...game, claims: [...game.claims, claim] }
}

export interface StepInput {
  readonly claimIndex: number
  readonly attack: boolean
  readonly claimant: Hex
}

/** Counters a leaf by proving one instruction. Throws GameRuleError when the contract would revert. */
export function applyStep(game: GameModel, input: StepInput): GameModel {
  assertInProgress(game)
  const leaf = claimAt(game, input.claimIndex)
  if (leaf.resolved) throw new GameRuleError('ClaimAlreadyResolved')
  if (positionDepth(leaf.position) !== game.rules.maxDepth) throw new GameRuleError('NotALeaf')
  if (leaf.counteredBy !== null) throw new GameRuleError('DuplicateStep')
  const { before, after } = stepStates(game, leaf, input.attack)
  const isValid = game.rules.execute(before) === after.value
  const sameTeam = (positionDepth(leaf.position) - positionDepth(after.position)) % 2 === 0
  if (sameTeam === isValid) throw new GameRuleError('ValidStep')
  return withClaim(game, { ...leaf, counteredBy: input.claimant })
}

/**
 * The claims between which the step lies.
 * Rationale: an attack executes the leaf's own step from the claim left of it (or the absolute prestate); a defence executes the
 * step after it, up to the claim right of it. Mirrors `step`.
 */
function stepStates(
  game: GameModel,
  leaf: GameClaim,
  attack: boolean,
): { readonly before: Hex; readonly after: GameClaim } {
  if (!attack) {
    return { before: leaf.value, after: ancestorAt(game, leaf.position + 1n, leaf) }
  }
  const before =
    indexAtDepth(leaf.position) === 0n
      ? game.absolutePrestate
      : ancestorAt(game, leaf.position - 1n, leaf).value
  return { before, after: leaf }
}

/** Nearest ancestor that commits to the trace index of `position`. Mirrors `_findTraceAncestor`. */
function ancestorAt(game: GameModel, position: Position, start: GameClaim): GameClaim {
  const wanted = traceAncestor(position)
  let claim = start
  while (claim.position !== wanted) {
    if (claim.parentIndex === null) throw new GameRuleError('NoTraceAncestor')
    claim = claimAt(game, claim.parentIndex)
  }
  return claim
}

/** Whether `resolveClaim(index)` would succeed now: its time is over and its children are resolved. */
export function isClaimResolvable(
  game: Pick<GameModel, 'claims' | 'rules'>,
  index: number,
  nowSeconds: bigint,
): boolean {
  const claim = game.claims[index]
  if (!claim || claim.resolved) return false
  const used = challengerDuration(game.claims, claim, nowSeconds, game.rules)
  if (used < game.rules.maxClockSeconds) return false
  return game.claims.every((child) => child.parentIndex !== index || child.resolved)
}

/**
 * Resolves a subgame: the leftmost uncountered child wins the bond; without one, the claimant gets it back.
 * Rationale: the leftmost correct counter is the one that found the first difference. Mirrors `resolveClaim`.
 */
export function applyResolveClaim(game: GameModel, index: number, nowSeconds: bigint): GameModel {
  assertInProgress(game)
  if (!isClaimResolvable(game, index, nowSeconds)) throw new GameRuleError('ClaimNotResolvable')
  const claim = claimAt(game, index)
  let winner: GameClaim | undefined
  for (const child of game.claims) {
    if (child.parentIndex !== index || child.counteredBy !== null) continue
    if (!winner || child.position < winner.position) winner = child
  }
  const counteredBy = winner?.claimant ?? claim.counteredBy
  const recipient = counteredBy ?? claim.claimant
  const credits = new Map(game.credits)
  credits.set(recipient, (credits.get(recipient) ?? 0n) + claim.bondWei)
  return { ...withClaim(game, { ...claim, counteredBy, resolved: true }), credits }
}

/** Resolves the game once its root is. Mirrors `resolve`. */
export function applyResolve(game: GameModel): GameModel {
  assertInProgress(game)
  const root = claimAt(game, 0)
  if (!root.resolved) throw new GameRuleError('OutOfOrderResolution')
  return { ...game, status: root.counteredBy === null ? 'defenderWins' : 'challengerWins' }
}

function withClaim(game: GameModel, claim: GameClaim): GameModel {
  return { ...game, claims: game.claims.map((old) => (old.index === claim.index ? claim : old)) }
}

function claimAt(game: GameModel, index: number): GameClaim {
  const claim = game.claims[index]
  if (!claim) throw new GameRuleError('NoSuchClaim')
  return claim
}

function assertInProgress(game: GameModel): void {
  if (game.status !== 'inProgress') throw new GameRuleError('GameNotInProgress')
}
