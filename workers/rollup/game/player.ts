/** What an account must send to L1 for one game: moves and steps by the solver, then resolutions and money. Pure but for the trace. */
import { encodeFunctionData } from 'viem'
import { bytesToHex, type Hex, hexToBytes } from '../bytes.ts'
import { anchorAbi, gameAbi } from '../l1/abi.ts'
import type { SendRequest } from '../l1/sender.ts'
import type { GameView, L1Contents } from '../l1/view.ts'
import type { GameAction, GameClaim, Trace } from './claims.ts'
import { type ClockRules, challengeDeadline } from './clock.ts'
import { positionDepth } from './position.ts'
import { nextActions } from './solver.ts'

export interface PlayerRules extends ClockRules {
  readonly disputeWindowSeconds: bigint
  readonly airGapSeconds: bigint
  /** Bond in wei of a claim at a depth. */
  readonly bondAt: (depth: number) => bigint
}

/** A trace that can prove its steps. */
export interface Prover extends Trace {
  /** Witness of the step with this trace index, as the verifier takes it. */
  witnessAt(traceIndex: bigint): Promise<Uint8Array>
}

export interface Player {
  readonly account: Hex
  readonly rules: PlayerRules
  readonly anchorRegistry: Uint8Array
}

/** Gas limits of the calls; a step may take all that a transaction on Ethereum can (EIP-7825). */
export const GAS = {
  create: 2_000_000n,
  move: 700_000n,
  step: 16_777_216n,
  resolveClaim: 1_000_000n,
  resolve: 700_000n,
  finalize: 700_000n,
  claimCredit: 500_000n,
} as const

/** Seconds after which anyone resolves what its beneficiary did not. */
export const RESOLVE_PATIENCE_SECONDS = 10n

export type GameCall = SendRequest & {
  readonly action: GameAction | null
  readonly failuresMax?: number
}

/** Rationale: what L1 computed once it computes again; a liar's step reverts, and more tries only cost gas. */
const STEP_FAILURES_MAX = 1

/**
 * Moves and steps due at `nowSeconds`, the time of the newest L1 block.
 * Rationale: a claim whose time is over can no longer be countered, so nothing is wasted on it.
 */
export async function dueMoves(
  player: Player,
  game: GameView,
  prover: Prover,
  nowSeconds: bigint,
): Promise<readonly GameCall[]> {
  if (game.outcome !== 'inProgress' || game.isBlacklisted) return []
  const actions = await nextActions(game.claims, prover)
  const calls: GameCall[] = []
  for (const action of actions) {
    const claim = game.claims[action.claimIndex]
    if (!claim) continue
    const isOver = challengeDeadline(game.claims, claim, player.rules) <= nowSeconds
    if (action.kind === 'move' && !isOver) calls.push(moveCall(player, game, claim, action))
    if (action.kind === 'step') calls.push(await stepCall(game, claim, action, prover))
  }
  return calls
}

export function moveCall(
  player: Pick<Player, 'rules'>,
  game: GameView,
  claim: GameClaim,
  action: Extract<GameAction, { kind: 'move' }>,
): GameCall {
  const args = [claim.value, BigInt(claim.index), action.value, action.attack] as const
  return {
    action,
    label: `move:${game.address}:${claim.index}:${action.position}:${action.value}`,
    to: hexToBytes(game.address),
    data: hexToBytes(encodeFunctionData({ abi: gameAbi, functionName: 'move', args })),
    valueWei: player.rules.bondAt(positionDepth(action.position)),
    gasLimit: GAS.move,
  }
}

async function stepCall(
  game: GameView,
  claim: GameClaim,
  action: Extract<GameAction, { kind: 'step' }>,
  prover: Prover,
): Promise<GameCall> {
  const witness = await prover.witnessAt(action.traceIndex)
  const args = [BigInt(claim.index), action.attack, bytesToHex(witness)] as const
  return {
    action,
    label: `step:${game.address}:${claim.index}:${action.attack ? 'attack' : 'defence'}`,
    to: hexToBytes(game.address),
    data: hexToBytes(encodeFunctionData({ abi: gameAbi, functionName: 'step', args })),
    valueWei: 0n,
    gasLimit: GAS.step,
    failuresMax: STEP_FAILURES_MAX,
  }
}

/** Resolutions and payments due at `nowSeconds`, in the order in which they must be executed. */
export function dueResolutions(
  player: Player,
  game: GameView,
  contents: L1Contents,
  nowSeconds: bigint,
): readonly GameCall[] {
  if (game.outcome !== 'inProgress') return afterResolution(player, game, contents, nowSeconds)
  const parent = game.parent === null ? undefined : contents.games.get(game.parent)
  if (parent?.outcome === 'challengerWins') {
    const isOurs = isOurTurn(player, game.proposer, parent.resolvedAt, nowSeconds)
    return isOurs ? [gameCall(game, 'resolve')] : []
  }
  const { calls, fate } = claimResolutions(player, game, nowSeconds)
  const root = game.claims[0]
  if (!root || parent?.outcome === 'inProgress') return calls
  const isCountered = root.resolved ? root.counteredBy !== null : fate.get(0)
  if (isCountered === undefined) return calls
  const windowEnd = game.createdAt + player.rules.disputeWindowSeconds
  const due = isCountered ? challengeDeadline(game.claims, root, player.rules) : windowEnd
  const beneficiary = isCountered ? rootWinner(game, contents) : game.proposer
  const isDue =
    due <= nowSeconds && isOurTurn(player, beneficiary ?? player.account, due, nowSeconds)
  return isDue ? [...calls, gameCall(game, 'resolve')] : calls
}

