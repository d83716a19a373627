/** How many people a demonstration brings onto L2, and how many of them are Sybils; it outlives the view. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { PersonaOptions } from '../../../workers/protocol/persona.ts'

/** The seed is the world's. */
export type PeopleOptions = Omit<PersonaOptions, 'seed'>

const store = createStore<PeopleOptions>(() => ({ personas: 200, sybilPermille: 200 }))

export const usePeople = (): PeopleOptions => useStore(store)
export const currentPeople = (): PeopleOptions => store.getState()
export const setPeople = (change: Partial<PeopleOptions>): void => store.setState(change)
