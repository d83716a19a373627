/** The way from outside the browser into the world: calls that `npm start`'s server forwards. */
import * as Comlink from 'comlink'
import type { BridgeApi } from './bridge.worker.ts'
import type { Connection } from './connect.ts'

/** The server of `npm start` says in a header that it bridges JSON-RPC; a static host has no such door. */
export function hasBridge(): boolean {
  const [navigation] = performance.getEntriesByType('navigation')
  if (!(navigation instanceof PerformanceNavigationTiming)) return false
  return navigation.serverTiming.some(({ name }) => name === 'trex-bridge')
}

export interface Bridge {
  /** Serves the clients. */
  open(): void
  /** Leaves them to other tabs. */
  shut(): void
}

/** A bridge that is not open yet. */
export async function createBridge(connection: Connection): Promise<Bridge> {
  const worker = new Worker(new URL('./bridge.worker.ts', import.meta.url), {
    type: 'module',
    name: 'bridge',
  })
  const port = await connection.createPort()
  const remote = Comlink.wrap<BridgeApi>(worker)
  await remote.connect(Comlink.transfer(port, [port]))
  return { open: () => void remote.open(), shut: () => void remote.shut() }
}
