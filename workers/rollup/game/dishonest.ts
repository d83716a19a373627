/**
 * What accounts do in a game that believe in no trace and only read L1: a freeloader copies what others claim, Sybils flood the game.
 * Pure. Both are played by a dishonest executor under other names, and by adversaries of the random games.
 */
import { bytesToHex, type Hex } from '../bytes.ts'
import { keccakText } from '../keccak.ts'
import type { GameAction, GameClaim } from './claims.ts'
import { isDefence, MAX_DEPTH, movePosition, positionDepth } from './position.ts'

export interface Seat {
  readonly claims: readonly GameClaim[]
  readonly account: Hex
  /** Accounts whose claims are left alone, this one among them. */
  readonly allies: ReadonlySet<Hex>
  /** Whether there is time left to answer a claim. */
  readonly isOpen: (claim: GameClaim) => boolean
  readonly maxDepth?: number
}

type Move = Extract<GameAction, { kind: 'move' }>

/**
 * Each claim of the others once more, on the other side of what it answers.
 * Rationale: the value costs nothing to find, and a claim further left would take the bond from the original. One further right never
 * does, but gets its own bond back.
 */
export function copyingMoves(seat: Seat): readonly Move[] {
  return answerable(seat).flatMap((original) => {
    const answered = seat.claims[original.parentIndex ?? -1]
    // To copy what answers a copy of ours would counter ourselves.
    if (!answered || answered.claimant === seat.account || !isAnswerable(seat, answered)) return []
    const attack = isDefence(answered.position, original.position)
    // Nobody can agree with the root: who does need not move.
    if (answered.parentIndex === null && !attack) return []
    return newMove(seat, answered, attack, original.value)
  })
}

/** A false claim against every claim of the others, up to so many by this account. */
export function floodingMoves(seat: Seat, claimsMax: number): readonly Move[] {
  const made = seat.claims.filter(({ claimant }) => claimant === seat.account)
  const answered = new Set(made.map(({ parentIndex }) => parentIndex))
  return answerable(seat)
    .filter(({ index }) => !answered.has(index))
    .slice(0, Math.max(0, claimsMax - made.length))
    .flatMap((claim) => newMove(seat, claim, true, nonsense(seat.account, claim)))
}

function answerable(seat: Seat): readonly GameClaim[] {
  return seat.claims.filter(
    (claim) => !seat.allies.has(claim.claimant) && isAnswerable(seat, claim),
  )
}

function isAnswerable({ isOpen, maxDepth = MAX_DEPTH }: Seat, claim: GameClaim): boolean {
  return !claim.resolved && positionDepth(claim.position) < maxDepth && isOpen(claim)
}

/** Nothing if the claim is there already: the contract knows no second equal move. */
function newMove(
  { claims }: Seat,
  { index: claimIndex, position: answered }: GameClaim,
  attack: boolean,
  value: Hex,
): readonly Move[] {
  const position = movePosition(answered, attack)
  const isThere = claims.some(
    (made) => made.parentIndex === claimIndex && made.position === position && made.value === value,
  )
  return isThere ? [] : [{ kind: 'move', claimIndex, attack, position, value }]
}

/** A state in which no machine ever was, and which no other account claims. */
function nonsense(account: Hex, { index }: GameClaim): Hex {
  return bytesToHex(keccakText(`${account} on claim ${index}`))
}
