/** One connection from a dApp's page to the devnet's tab. Nothing on it waits for ever: a tab that does not answer is gone. */

import { CODES, ProviderError } from '../../sdk/wallet/errors.ts'
import type { ChainName, Json } from '../../workers/protocol/world.ts'
import type { DoorError, FromDapp, FromDoor } from '../bridge/door/messages.ts'

export interface Link {
  accounts(): readonly string[]
  request(chain: ChainName, method: string, params: readonly Json[]): Promise<Json>
}

export interface LinkListeners {
  readonly onAccounts: (accounts: readonly string[]) => void
  readonly onSubscription: (subscription: string, result: Json) => void
  /** It is over; what waited was rejected with this error. */
  readonly onClosed: (error: ProviderError) => void
}

interface State {
  readonly port: MessagePort
  readonly listeners: LinkListeners
  readonly waiting: Map<number, Settle<Json>>
  readonly opening: Settle<Link>
  nextId: number
  accounts: readonly string[]
  isOpen: boolean
  closed: ProviderError | null
  /** A ping that is not answered yet. */
  isPinged: boolean
  pingedMs: number
  timer: ReturnType<typeof setInterval> | undefined
}

interface Settle<T> {
  readonly resolve: (value: T) => void
  readonly reject: (error: ProviderError) => void
}

const checkMs = 500
const pingMs = 4_000
/** The tab answers a ping at once as long as its browser lets it run. */
const silenceMs = 20_000

/** Resolves with the door's first word; rejects if it is a refusal, or if `isGone` says so first. */
export function openLink(
  port: MessagePort,
  listeners: LinkListeners,
  isGone: () => ProviderError | null,
): Promise<Link> {
  return new Promise((resolve, reject) => {
    const state: State = {
      port,
      listeners,
      waiting: new Map(),
      opening: { resolve, reject },
      nextId: 1,
      accounts: [],
      isOpen: false,
      closed: null,
      isPinged: false,
      pingedMs: performance.now(),
      timer: undefined,
    }
    state.timer = setInterval(() => check(state, isGone), checkMs)
    port.addEventListener('message', ({ data }: MessageEvent<FromDoor>) => hear(state, data))
    port.addEventListener('close', () => close(state, goneError()))
    port.start()
  })
}

function check(state: State, isGone: () => ProviderError | null): void {
  if (!state.isOpen) {
    const gone = isGone()
    if (gone !== null) close(state, gone)
    return
  }
  const sinceMs = performance.now() - state.pingedMs
  if (state.isPinged) {
    if (sinceMs > silenceMs) close(state, goneError())
  } else if (sinceMs > pingMs) {
    state.isPinged = true
    state.pingedMs = performance.now()
    state.port.postMessage({ kind: 'ping' } satisfies FromDapp)
  }
}

function hear(state: State, message: FromDoor): void {
  state.isPinged = false
  switch (message.kind) {
    case 'accounts':
      hearAccounts(state, message.accounts)
      break
    case 'answer':
      settle(state, message)
      break
    case 'subscription':
      state.listeners.onSubscription(message.subscription, message.result)
      break
    case 'pong':
      break
    case 'closed':
      close(state, errorOf(message))
  }
}

function hearAccounts(state: State, accounts: readonly string[]): void {
  state.accounts = accounts
  if (state.isOpen) {
    state.listeners.onAccounts(accounts)
    return
  }
  state.isOpen = true
  state.opening.resolve({
    accounts: () => state.accounts,
    request: (chain, method, params) => request(state, chain, method, params),
  })
}

function settle(state: State, message: FromDoor & { readonly kind: 'answer' }): void {
  const waiting = message.id === null ? undefined : state.waiting.get(message.id)
  if (waiting === undefined || message.id === null) return
  state.waiting.delete(message.id)
  if ('error' in message) waiting.reject(errorOf(message.error))
  else waiting.resolve(message.result)
}

function request(
  state: State,
  chain: ChainName,
  method: string,
  params: readonly Json[],
): Promise<Json> {
  return new Promise((resolve, reject) => {
    if (state.closed !== null) {
      reject(state.closed)
      return
    }
    const id = state.nextId++
    try {
      state.port.postMessage({ kind: 'request', id, chain, method, params } satisfies FromDapp)
      state.waiting.set(id, { resolve, reject })
    } catch {
      reject(new ProviderError(CODES.invalidParams, 'Field "params" must be JSON.'))
    }
  })
}

function close(state: State, error: ProviderError): void {
  if (state.closed !== null) return
  state.closed = error
  clearInterval(state.timer)
  state.port.close()
  for (const { reject } of state.waiting.values()) reject(error)
  state.waiting.clear()
  if (state.isOpen) state.listeners.onClosed(error)
  else state.opening.reject(error)
}

function errorOf({ code, message, data }: DoorError): ProviderError {
  return new ProviderError(code, message, data)
}

function goneError(): ProviderError {
  return new ProviderError(CODES.disconnected, "The devnet's tab was closed, or sleeps.")
}
