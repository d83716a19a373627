/** The page's read-only copy of the projection. Patches arrive when workers please and land once per frame. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Projection, ProjectionPatch } from '../../workers/protocol/projection.ts'

/** Null until the first patch, which holds every section. */
export const worldStore = createStore<{ readonly world: Projection | null }>(() => ({
  world: null,
}))

let pending: ProjectionPatch | null = null

/** Merges a patch into the next frame. A hidden tab gets no frames, so there it lands at once. */
export function receivePatch(patch: ProjectionPatch): void {
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
  const { world } = worldStore.getState()
  const next = { ...world, ...pending } as Projection
  pending = null
  if (next.clock !== undefined && next.log !== undefined) worldStore.setState({ world: next })
}

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
