/** The page's read-only copy of the projection. Patches arrive when workers please and land once per frame. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Projection, ProjectionPatch } from '../../workers/protocol/projection.ts'
import { landPerFrame } from './per-frame.ts'

/** Null until the first patch, which holds every section. */
export const worldStore = createStore<{ readonly world: Projection | null }>(() => ({
  world: null,
}))

export const receivePatch = landPerFrame<ProjectionPatch>((patch) => {
  const next = { ...worldStore.getState().world, ...patch } as Projection
  if (next.clock !== undefined && next.log !== undefined) worldStore.setState({ world: next })
})

/** Selects from the projection; components below `App` render only once it is there. */
export function useWorld<T>(select: (world: Projection) => T): T {
  return useStore(worldStore, (state) => {
    if (state.world === null) throw new TypeError('The projection is read before it arrived.')
    return select(state.world)
  })
}

export const useHasWorld = (): boolean => useStore(worldStore, (state) => state.world !== null)

/** Virtual milliseconds, changing no more often than every `gridMs`. */
export function useTimeMs(gridMs: number): number {
  return useWorld((world) => Math.floor(world.clock.timeMs / gridMs) * gridMs)
}
