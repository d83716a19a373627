/** How long somebody waits for a query's answer. Queries run outside of the simulation, so that wall time may end them. */
import { BaseError } from './errors.ts'
import type { WallClock } from './pacer.ts'

export interface Patience {
  /**
   * To be called by whatever somebody from outside can make long, and awaited if it gives a promise: others run meanwhile.
   * `weight`: 1 for a small step; `STEPS` for one that may take milliseconds by itself. Throws `QueryTimeoutError`.
   */
  tick(weight?: number): Promise<void> | undefined
  /** Another limit for this query, from its begin. */
  allow(limitMs: number): void
}

/** The query took longer than its caller allows. */
export class QueryTimeoutError extends BaseError {
  override name = 'QueryTimeoutError'

  constructor(limitMs: number) {
    super(`execution aborted (timeout = ${limitMs / 1_000}s)`, { code: -32000 })
  }
}

/** As geth's RPCEVMTimeout. */
export const QUERY_LIMIT_MS = 5_000
/** Small steps between two looks at the clock. */
export const STEPS = 256
/** Wall time after which others of the thread run. */
const SLICE_MS = 12

/** Patience that begins now. */
export function createPatience(clock: WallClock): Patience {
  const beginMs = clock.nowMs()
  let [limitMs, sliceMs, steps] = [QUERY_LIMIT_MS, beginMs, 0]
  const others = async (): Promise<void> => {
    await new Promise<void>((resolve) => clock.schedule(0, resolve))
    sliceMs = clock.nowMs()
  }
  return {
    tick(weight = 1) {
      steps += weight
      if (steps < STEPS) return undefined
      steps = 0
      const nowMs = clock.nowMs()
      if (nowMs - beginMs > limitMs) throw new QueryTimeoutError(limitMs)
      return nowMs - sliceMs > SLICE_MS ? others() : undefined
    },
    allow(ms) {
      limitMs = ms
    },
  }
}
