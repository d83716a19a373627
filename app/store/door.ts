/** Pages of other origins at the door: who asks, who is connected. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { DoorView } from '../bridge/door/door.ts'

export const doorStore = createStore<DoorView>(() => ({
  asking: null,
  isErrand: false,
  connected: [],
  tokens: [],
}))

export function useDoor<T>(select: (view: DoorView) => T): T {
  return useStore(doorStore, select)
}
