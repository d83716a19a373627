/** One visit: the world in its workers, the providers, and the worker that signs test transactions. */
import type { Provider } from '../../sdk/provider.ts'
import type { ProjectionPatch } from '../../workers/protocol/projection.ts'
import type { World, WorldOptions } from '../../workers/protocol/world.ts'
import { announceWallet } from './announce.ts'
import { type Bridge, createBridge, hasBridge } from './bridge.ts'
import { type Connection, connectWorld } from './connect.ts'
import { createDoor, type Door, type DoorView } from './door/door.ts'
import { reconnectSource } from './fork-source.ts'
import type { Origin } from './origin.ts'
import { createPersonaClient, type PersonaClient, type PersonaHooks } from './persona.ts'
import { withPersonas } from './persona-world.ts'
import { createProver, type Prover } from './prover.ts'
import { createPageProviders } from './provider.ts'
import { createWallet, type Wallet, type WalletOptions } from './wallet.ts'

export interface Session {
  readonly world: World
  readonly l1: Provider
  readonly l2: Provider
  readonly wallet: Wallet
  readonly personas: PersonaClient
  readonly prover: Prover
  readonly connection: Connection
  readonly door: Door
  /** Opens or resumes a world and lets it run, or replays a share to its end. May be called again. */
  start(origin: Origin): Promise<Started>
  /** Pauses a world that plays, plays one that stands; a world that is being opened is awaited first. */
  toggle(): Promise<void>
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

/** What became of a start; `at` says where a kept world went on, `notice` what a person should know. */
export type Started =
  | { readonly kind: 'opened'; readonly notice: string | null }
  | { readonly kind: 'resumed'; readonly timeMs: number }
  | { readonly kind: 'elsewhere' }
  /** This window only asks for consent: another tab runs the world. */
  | { readonly kind: 'errand' }

export interface SessionOptions extends WalletOptions {
  readonly onPatch: (patch: ProjectionPatch) => void
  readonly personas: Omit<PersonaHooks, 'readTimeMs'>
  readonly onDoor: (change: Partial<DoorView>) => void
}

/** Creates the workers and the doors into the world; nothing runs yet. */
export function createSession(options: SessionOptions): Session {
  const connection = connectWorld()
  const { readTimeMs } = options
  const personas = createPersonaClient(connection, { ...options.personas, readTimeMs })
  const world = withPersonas(connection.world, personas)
  const door = createDoor({ world, tell: options.tell, onView: options.onDoor })
  const providers = createPageProviders(world, {
    tell: (text) => options.tell('info', text),
    onToken: (token) => door.watch(location.origin, token),
  })
  const { l1, l2 } = providers
  window.trex = { world, l1, l2 }
  announceWallet(providers.wallet)
  let subscribing: Promise<unknown> | undefined
  let bridge: Promise<Bridge> | undefined
  let starting: Promise<unknown> = Promise.resolve()
  const begin = async (origin: Origin): Promise<Started> => {
    if (origin.kind === 'kept' && (await door.receive())) return { kind: 'errand' }
    subscribing ??= world.subscribe((patch) => {
      if (patch.storage?.state === 'elsewhere') {
        door.shut()
        void bridge?.then(({ shut }) => shut())
      } else if (patch.storage !== undefined) {
        door.open()
        void bridge?.then(({ open }) => open())
      }
      options.onPatch(patch)
    })
    await subscribing
    const started = await startWorld(world, origin)
    if (started.kind !== 'elsewhere' && hasBridge()) {
      bridge ??= createBridge(connection)
      void bridge.then(({ open }) => open())
    }
    return started
  }
  const start = (origin: Origin): Promise<Started> => {
    const started = begin(origin)
    // Whoever called start hears of its failure.
    starting = started.catch(() => undefined)
    return started
  }
  const toggle = async (): Promise<void> => {
    await starting
    const { phase } = await world.status()
    await (phase === 'playing' ? world.pause() : world.play())
  }
  const wallet = createWallet(connection, options)
  const prover = createProver(connection)
  return { world, l1, l2, wallet, personas, prover, connection, door, start, toggle }
}

async function startWorld(world: World, origin: Origin): Promise<Started> {
  switch (origin.kind) {
    case 'share':
      await world.load(origin.share)
      return { kind: 'opened', notice: null }
    case 'fresh':
      return openFresh(world, origin.options, { kept: true })
    case 'separate':
      return openFresh(world, defaultOptions, { kept: false })
    case 'lesson':
      return openFresh(world, lessonOptions, { kept: false })
    case 'kept':
      return resume(world, false)
    case 'takeOver':
      return resume(world, true)
  }
}

async function openFresh(
  world: World,
  options: WorldOptions,
  how: { readonly kept: boolean },
): Promise<{ readonly kind: 'opened'; readonly notice: null }> {
  await world.open(options, how)
  await world.play()
  return { kind: 'opened', notice: null }
}

/** Goes on with the kept world. One that cannot come back is replaced, and the person is told why. */
async function resume(world: World, takeOver: boolean): Promise<Started> {
  try {
    const status = await world.resume({ takeOver })
    if (status === null) return await openFresh(world, defaultOptions, { kept: true })
    await world.play()
    if (status.options.fork !== undefined) reconnectSource(world, status.options.fork)
    return { kind: 'resumed', timeMs: status.timeMs }
  } catch (error) {
    const { name, shortMessage, message } = error as Error & { shortMessage?: string }
    if (name === 'WorldElsewhereError') return { kind: 'elsewhere' }
    const why = shortMessage ?? message
    const opened = await openFresh(world, defaultOptions, { kept: true })
    return { ...opened, notice: `A fresh world was opened. ${why}` }
  }
}
