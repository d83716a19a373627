/** An actor who applies faults, at a time or when something was observed. */
import type { Fault } from '../../protocol/faults.ts'
import type { TraceEvent } from '../../protocol/trace.ts'
import { faultToAction } from '../faults.ts'
import type { Actor } from './actor.ts'

interface FaultState {
  /** Null once it acted, or while it waits for its moment. */
  readonly dueMs: number | null
  readonly isArmed: boolean
}

export interface FaultMoment {
  /** Virtual time; with `after`, the delay behind the event. */
  readonly atMs: number
  /** The first event that matches starts the delay. */
  readonly after?: (event: TraceEvent) => boolean
}

export function createFault(
  name: string,
  moment: FaultMoment,
  faults: readonly Fault[],
): Actor<FaultState> {
  const { atMs, after } = moment
  return {
    name: `fault:${name}`,
    initial: { dueMs: after === undefined ? atMs : null, isArmed: after !== undefined },
    nextMs: ({ dueMs }) => dueMs,
    act: async (state) => ({
      state: { ...state, dueMs: null },
      actions: faults.map(faultToAction),
    }),
    observe: (state, event) => {
      if (!state.isArmed || after?.(event) !== true) return state
      return { dueMs: event.timeMs + atMs, isArmed: false }
    },
  }
}
