/** A call that repeats for as long as it works: never two at once, and over with the first failure. */
export interface Beating {
  /** Resolves when no call is under way; none begins before `release`. */
  hold(): Promise<void>
  release(): void
  stop(): void
}

interface BeatOptions {
  readonly beat: () => Promise<void>
  /** Wall milliseconds between two calls. */
  readonly everyMs: number
  /** Called once; no call follows. */
  readonly onFailure: (error: unknown) => void
}

export function keepBeating({ beat, everyMs, onFailure }: BeatOptions): Beating {
  let current: Promise<void> | null = null
  let isHeld = false
  let isStopped = false
  const stop = () => {
    isStopped = true
    clearInterval(timer)
  }
  const once = async () => {
    try {
      await beat()
    } catch (error) {
      if (isStopped) return
      stop()
      onFailure(error)
    } finally {
      current = null
    }
  }
  const timer = setInterval(() => {
    if (current === null && !isHeld) current = once()
  }, everyMs)
  return {
    hold: async () => {
      isHeld = true
      await current
    },
    release: () => {
      isHeld = false
    },
    stop,
  }
}
