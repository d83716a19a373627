import type { Clock, GameClaim } from './claims.ts'

export interface ClockRules {
  readonly maxClockSeconds: bigint
  readonly extensionSeconds: bigint
}

/**
 * Seconds that the opponents of a claim have used to counter it.
 * Rationale: the clock is a team's along one branch: what its last move there (the claim's parent) had used, plus the time since
 * this claim was made. Capped at the maximum. Mirrors `getChallengerDuration`.
 */
export function challengerDuration(
  claims: readonly GameClaim[],
  claim: GameClaim,
  nowSeconds: bigint,
  rules: ClockRules,
): bigint {
  const parent = claim.parentIndex === null ? undefined : claims[claim.parentIndex]
  const used = (parent?.clock.durationSeconds ?? 0n) + (nowSeconds - claim.clock.timestamp)
  return used > rules.maxClockSeconds ? rules.maxClockSeconds : used
}

/** L1 time from which the claim's subgame can be resolved, its children allowing. */
export function challengeDeadline(
  claims: readonly GameClaim[],
  claim: GameClaim,
  rules: ClockRules,
): bigint {
  const parent = claim.parentIndex === null ? undefined : claims[claim.parentIndex]
  return claim.clock.timestamp + rules.maxClockSeconds - (parent?.clock.durationSeconds ?? 0n)
}

/**
 * Clock of a claim made now against `challenged`, or `null` when its team's time is over.
 * Rationale: whoever moves at the last moment leaves the mover's team at least the extension for its next move on the branch, so
 * that free-riders who burn an honest team's clock cannot time it out. Mirrors `move`.
 */
export function nextClock(
  claims: readonly GameClaim[],
  challenged: GameClaim,
  nowSeconds: bigint,
  rules: ClockRules,
): Clock | null {
  const used = challengerDuration(claims, challenged, nowSeconds, rules)
  if (used >= rules.maxClockSeconds) return null
  const most = rules.maxClockSeconds - rules.extensionSeconds
  return { durationSeconds: used > most ? most : used, timestamp: nowSeconds }
}
