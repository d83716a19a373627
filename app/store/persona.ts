/** The page's read-only copy of what the Persona engine shows. Patches land once per frame, as those of the world do. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { PersonaPatch, PersonaProjection } from '../../workers/protocol/persona.ts'

/** Null until the engine has people. */
export const personaStore = createStore<{ readonly personas: PersonaProjection | null }>(() => ({
  personas: null,
}))

let pending: PersonaPatch | null = null

/** Merges a patch into the next frame. A hidden tab gets no frames, so there it lands at once. */
export function receivePersonaPatch(patch: PersonaPatch): void {
  if (pending !== null) {
    pending = { ...pending, ...patch }
    return
  }
  pending = patch
  if (document.hidden) land()
  else requestAnimationFrame(land)
}

function land(): void {
  if (pending === null) return
  const { personas } = personaStore.getState()
  personaStore.setState({ personas: { ...personas, ...pending } as PersonaProjection })
  pending = null
}

export const useHasPersonas = (): boolean =>
  useStore(personaStore, ({ personas }) => personas !== null)

/** Selects from the projection; components below `Personas` render only once it is there. */
export function usePersonas<T>(select: (personas: PersonaProjection) => T): T {
  return useStore(personaStore, ({ personas }) => {
    if (personas === null) throw new TypeError('Personas are read before they arrived.')
    return select(personas)
  })
}
