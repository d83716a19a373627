/** Forwards JSON-RPC to the tab that connected last, over the WebSocket at `BRIDGE_PATH` of the page's own server. */
import type { IncomingMessage, Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { BRIDGE_PATH, type BridgeAnswer, type BridgeError } from '../workers/protocol/bridge.ts'
import type { ChainName, Json, RpcNotification, RpcRequest } from '../workers/protocol/world.ts'
import { refusal } from './rpc/guard.ts'
import type { Door } from './rpc/ports.ts'

/** Calls that wait for the tab; more are refused. */
const PENDING_MAX = 10_000
/** Wall time after which a tab that does not answer counts as gone, e.g. because the browser froze it. */
const ANSWER_BOUND_MS = 120_000
const MESSAGE_MAX_BYTES = 64 * 1024 * 1024

export class BridgeCallError extends Error {
  override name = 'BridgeCallError'
  readonly code: number
  readonly data?: Json

  constructor({ code, message, data }: BridgeError) {
    super(message)
    this.code = code
    if (data !== undefined) this.data = data
  }
}

interface Pending {
  readonly tab: WebSocket
  readonly resolve: (result: Json) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

interface State {
  readonly pageUrl: () => string
  /** In the order in which they connected: the last one serves, and when it goes the one before it. */
  readonly tabs: WebSocket[]
  nextId: number
  readonly pending: Map<number, Pending>
  readonly listeners: Record<ChainName, Set<(notification: RpcNotification) => void>>
}

/** `server` serves the page; `pageUrl` is what a person opens. */
export function createBridge(server: Server, pageUrl: () => string): Door {
  const state: State = {
    pageUrl,
    tabs: [],
    nextId: 1,
    pending: new Map(),
    listeners: { l1: new Set(), l2: new Set() },
  }
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_MAX_BYTES })
  server.on('upgrade', (request, socket, head) => {
    if (!isOwnTab(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (tab) => adopt(state, tab))
  })
  return {
    rpc: (chain, request) => forward(state, chain, request),
    onNotification: (chain, listener) => {
      state.listeners[chain].add(listener)
      return () => state.listeners[chain].delete(listener)
    },
  }
}

/** Only a page that this very server served may answer for the chains. */
function isOwnTab(request: IncomingMessage): boolean {
  const { host, origin } = request.headers
  if (refusal(request, { allowedOrigins: [] }) !== null) return false
  return request.url === BRIDGE_PATH && origin === `http://${host}`
}

function adopt(state: State, tab: WebSocket): void {
  state.tabs.push(tab)
  tab.on('message', (data) => {
    try {
      hear(state, tab, JSON.parse(String(data)) as BridgeAnswer)
    } catch {
      tab.close(1007, 'An answer must be JSON.')
    }
  })
  tab.on('error', () => tab.terminate())
  tab.on('close', () => {
    state.tabs.splice(state.tabs.indexOf(tab), 1)
    for (const [id, pending] of [...state.pending]) {
      if (pending.tab !== tab) continue
      settle(state, id, ({ reject }) => reject(new BridgeCallError(noTab(state))))
    }
  })
}

function hear(state: State, tab: WebSocket, answer: BridgeAnswer): void {
  if ('notification' in answer) {
    if (state.tabs.at(-1) !== tab) return
    for (const listener of state.listeners[answer.chain]) listener(answer.notification)
    return
  }
  if (state.pending.get(answer.id)?.tab !== tab) return
  settle(state, answer.id, ({ resolve, reject }) => {
    if ('error' in answer) reject(new BridgeCallError(answer.error))
    else resolve(answer.result)
  })
}

function settle(state: State, id: number, action: (pending: Pending) => void): void {
  const pending = state.pending.get(id)
  if (pending === undefined) return
  state.pending.delete(id)
  clearTimeout(pending.timer)
  action(pending)
}

function forward(state: State, chain: ChainName, request: RpcRequest): Promise<Json> {
  const tab = state.tabs.at(-1)
  if (tab === undefined) return Promise.reject(new BridgeCallError(noTab(state)))
  if (state.pending.size >= PENDING_MAX) {
    const message = `More than ${PENDING_MAX} calls wait for the tab.`
    return Promise.reject(new BridgeCallError({ code: -32005, message }))
  }
  const id = state.nextId++
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const message = `The tab did not answer within ${ANSWER_BOUND_MS / 1000} s. Is it paused or asleep?`
      settle(state, id, () => reject(new BridgeCallError({ code: -32002, message })))
    }, ANSWER_BOUND_MS)
    state.pending.set(id, { tab, resolve, reject, timer })
    tab.send(JSON.stringify({ id, chain, request }))
  })
}

function noTab(state: State): BridgeError {
  const isServed = state.tabs.length > 0
  return {
    code: -32002,
    message: isServed
      ? 'The tab that was asked has closed; another one serves from now on. Ask again.'
      : `No tab runs the devnet. Open ${state.pageUrl()} and keep it open.`,
  }
}
