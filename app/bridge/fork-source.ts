/** URLs of forks' sources that were typed in this browser: no world holds its own, since a URL may be a key. */
import type { ForkPoint } from '../../workers/protocol/fork.ts'
import type { World } from '../../workers/protocol/world.ts'

const storageKey = 'fork-sources'
const sourcesMax = 20

type Sources = Readonly<Record<string, string>>

/** Keeps the URL for the next visit, by the block that was forked. */
export function rememberSource({ blockHash }: ForkPoint, url: string): void {
  const others = Object.entries(readSources()).filter(([hash]) => hash !== blockHash)
  const kept = [...others, [blockHash, url] as const].slice(-sourcesMax)
  try {
    localStorage.setItem(storageKey, JSON.stringify(Object.fromEntries(kept)))
  } catch {
    // Private windows may refuse storage; the source is asked for again then.
  }
}

/** The URL that was typed for this block; empty if none was. */
export function recallSource({ blockHash }: ForkPoint): string {
  return readSources()[blockHash] ?? ''
}

/** Connects a world that this browser kept. Where that fails, the page shows that its source is not connected. */
export function reconnectSource(world: World, fork: ForkPoint): void {
  const url = recallSource(fork)
  if (url !== '') world.connectFork(url).catch(() => undefined)
}

function readSources(): Sources {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}')
    return typeof kept === 'object' && kept !== null ? (kept as Sources) : {}
  } catch {
    return {}
  }
}
