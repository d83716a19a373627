/** The tab that runs the world, as dApps of other origins meet it: one guest per origin, any number of their pages. */
import type { RpcDoor } from '../../../sdk/provider.ts'
import { CODES, ProviderError } from '../../../sdk/wallet/errors.ts'
import { createGuest, type Guest, type Token } from '../../../sdk/wallet/guest.ts'
import { chainIdOf } from '../../../sdk/wallet/provider.ts'
import type { ChainName, Json, RpcNotification } from '../../../workers/protocol/world.ts'
import type { Grants } from './grants.ts'
import type { DoorError, DoorRequest, FromDapp, FromDoor } from './messages.ts'

/** Requests of one page that are answered at once; more are refused. */
const requestsMax = 256
/** Pages connected at once; one more replaces the oldest. */
const callersMax = 64
/** A page pings twice a minute at least, even when its tab is hidden. */
const silenceMs = 180_000

export interface HostOptions {
  readonly world: RpcDoor
  readonly grants: Grants
  readonly tell: (text: string) => void
  readonly onToken: (origin: string, token: Token) => void
  /** Who is connected changed. */
  readonly onCallers: (origins: readonly string[]) => void
}

export interface Host {
  /** Serves a page's port from now on. */
  admit(origin: string, port: MessagePort): void
  /** The world is gone or moved: every page hears of it. */
  closeAll(message: string): void
}

interface Caller {
  readonly origin: string
  readonly port: MessagePort
  readonly guest: Guest
  readonly subscriptions: Map<string, ChainName>
  running: number
  heardMs: number
}

interface State {
  readonly options: HostOptions
  readonly callers: Set<Caller>
  readonly guests: Map<string, Guest>
  readonly listening: Set<ChainName>
}

export function createHost(options: HostOptions): Host {
  const state: State = { options, callers: new Set(), guests: new Map(), listening: new Set() }
  options.grants.onChange(() => {
    for (const caller of state.callers) void tellAccounts(caller)
  })
  setInterval(() => {
    const now = performance.now()
    for (const caller of state.callers) {
      if (now - caller.heardMs > silenceMs) dismiss(state, caller, null)
    }
  }, silenceMs / 6)
  return {
    admit: (origin, port) => admit(state, origin, port),
    closeAll: (message) => {
      for (const caller of state.callers) dismiss(state, caller, message)
    },
  }
}

function admit(state: State, origin: string, port: MessagePort): void {
  const [oldest] = state.callers
  if (state.callers.size >= callersMax && oldest !== undefined) {
    dismiss(state, oldest, `More than ${callersMax} pages are connected.`)
  }
  const caller: Caller = {
    origin,
    port,
    guest: guestOf(state, origin),
    subscriptions: new Map(),
    running: 0,
    heardMs: performance.now(),
  }
  state.callers.add(caller)
  // Not every browser says that the other end is gone; silence does in the end.
  port.addEventListener('close', () => dismiss(state, caller, null))
  port.addEventListener('message', ({ data }: MessageEvent<unknown>) => hear(state, caller, data))
  port.start()
  void tellAccounts(caller)
  announceCallers(state)
}

function guestOf(state: State, origin: string): Guest {
  const { world, grants, tell, onToken } = state.options
  const known =
    state.guests.get(origin) ??
    createGuest({
      origin,
      rpc: (chain, request) => world.rpc(chain, request),
      chainIdOf,
      permission: () => grants.of(origin),
      onRevoke: () => grants.revoke(origin),
      tell,
      onToken: (token) => onToken(origin, token),
    })
  // Bounded, because origins are anybody's; the one that came last stays longest.
  state.guests.delete(origin)
  state.guests.set(origin, known)
  const [oldest] = state.guests.keys()
  if (state.guests.size > callersMax && oldest !== undefined) state.guests.delete(oldest)
  return known
}

function dismiss(state: State, caller: Caller, message: string | null): void {
  if (!state.callers.delete(caller)) return
  if (message !== null) say(caller, { kind: 'closed', code: 4900, message })
  caller.port.close()
  for (const [subscription, chain] of caller.subscriptions) {
    // The world may be gone with its subscriptions.
    state.options.world
      .rpc(chain, { method: 'eth_unsubscribe', params: [subscription] })
      .catch(() => undefined)
  }
  announceCallers(state)
}

function announceCallers({ callers, options }: State): void {
  options.onCallers([...new Set([...callers].map(({ origin }) => origin))])
}

function say(caller: Caller, message: FromDoor): void {
  caller.port.postMessage(message)
}

async function tellAccounts(caller: Caller): Promise<void> {
  try {
    say(caller, { kind: 'accounts', accounts: await caller.guest.accounts() })
  } catch {
    say(caller, { kind: 'accounts', accounts: [] })
  }
}

function hear(state: State, caller: Caller, data: unknown): void {
  caller.heardMs = performance.now()
  const message = data as Partial<FromDapp> | null
  if (message?.kind === 'ping') {
    say(caller, { kind: 'pong' })
    return
  }
  try {
    const request = readRequest(data)
    if (caller.running >= requestsMax) {
      const text = `More than ${requestsMax} requests at once.`
      throw new ProviderError(CODES.limitExceeded, text)
    }
    caller.running += 1
    void answer(state, caller, request).finally(() => {
      caller.running -= 1
    })
  } catch (error) {
    const { id } = (data ?? {}) as { readonly id?: unknown }
    refuse(caller, typeof id === 'number' ? id : null, error)
  }
}

async function answer(state: State, caller: Caller, request: DoorRequest): Promise<void> {
  const { id, chain, method, params } = request
  try {
    if (method === 'eth_subscribe') await listenTo(state, chain)
    const result = await caller.guest.request(chain, { method, params })
    if (method === 'eth_subscribe') caller.subscriptions.set(String(result), chain)
    if (method === 'eth_unsubscribe') caller.subscriptions.delete(String(params[0]))
    say(caller, { kind: 'answer', id, result })
  } catch (error) {
    refuse(caller, id, error)
  }
}

function refuse(caller: Caller, id: number | null, error: unknown): void {
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: Json }
  const shown: DoorError = {
    code: typeof code === 'number' ? code : -32603,
    message: String(message ?? error),
    ...(data === undefined ? {} : { data }),
  }
  say(caller, { kind: 'answer', id, error: shown })
}

/** One listener per chain; each notification goes to the page that subscribed. */
async function listenTo(state: State, chain: ChainName): Promise<void> {
  if (state.listening.has(chain)) return
  state.listening.add(chain)
  await state.options.world.onNotification(chain, (notification: RpcNotification) => {
    for (const caller of state.callers) {
      if (caller.subscriptions.get(notification.subscription) !== chain) continue
      say(caller, { kind: 'subscription', ...notification })
    }
  })
}

function readRequest(data: unknown): DoorRequest {
  const request = (typeof data === 'object' && data !== null ? data : {}) as Partial<DoorRequest>
  const { id, chain, method, params } = request
  const invalid = (text: string) => new ProviderError(CODES.invalidRequest, text)
  if (request.kind !== 'request') throw invalid('Field "kind" must be "request" or "ping".')
  if (typeof id !== 'number') throw invalid('Field "id" must be a number.')
  if (chain !== 'l1' && chain !== 'l2') throw invalid('Field "chain" must be "l1" or "l2".')
  if (typeof method !== 'string') throw invalid('Field "method" must be a text.')
  if (!Array.isArray(params)) throw invalid('Field "params" must be a list.')
  return { kind: 'request', id, chain, method, params }
}
