/**
 * Where the guided demonstration stands. It runs in a world of its own, as a lesson does, and keeps the moment before each step:
 * Replay goes back there and does the step again; Start over goes back to the people, who are on chain already.
 */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { CommandResult } from '../../../workers/protocol/persona.ts'
import type { WorldOptions } from '../../../workers/protocol/world.ts'
import type { Session } from '../../bridge/session.ts'
import { personaStore } from '../../store/persona.ts'
import { select, viewStore } from '../../store/view.ts'
import { errorText } from '../shell/session-context.ts'
import { plannedMs } from './pace.ts'
import { createStage, LeftError } from './stage.ts'
import { steps } from './steps.ts'

/** `seven` goes on by itself and hurries what is mere waiting, so that it is over within seven minutes. */
export type Cut = 'full' | 'seven'

const tourOptions: WorldOptions = { seed: 7, preset: 'classroom', scenario: 'steady' }

interface TourState {
  readonly cut: Cut
  /** Index of the step; null while there is no tour. */
  readonly at: number | null
  /** `acting`: what the step does on chain is under way. */
  readonly phase: 'acting' | 'done' | 'failed'
  /** What it does or waits for, or why it failed, in words. */
  readonly words: string
  readonly receipts: readonly CommandResult[]
  /** Checkpoints before the steps that were entered. */
  readonly moments: readonly number[]
  /** The engine's reading of the chain when the world last went back; null before. */
  readonly forgotten: number | null
  /** Wall milliseconds of the page: when the tour began, when the step was entered. Time in which it is held does not count. */
  readonly startedMs: number
  readonly enteredMs: number
  /** Since when the seven-minute cut is held; null while it goes on by itself. */
  readonly heldMs: number | null
  /** Grows with every entry of a step. */
  readonly entry: number
}

const fresh: TourState = {
  cut: 'full',
  at: null,
  phase: 'done',
  words: '',
  receipts: [],
  moments: [],
  forgotten: null,
  startedMs: 0,
  enteredMs: 0,
  heldMs: null,
  entry: 0,
}

const store = createStore<TourState>(() => fresh)
const { getState, setState } = store
let leaving = new AbortController()

export const useTour = <T>(read: (tour: TourState) => T): T => useStore(store, read)

/** A fresh world, and the first step in it. */
export async function startTour(session: Session, cut: Cut): Promise<void> {
  const { world, wallet } = session
  leave()
  select(null)
  viewStore.setState({ checkpoints: [] })
  await wallet.forget()
  await world.open(tourOptions, { kept: false })
  setState({ ...fresh, cut, startedMs: performance.now() })
  await enter(session, 0)
}

/** The next step, once this one is done. */
export async function goOn(session: Session): Promise<void> {
  const { at, phase } = getState()
  if (at === null || phase === 'acting' || at + 1 >= steps.length) return
  await enter(session, at + 1)
}

/** Back to the moment before a step that was entered before, and the same step again. */
export async function replay(session: Session, step: number): Promise<void> {
  if (await goBack(session, step)) await enterAnew(session, step)
}

/** The reset: the first step again, from the moment when everybody is on chain. */
export async function startOver(session: Session): Promise<void> {
  if (await goBack(session, 1)) await enterAnew(session, 0)
}

/** The world as it was before a step; false where that step was not entered yet. */
async function goBack({ world, wallet }: Session, step: number): Promise<boolean> {
  const { moments } = getState()
  const moment = moments[step]
  if (moment === undefined) return false
  leaving.abort(new LeftError())
  setState({
    phase: 'acting',
    words: 'Going back.',
    receipts: [],
    forgotten: personaStore.getState().personas?.setup.readings ?? null,
  })
  await wallet.forget()
  await world.rollback(moment)
  setState({ moments: moments.slice(0, step + 1) })
  return true
}

/** The rest of the seven minutes is before whoever went back. */
async function enterAnew(session: Session, step: number): Promise<void> {
  const nowMs = performance.now()
  setState(({ heldMs }) => ({
    startedMs: nowMs - plannedMs(step),
    heldMs: heldMs === null ? null : nowMs,
  }))
  await enter(session, step)
}

/** Holds the seven-minute cut where it is, or lets it go on by itself. */
export function hold(isHeld: boolean): void {
  const nowMs = performance.now()
  setState(({ heldMs, startedMs, enteredMs }) => {
    if (isHeld) return { heldMs: heldMs ?? nowMs }
    if (heldMs === null) return {}
    return {
      heldMs: null,
      startedMs: startedMs + (nowMs - heldMs),
      enteredMs: enteredMs + (nowMs - Math.max(heldMs, enteredMs)),
    }
  })
}

/** The tour is over; its world goes on. */
export function leave(): void {
  leaving.abort(new LeftError())
  setState(fresh)
}

async function enter(session: Session, at: number): Promise<void> {
  const { world } = session
  leaving.abort(new LeftError())
  leaving = new AbortController()
  const { signal } = leaving
  setState(({ entry }) => ({
    at,
    phase: 'acting',
    words: '',
    receipts: [],
    enteredMs: performance.now(),
    entry: entry + 1,
  }))
  try {
    const { moments, cut, forgotten } = getState()
    if (moments[at] === undefined) setState({ moments: [...moments, await world.checkpoint()] })
    await world.setSpeed(1)
    await world.play()
    const stage = createStage(session, {
      cut,
      signal,
      forgotten,
      tell: (words) => setState({ words }),
      note: (receipt) => setState(({ receipts }) => ({ receipts: [...receipts, receipt] })),
    })
    await steps[at]?.act(stage)
    if (!signal.aborted) setState({ phase: 'done', words: '' })
  } catch (error) {
    if (!signal.aborted) setState({ phase: 'failed', words: errorText(error) })
  }
}
