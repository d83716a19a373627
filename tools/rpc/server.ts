/** One chain's JSON-RPC over HTTP and WebSocket on loopback. Headless devnet and bridge share it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Json, RpcNotification, RpcRequest } from '../../workers/protocol/world.ts'
import { type GuardOptions, refusal } from './guard.ts'
import { answerText, type RpcCall, refusalText } from './jsonRpc.ts'

export interface RpcServerOptions extends GuardOptions {
  /** 0 lets the system choose. */
  readonly port: number
  readonly call: RpcCall
  /** Calls back for every notification of the chain; returns what ends it. */
  readonly onNotification: (listener: (notification: RpcNotification) => void) => () => void
}

export interface RpcServer {
  readonly port: number
  close(): Promise<void>
}

/** Six blobs as hexadecimal text fit, with room. */
export const BODY_MAX_BYTES = 16 * 1024 * 1024

const KEEP_ALIVE_MS = 65_000

/** Rejects if the port is taken. */
export async function serveRpc(options: RpcServerOptions): Promise<RpcServer> {
  const http = createServer((request, response) => {
    // Who ends a connection half-way hears no answer, and nobody else shall notice.
    answerHttp(request, response, options).catch(() => response.destroy())
  })
  // Clients keep connections for their next request; one that is closed meanwhile fails it.
  http.keepAliveTimeout = KEEP_ALIVE_MS
  const sockets = new WebSocketServer({ noServer: true, maxPayload: BODY_MAX_BYTES })
  http.on('upgrade', (request, socket, head) => {
    const reason = refusal(request, options)
    if (reason !== null) {
      socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${reason.length}\r\n\r\n${reason}`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => serveSocket(webSocket, options))
  })
  await listen(http, options.port)
  const address = http.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: async () => {
      for (const client of sockets.clients) client.terminate()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

/** Rejects with Node's error, `EADDRINUSE` when the port is taken. */
export function listen(http: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, '127.0.0.1', () => {
      http.off('error', reject)
      resolve()
    })
  })
}

async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  options: RpcServerOptions,
): Promise<void> {
  const reason = refusal(request, options)
  if (reason !== null) return end(response, 403, reason)
  allowOrigin(request, response)
  if (request.method === 'OPTIONS') return end(response, 204, '')
  if (request.method !== 'POST') return end(response, 405, 'JSON-RPC is served over POST.')
  const body = await readBody(request)
  response.setHeader('content-type', 'application/json')
  if (body === null) {
    const text = `A request has at most ${BODY_MAX_BYTES} bytes.`
    return end(response, 413, refusalText(-32600, text))
  }
  const answer = await answerText(
    body,
    (call) => callOverHttp(call, options.call),
    () => response.destroyed,
  )
  if (answer === null) {
    response.removeHeader('content-type')
    return end(response, 204, '')
  }
  end(response, 200, answer)
}

function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers
  if (origin === undefined) return
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-allow-headers', 'content-type')
  response.setHeader('access-control-allow-methods', 'POST')
  response.setHeader('vary', 'origin')
}

function end(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status
  response.end(body)
}

/** Null when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_MAX_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

class NotOverHttpError extends Error {
  override name = 'NotOverHttpError'
  readonly code = -32601
}

async function callOverHttp(request: RpcRequest, call: RpcCall): Promise<Json> {
  if (request.method === 'eth_subscribe' || request.method === 'eth_unsubscribe') {
    throw new NotOverHttpError(`The method ${request.method} needs a WebSocket.`)
  }
  return call(request)
}

/** A reader that is this many bytes behind is cut off. */
const BACKLOG_MAX_BYTES = 64 * 1024 * 1024
/** Requests of one connection that are answered at once. */
const SOCKET_CALLS_MAX = 1_024

function sendTo(socket: WebSocket, text: string): void {
  if (socket.bufferedAmount > BACKLOG_MAX_BYTES) socket.terminate()
  else socket.send(text, () => undefined)
}

/** Notifications go to the connection that subscribed; its subscriptions end with it. */
function serveSocket(socket: WebSocket, options: RpcServerOptions): void {
  const subscriptions = new Set<string>()
  const call: RpcCall = async (request) => {
    const result = await options.call(request)
    if (request.method === 'eth_subscribe' && typeof result === 'string') subscriptions.add(result)
    if (request.method === 'eth_unsubscribe') subscriptions.delete(String(request.params?.[0]))
    return result
  }
  const stop = options.onNotification((notification) => {
    if (!subscriptions.has(notification.subscription)) return
    const { subscription, result } = notification
    const params = { subscription, result }
    sendTo(socket, JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params }))
  })
  const isGone = (): boolean => socket.readyState !== socket.OPEN
  let running = 0
  socket.on('message', (data) => {
    if (running >= SOCKET_CALLS_MAX) {
      sendTo(socket, refusalText(-32005, `More than ${SOCKET_CALLS_MAX} requests at once.`))
      return
    }
    running += 1
    void answerText(String(data), call, isGone).then((answer) => {
      running -= 1
      if (answer !== null) sendTo(socket, answer)
    })
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    stop()
    for (const id of subscriptions) {
      options.call({ method: 'eth_unsubscribe', params: [id] }).catch(() => undefined)
    }
  })
}
