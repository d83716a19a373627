/** Maps virtual to wall time. The only part of the kernel that sees a wall clock, and it is injected. */
import type { Conductor } from './conductor.ts'
import { InvalidArgumentError } from './errors.ts'

export interface WallClock {
  /** Monotonic milliseconds. */
  nowMs(): number
  /** Runs `task` once, at least `delayMs` later; returns a function that cancels it. */
  schedule(delayMs: number, task: () => void): () => void
}

/** Virtual milliseconds per wall millisecond, or as fast as the machine can. */
export type PacerSpeed = number | 'max'

export const SPEED_MIN = 0.1
export const SPEED_MAX = 100
/** A longer silence of the wall clock means that the tab slept: what was missed is not caught up. */
export const CATCH_UP_MAX_MS = 250
/** Wall time after which the loop lets other tasks of its thread run. */
const SLICE_MS = 12
const TICK_MS = 8
const PACE_SPAN_MS = 1_000

/**
 * - `done`: the predicate holds
 * - `deadline`: virtual time reached the deadline
 * - `idle`: nothing will happen any more without an input
 * - `cancelled`: `isCancelled` said so
 */
export type RunOutcome = 'done' | 'deadline' | 'idle' | 'cancelled'

export interface RunOptions {
  /** Virtual time at which the run stops; windows that begin before it are run. */
  readonly deadlineMs: number
  readonly isDone?: () => boolean | Promise<boolean>
  readonly isCancelled?: () => boolean
  readonly onProgress?: (nowMs: number) => void
}

export interface Pacer {
  play(): void
  /** Resolves when nothing moves any more. */
  pause(): Promise<void>
  isPlaying(): boolean
  /** Throws `InvalidArgumentError` outside 0.1 … 100. */
  setSpeed(speed: PacerSpeed): void
  speed(): PacerSpeed
  /** Runs as fast as possible, playing or not, and keeps the phase. */
  runUntil(options: RunOptions): Promise<RunOutcome>
  /** Virtual seconds per wall second over the last second; 0 while paused. */
  pace(): number
}

export interface PacerOptions {
  readonly conductor: Conductor
  readonly clock: WallClock
  /** A window failed: the world cannot go on. The pacer is paused. */
  readonly onFailure: (error: unknown) => void
}

interface PacerState {
  isPlaying: boolean
  speed: PacerSpeed
  /** Wall time up to which virtual time was accounted for. */
  wallMs: number
  /** Where virtual time should be, with fractions of a millisecond. */
  targetMs: number
  running: Promise<void>
  cancel: () => void
  samples: { readonly wallMs: number; readonly virtualMs: number }[]
}

export function createPacer(options: PacerOptions): Pacer {
  const { conductor, clock } = options
  const state: PacerState = {
    isPlaying: false,
    speed: 1,
    wallMs: 0,
    targetMs: 0,
    running: Promise.resolve(),
    cancel: () => undefined,
    samples: [],
  }
  const rebase = (): void => {
    state.wallMs = clock.nowMs()
    state.targetMs = conductor.nowMs()
  }
  const scheduleTick = (delayMs: number): void => {
    state.cancel = clock.schedule(delayMs, () => {
      state.running = tick(state, options).then(
        (nextDelayMs) => {
          if (state.isPlaying) scheduleTick(nextDelayMs)
        },
        (error: unknown) => {
          state.isPlaying = false
          options.onFailure(error)
        },
      )
    })
  }
  return {
    play: () => {
      if (state.isPlaying) return
      state.isPlaying = true
      state.samples = []
      rebase()
      scheduleTick(0)
    },
    pause: async () => {
      state.isPlaying = false
      state.cancel()
      await state.running
    },
    isPlaying: () => state.isPlaying,
    setSpeed: (speed) => {
      assertSpeed(speed)
      state.speed = speed
      rebase()
    },
    speed: () => state.speed,
    runUntil: async (run) => {
      const outcome = await runUntil(conductor, clock, run)
      rebase()
      return outcome
    },
    pace: () => (state.isPlaying ? measuredPace(state.samples) : 0),
  }
}

