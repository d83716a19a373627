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

export async function startBridge(connection: Connection): Promise<void> {
  const worker = new Worker(new URL('./bridge.worker.ts', import.meta.url), {
    type: 'module',
    name: 'bridge',
  })
  const port = await connection.createPort()
  await Comlink.wrap<BridgeApi>(worker).connect(Comlink.transfer(port, [port]))
}
