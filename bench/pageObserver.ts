/** Counts frames and long tasks inside the page, and notes when the first L2 block is drawn. */
import type { Provider } from '../sdk/provider.ts'
import type { World } from '../workers/protocol/world.ts'

export interface Observed {
  readonly frames: number
  /** Milliseconds after navigation; null before. */
  readonly firstBlockMs: number | null
  /** Durations in milliseconds. */
  readonly longTasks: readonly number[]
}

export interface PageWindow {
  benchObserver?: {
    frames: number
    firstBlockMs: number | null
    readonly longTasks: number[]
    counted?: { number: number; transactions: number }
  }
  readonly trex?: { readonly world: World; readonly l2: Provider }
}

/** Runs in the page before its own scripts; refers to nothing outside itself. */
export function installObserver(): void {
  const observer: NonNullable<PageWindow['benchObserver']> = {
    frames: 0,
    firstBlockMs: null,
    longTasks: [],
  }
  ;(window as unknown as PageWindow).benchObserver = observer
  const frame = (): void => {
    observer.frames += 1
    // A square of the L2 lane; the search ends with the first one.
    if (observer.firstBlockMs === null && document.querySelector('rect[data-offset]') !== null)
      observer.firstBlockMs = performance.now()
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) observer.longTasks.push(duration)
  }).observe({ type: 'longtask', buffered: true })
}