function assertSpeed(speed: PacerSpeed): void {
  if (speed === 'max' || (speed >= SPEED_MIN && speed <= SPEED_MAX)) return
  throw new InvalidArgumentError(`Speed must be "max" or from ${SPEED_MIN} to ${SPEED_MAX}.`, {
    metaMessages: [`Value: ${speed}`],
  })
}

/** One slice of work; resolves with the wall time to wait before the next. */
async function tick(state: PacerState, { conductor, clock }: PacerOptions): Promise<number> {
  const startMs = clock.nowMs()
  const elapsedMs = Math.min(startMs - state.wallMs, CATCH_UP_MAX_MS)
  state.wallMs = startMs
  state.targetMs = wantedTime(state, elapsedMs, conductor.nowMs())
  let isBehind = false
  while (state.isPlaying && isDue(conductor, state.targetMs)) {
    await conductor.step()
    isBehind = clock.nowMs() - startMs > SLICE_MS && isDue(conductor, state.targetMs)
    if (isBehind) break
  }
  if (isBehind) {
    // A slow machine runs slower; it owes nothing.
    state.targetMs = Math.min(state.targetMs, conductor.nowMs() + 1)
  } else if (Number.isFinite(state.targetMs)) {
    await conductor.idleUntil(Math.floor(state.targetMs))
  }
  sample(state, clock.nowMs(), conductor.nowMs())
  return isBehind ? 0 : TICK_MS
}

function wantedTime(state: PacerState, elapsedMs: number, nowMs: number): number {
  if (state.speed === 'max') return Number.POSITIVE_INFINITY
  const target = Number.isFinite(state.targetMs) ? state.targetMs : nowMs
  // A window ends up to the minimum latency ahead of the target; time then waits until the target has come there.
  return target + elapsedMs * state.speed
}

function isDue(conductor: Conductor, targetMs: number): boolean {
  const nextMs = conductor.nextMs()
  return nextMs !== null && nextMs <= targetMs
}

function sample(state: PacerState, wallMs: number, virtualMs: number): void {
  state.samples.push({ wallMs, virtualMs })
  while ((state.samples[0]?.wallMs ?? wallMs) < wallMs - PACE_SPAN_MS) state.samples.shift()
}

function measuredPace(samples: PacerState['samples']): number {
  const first = samples[0]
  const last = samples.at(-1)
  if (first === undefined || last === undefined || last.wallMs <= first.wallMs) return 0
  return (last.virtualMs - first.virtualMs) / (last.wallMs - first.wallMs)
}

async function runUntil(
  conductor: Conductor,
  clock: WallClock,
  run: RunOptions,
): Promise<RunOutcome> {
  let sliceStartMs = clock.nowMs()
  for (;;) {
    const outcome = await outcomeNow(conductor, run)
    if (outcome !== null) return outcome
    await conductor.step()
    if (clock.nowMs() - sliceStartMs < SLICE_MS) continue
    run.onProgress?.(conductor.nowMs())
    await breathe(clock)
    sliceStartMs = clock.nowMs()
  }
}

/** Why a run ends here, or null if it goes on. */
async function outcomeNow(conductor: Conductor, run: RunOptions): Promise<RunOutcome | null> {
  if (run.isCancelled?.() === true) return 'cancelled'
  if ((await run.isDone?.()) === true) return 'done'
  const nextMs = conductor.nextMs()
  if (nextMs !== null && nextMs < run.deadlineMs) return null
  if (!Number.isFinite(run.deadlineMs)) return 'idle'
  await conductor.idleUntil(run.deadlineMs)
  return 'deadline'
}

/** Lets the thread take other messages, such as a cancellation. */
function breathe(clock: WallClock): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(0, resolve)
  })
}
