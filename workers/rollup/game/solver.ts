/**
 * What a party that believes in one trace must do in a game. Pure but for the trace. Reads the claims in order, so that the fate of a
 * parent is known before its children: the rules are those under which the party never loses a bond if its trace is the true one.
 */
import type { Hex } from '../bytes.ts'
import type { GameAction, GameClaim, Trace } from './claims.ts'
import {
  MAX_DEPTH,
  movePosition,
  type Position,
  positionDepth,
  ROOT_POSITION,
  traceIndex,
} from './position.ts'

/** What is known of a claim while the tree is walked: is it one of ours, and where would ours counter it. */
interface Verdict {
  readonly ours: boolean
  readonly counter: Position | null
}

interface Walk {
  readonly claims: readonly GameClaim[]
  readonly verdicts: Verdict[]
  /** Keys of all claims present, to find duplicates. */
  readonly present: ReadonlySet<string>
  /** Keys of the moves that a party with our trace makes or has made. */
  readonly ourMoves: Set<string>
  readonly trace: Trace
  readonly maxDepth: number
}

/** All actions due now, in the order of the claims that they answer. Claims already answered give none. */
export async function nextActions(
  claims: readonly GameClaim[],
  trace: Trace,
  maxDepth: number = MAX_DEPTH,
): Promise<readonly GameAction[]> {
  const walk: Walk = {
    claims,
    verdicts: [],
    present: new Set(claims.map(claimKey)),
    ourMoves: new Set(),
    trace,
    maxDepth,
  }
  const actions: GameAction[] = []
  for (const claim of claims) {
    const ours = await isOurs(walk, claim)
    const counters = !ours && shouldCounter(walk, claim)
    const action = counters ? await counterOf(walk, claim) : null
    walk.verdicts.push({ ours, counter: action?.kind === 'move' ? action.position : null })
    if (action && !isAnswered(walk, claim, action)) actions.push(action)
  }
  return actions
}

/**
 * Rationale: a claim is ours if a party with our trace makes it, whoever posted it: a right root, or exactly the move that we make
 * against a claim that we counter. Right values in other places are not ours: their authors defend them.
 */
async function isOurs(walk: Walk, claim: GameClaim): Promise<boolean> {
  if (claim.parentIndex === null) return agrees(walk, claim)
  return walk.ourMoves.has(claimKey(claim))
}

/**
 * Rationale: (1) a root that is not ours is countered. (2) A claim that counters ours is countered, or we lose the bond. (3) A claim
 * under one that we counter as well is a rival for the same bond: one at or left of our counter would take it as the leftmost, so it
 * is countered; one to the right cannot, and is left alone. (4) What answers a claim that we ignored is not our concern.
 */
function shouldCounter(walk: Walk, claim: GameClaim): boolean {
  if (claim.parentIndex === null) return true
  const parent = walk.verdicts[claim.parentIndex]
  if (!parent) return false
  if (parent.ours) return true
  if (parent.counter === null) return false
  return isAtOrLeftOf(walk, claim.position, parent.counter)
}

function isAtOrLeftOf(walk: Walk, position: Position, ours: Position): boolean {
  return traceIndex(position, walk.maxDepth) <= traceIndex(ours, walk.maxDepth)
}

/**
 * Rationale: what we disagree with is attacked (the first difference lies at or left of it), what we agree with is defended (it lies
 * to its right). The root cannot be defended: agreeing with it makes it ours. A leaf is answered by the proof of one step.
 */
async function counterOf(walk: Walk, claim: GameClaim): Promise<GameAction> {
  const attack = !(await agrees(walk, claim))
  if (positionDepth(claim.position) >= walk.maxDepth) {
    const index = traceIndex(claim.position, walk.maxDepth)
    return {
      kind: 'step',
      claimIndex: claim.index,
      attack,
      traceIndex: attack ? index : index + 1n,
    }
  }
  const position = movePosition(claim.position, attack)
  const value = await walk.trace.stateHashAt(traceIndex(position, walk.maxDepth))
  walk.ourMoves.add(moveKey(claim.index, position, value))
  return { kind: 'move', claimIndex: claim.index, attack, position, value }
}

/**
 * Rationale: the contract forbids a second equal move; if another party made ours, its claim serves as well. A leaf can be stepped
 * on once. A resolved subgame accepts nothing.
 */
function isAnswered(walk: Walk, claim: GameClaim, action: GameAction): boolean {
  if (claim.resolved) return true
  if (action.kind === 'step') return claim.counteredBy !== null
  return walk.present.has(moveKey(claim.index, action.position, action.value))
}

async function agrees(walk: Walk, claim: GameClaim): Promise<boolean> {
  const index = traceIndex(claim.position, walk.maxDepth)
  return (await walk.trace.stateHashAt(index)) === claim.value
}

function claimKey(claim: GameClaim): string {
  return moveKey(claim.parentIndex ?? -1, claim.position, claim.value)
}

function moveKey(parentIndex: number, position: Position, value: Hex): string {
  return `${parentIndex}:${position}:${value}`
}

/** The claim to the root: whether a party with this trace defends (true) or attacks the proposal. */
export async function agreesWithRoot(
  root: GameClaim,
  trace: Trace,
  maxDepth: number = MAX_DEPTH,
): Promise<boolean> {
  return (await trace.stateHashAt(traceIndex(ROOT_POSITION, maxDepth))) === root.value
}
