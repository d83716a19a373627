/** How many ties one drawn tie stands for: as few as frames can bear. */
export interface Thinning {
  now(): number
  /** After each frame. True if something was left out. */
  drew(tookMs: number): boolean
  /** The next frame leaves out nothing. */
  rest(): void
}

/** Most of a frame's time at thirty a second goes to the canvas itself, which nobody can measure. */
const slowMs = 16
const quickMs = 6
const most = 16

export function createThinning(): Thinning {
  let factor = 1
  return {
    now: () => factor,
    drew: (tookMs) => {
      const wasThinned = factor > 1
      if (tookMs > slowMs) factor = Math.min(most, 2 * factor)
      else if (tookMs < quickMs) factor = Math.max(1, factor / 2)
      return wasThinned
    },
    rest: () => {
      factor = 1
    },
  }
}
