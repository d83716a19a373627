/** The wall clock of a worker or a page, for the pacer. */
import type { WallClock } from '../kernel/pacer.ts'

/** Delays of 0 skip the 4 ms that browsers add to nested timeouts. */
export function createWallClock(): WallClock {
  const { port1, port2 } = new MessageChannel()
  let queue: (() => void)[] = []
  port1.onmessage = () => {
    const due = queue
    queue = []
    for (const task of due) task()
  }
  const soon = (task: () => void): (() => void) => {
    queue.push(task)
    port2.postMessage(null)
    return () => {
      queue = queue.filter((one) => one !== task)
    }
  }
  return {
    nowMs: () => performance.now(),
    schedule: (delayMs, task) => {
      if (delayMs <= 0) return soon(task)
      const timer = setTimeout(task, delayMs)
      return () => clearTimeout(timer)
    },
  }
}
