/** The page's read-only copy of what the Persona engine shows. Patches land once per frame, as those of the world do. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { PersonaPatch, PersonaProjection } from '../../workers/protocol/persona.ts'
import { landPerFrame } from './per-frame.ts'

/** Null until the engine has people. */
export const personaStore = createStore<{ readonly personas: PersonaProjection | null }>(() => ({
  personas: null,
}))

export const receivePersonaPatch = landPerFrame<PersonaPatch>((patch) => {
  const { personas } = personaStore.getState()
  personaStore.setState({ personas: { ...personas, ...patch } as PersonaProjection })
})

export const useHasPersonas = (): boolean =>
  useStore(personaStore, ({ personas }) => personas !== null)

/** Selects from the projection; components below `Personas` render only once it is there. */
export function usePersonas<T>(select: (personas: PersonaProjection) => T): T {
  return useStore(personaStore, ({ personas }) => {
    if (personas === null) throw new TypeError('Personas are read before they arrived.')
    return select(personas)
  })
}
