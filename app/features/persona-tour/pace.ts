/** The seven-minute cut: how long it stays at a step. All times are wall milliseconds of the page. */
import { steps } from './steps.ts'

/** Time enough to see what a step has brought. */
const leastMs = 8_000

/** From the tour's beginning to the step's, by the plan. */
export function plannedMs(step: number): number {
  return steps.slice(0, step).reduce((sum, { seconds }) => sum + seconds * 1_000, 0)
}

/** All steps together. */
export const cutMs = plannedMs(steps.length)

/**
 * When the step is over: after its own part of the seven minutes; earlier where steps before it took longer than theirs, so that the
 * cut ends in time on a slow machine too.
 */
export function leaveMs(step: {
  readonly at: number
  readonly startedMs: number
  readonly enteredMs: number
}): number {
  const { at, startedMs, enteredMs } = step
  const ownMs = enteredMs + (steps[at]?.seconds ?? 0) * 1_000
  return Math.min(ownMs, Math.max(startedMs + plannedMs(at + 1), enteredMs + leastMs))
}
