/** When this page sent its transactions; the chain only knows their blocks. */
import { worldStore } from './world.ts'

const times = new Map<string, number>()
const timesMax = 1_000

/** Called right after a node took the transaction. */
export function noteSent(hash: string): void {
  const [oldest] = times.keys()
  if (times.size >= timesMax && oldest !== undefined) times.delete(oldest)
  times.set(hash, worldStore.getState().world?.clock.timeMs ?? 0)
}

export const sentAtMs = (hash: string): number | undefined => times.get(hash)