/**
 * Claims whose time is over and whose children are, or are about to be, resolved: deepest first.
 * Rationale: one account's calls execute in the order of their nonces, so a whole branch can go into one L1 block.
 */
function claimResolutions(
  player: Player,
  game: GameView,
  nowSeconds: bigint,
): { readonly calls: readonly GameCall[]; readonly fate: ReadonlyMap<number, boolean> } {
  const calls: GameCall[] = []
  const fate = new Map<number, boolean>()
  for (const claim of game.claims.toReversed()) {
    const children = game.claims.filter((child) => child.parentIndex === claim.index)
    const isOpen = children.some((child) => !child.resolved && !fate.has(child.index))
    const deadline = challengeDeadline(game.claims, claim, player.rules)
    if (claim.resolved || isOpen || deadline > nowSeconds) continue
    const winner = children
      .filter((child) => (fate.get(child.index) ?? child.counteredBy !== null) === false)
      .reduce<GameClaim | null>((left, child) => leftmost(left, child), null)
    const recipient = winner?.claimant ?? claim.counteredBy ?? claim.claimant
    if (!isOurTurn(player, recipient, deadline, nowSeconds)) continue
    fate.set(claim.index, winner !== null || claim.counteredBy !== null)
    calls.push(gameCall(game, 'resolveClaim', claim.index))
  }
  return { calls, fate }
}

function leftmost(left: GameClaim | null, right: GameClaim): GameClaim {
  return left !== null && left.position <= right.position ? left : right
}

/**
 * Rationale: resolving costs gas, so who wins does it; others step in after a while, if the game concerns them, because a game that
 * nobody resolves blocks those that build on it.
 */
function isOurTurn(player: Player, beneficiary: Hex, due: bigint, nowSeconds: bigint): boolean {
  return beneficiary === player.account || due + RESOLVE_PATIENCE_SECONDS <= nowSeconds
}

/** Who brought the root down; of a game whose parent fell, who brought that one down. Mirrors `rootWinner`. */
function rootWinner(game: GameView, contents: L1Contents): Hex | null {
  const parent = game.parent === null ? undefined : contents.games.get(game.parent)
  if (game.distribution === PARENT_LOST && parent) return rootWinner(parent, contents)
  return game.claims[0]?.counteredBy ?? null
}

/** `IDisputeGame.Distribution.ParentLost`. */
const PARENT_LOST = 3

function afterResolution(
  player: Player,
  game: GameView,
  contents: L1Contents,
  nowSeconds: bigint,
): readonly GameCall[] {
  const due = game.resolvedAt + player.rules.airGapSeconds
  if (due > nowSeconds) return []
  const calls: GameCall[] = []
  if (isFinalizable(game, contents) && isOurTurn(player, game.proposer, due, nowSeconds)) {
    calls.push(finalizeCall(player, game))
  }
  if (owed(player, game, contents) > 0n && !game.claimed.has(player.account)) {
    calls.push(gameCall(game, 'claimCredit', player.account))
  }
  return calls
}

function isFinalizable(game: GameView, contents: L1Contents): boolean {
  if (game.isFinal || game.isBlacklisted || game.outcome !== 'defenderWins') return false
  const parent = game.parent === null ? undefined : contents.games.get(game.parent)
  return parent === undefined || parent.isFinal
}

/**
 * Wei that the contract owes the player: what it won; its own bonds where a game is refunded; and where the parent fell, its own
 * bonds but for the root's, which goes to whoever brought the parent down. Mirrors `creditOf`.
 */
export function owed(player: Player, game: GameView, contents: L1Contents): bigint {
  const isParentLost = game.distribution === PARENT_LOST
  if (!isParentLost && !game.isBlacklisted) return game.credits.get(player.account) ?? 0n
  return game.claims.reduce((sum, claim) => {
    const isMoved = isParentLost && claim.index === 0
    const owner = isMoved ? rootWinner(game, contents) : claim.claimant
    return owner === player.account ? sum + claim.bondWei : sum
  }, 0n)
}

function finalizeCall(player: Player, game: GameView): GameCall {
  const data = encodeFunctionData({
    abi: anchorAbi,
    functionName: 'finalize',
    args: [game.address],
  })
  return {
    action: null,
    label: `finalize:${game.address}`,
    to: player.anchorRegistry,
    data: hexToBytes(data),
    valueWei: 0n,
    gasLimit: GAS.finalize,
  }
}

function gameCall(
  game: GameView,
  name: 'resolveClaim' | 'resolve' | 'claimCredit',
  argument?: number | Hex,
): GameCall {
  const data =
    name === 'resolveClaim'
      ? encodeFunctionData({ abi: gameAbi, functionName: name, args: [BigInt(argument ?? 0)] })
      : name === 'resolve'
        ? encodeFunctionData({ abi: gameAbi, functionName: name })
        : encodeFunctionData({ abi: gameAbi, functionName: name, args: [argument as Hex] })
  return {
    action: null,
    label: `${name}:${game.address}:${argument ?? 'game'}`,
    to: hexToBytes(game.address),
    data: hexToBytes(data),
    valueWei: 0n,
    gasLimit: GAS[name],
  }
}
