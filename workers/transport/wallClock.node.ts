/** Node's wall clock, for the pacer. */
import type { WallClock } from '../kernel/pacer.ts'

export function createNodeClock(): WallClock {
  return {
    nowMs: () => performance.now(),
    schedule: (delayMs, task) => {
      if (delayMs <= 0) {
        const immediate = setImmediate(task)
        return () => clearImmediate(immediate)
      }
      const timer = setTimeout(task, delayMs)
      return () => clearTimeout(timer)
    },
  }
}
