/** One visit: the world in its workers, the providers, and the worker that signs test transactions. */
import type { ProjectionPatch } from '../../workers/protocol/projection.ts'
import type { World, WorldOptions } from '../../workers/protocol/world.ts'
import { connectBridge } from '../../workers/transport/bridgeClient.ts'
import { type Connection, connectWorld } from './connect.ts'
import { announceProviders, createProvider, type Provider } from './provider.ts'
import { createWallet, type Wallet, type WalletOptions } from './wallet.ts'

export interface Session {
  readonly world: World
  readonly l1: Provider
  readonly l2: Provider
  readonly wallet: Wallet
  readonly connection: Connection
}

export const defaultOptions: WorldOptions = { seed: 7, preset: 'demo', scenario: 'steady' }
/** Lessons are the same for everybody. */
export const lessonOptions: WorldOptions = { seed: 7, preset: 'classroom', scenario: 'steady' }

declare global {
  interface Window {
    /** For the console and for tests. */
    trex?: Pick<Session, 'world' | 'l1' | 'l2'>
  }
}

/** The server of `npm start` says in a header that it bridges JSON-RPC; a static host has no such door. */
function hasBridge(): boolean {
  const [navigation] = performance.getEntriesByType('navigation')
  if (!(navigation instanceof PerformanceNavigationTiming)) return false
  return navigation.serverTiming.some(({ name }) => name === 'trex-bridge')
}

/** Creates the workers and the doors into the world; nothing runs yet. */
export function createSession(options: WalletOptions): Session {
  const connection = connectWorld()
  const { world } = connection
  const l1 = createProvider(world, 'l1')
  const l2 = createProvider(world, 'l2')
  window.trex = { world, l1, l2 }
  announceProviders({ l1, l2 })
  if (hasBridge()) connectBridge(world, location.origin)
  return { world, l1, l2, wallet: createWallet(connection, options), connection }
}

/** Subscribes, then opens the world and lets it run, or replays a share to its end. */
export async function startWorld(
  { world }: Session,
  from: { readonly options: WorldOptions } | { readonly share: string },
  onPatch: (patch: ProjectionPatch) => void,
): Promise<void> {
  await world.subscribe(onPatch)
  if ('share' in from) {
    await world.load(from.share)
    return
  }
  await world.open(from.options)
  await world.play()
}
