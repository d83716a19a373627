/** The page's read-only copy of what the Persona engine shows. Patches land once per frame, as those of the world do. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { PersonaPatch, PersonaProjection } from '../../workers/protocol/persona.ts'
import { landPerFrame } from './per-frame.ts'

interface PersonaState {
  /** Null until the engine has people. */
  readonly personas: PersonaProjection | null
  /** Why the engine crashed; null as long as it did not. */
  readonly crash: string | null
}

export const personaStore = createStore<PersonaState>(() => ({ personas: null, crash: null }))

export const receivePersonaPatch = landPerFrame<PersonaPatch>((patch) => {
  const next = { ...personaStore.getState().personas, ...patch } as PersonaProjection
  if (next.setup === undefined || next.feed === undefined) return
  personaStore.setState({ personas: next, crash: null })
})

/** What was shown goes with its engine; after a crash it stays as it was. */
export function personasEnded(crash: string | null): void {
  personaStore.setState(crash === null ? { personas: null, crash } : { crash })
}

export const useHasPersonas = (): boolean =>
  useStore(personaStore, ({ personas }) => personas !== null)

export const usePersonaCrash = (): string | null => useStore(personaStore, ({ crash }) => crash)

/** Selects from the projection; components below `Personas` render only once it is there. */
export function usePersonas<T>(select: (personas: PersonaProjection) => T): T {
  return useStore(personaStore, ({ personas }) => {
    if (personas === null) throw new TypeError('Personas are read before they arrived.')
    return select(personas)
  })
}
