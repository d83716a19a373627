import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { useWorld } from '../../store/world.ts'
import { attempt, useSession } from '../shell/session-context.ts'
import {
  cheat,
  cheatAgain,
  cheatUnwatched,
  isLessonWorld,
  openLessonWorld,
} from './lesson-world.ts'

export const frameNames = [
  'start',
  'predict',
  'inject',
  'watch',
  'step',
  'check',
  'unwatched',
  'end',
] as const
export type FrameName = (typeof frameNames)[number]

interface Progress {
  readonly at: number
  readonly predicted: number | null
  readonly answer: number | null
  /** Checkpoint before the lie. */
  readonly moment: number | null
}

const fresh: Progress = { at: 0, predicted: null, answer: null, moment: null }

/** Outlives the view: who follows a link out of the lesson comes back to where it was. */
const store = createStore<Progress>(() => fresh)
const { setState } = store

/** What the visitor has said and done so far, and what each button does. */
export function useProgress() {
  const session = useSession()
  const progress = useStore(store)
  const isReady = useWorld(isLessonWorld)
  const goTo = (frame: FrameName) => setState({ at: frameNames.indexOf(frame) })
  const { at, moment } = progress
  return {
    ...progress,
    isReady,
    next: () => setState({ at: Math.min(at + 1, frameNames.length - 1) }),
    again: () => setState(fresh),
    choose: (predicted: number) => setState({ predicted }),
    answerWith: (answer: number | null) => setState({ answer }),
    start: () => {
      setState(fresh)
      goTo('predict')
      if (!isReady) attempt(() => openLessonWorld(session))
    },
    cheat: () => attempt(async () => setState({ moment: await cheat(session) })),
    replayLie: () => {
      if (moment === null) return
      setState({ answer: null })
      goTo('watch')
      attempt(() => cheatAgain(session, moment))
    },
    cheatUnwatched: () => attempt(() => cheatUnwatched(session)),
  }
}
