/** How hostile requests get to a server: over HTTP, over WebSocket, and by clients that behave badly. */
import { Agent, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { type RawData, WebSocket } from 'ws'

/** An answer, or none because the request asked for none. */
export interface Answer {
  readonly status: number
  readonly text: string
}

export interface Sender {
  /** Rejects when there is no answer within `TIMEOUT_MS`, or the connection ends. */
  send(body: string): Promise<Answer>
  close(): void
}

/** Longer than any call may take, with all that waits before it on a slow machine. */
export const TIMEOUT_MS = 120_000

export function httpSender(port: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    send: (body) => post(port, agent, body),
    close: () => agent.destroy(),
  }
}

function post(port: number, agent: Agent, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method: 'POST', agent, timeout: TIMEOUT_MS }
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, text })
      })
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)))
    request.on('error', reject)
    request.end(body)
  })
}

/** One request at a time. For requests that are answered: a notification has no answer over WebSocket. */
export async function socketSender(port: number): Promise<Sender> {
  const socket = await openSocket(port)
  return {
    send: (body) =>
      new Promise((resolve, reject) => {
        const settle = (done: () => void): void => {
          clearTimeout(timer)
          socket.off('message', onMessage).off('close', onClose)
          done()
        }
        const onMessage = (data: RawData): void => {
          const text = String(data)
          // What a subscription tells comes in between.
          if (!text.startsWith('{"jsonrpc":"2.0","method":')) {
            settle(() => resolve({ status: 200, text }))
          }
        }
        const onClose = (): void => settle(() => reject(new Error('the socket was closed')))
        const timer = setTimeout(() => {
          settle(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)))
        }, TIMEOUT_MS)
        socket.on('message', onMessage).on('close', onClose)
        socket.send(body)
      }),
    close: () => socket.terminate(),
  }
}

async function openSocket(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.on('error', () => undefined)
  return socket
}

const GREEDY_REQUESTS = 2_000

/** A client that asks for much and reads nothing. Returns what ends it. */
export async function slowReader(port: number): Promise<() => void> {
  const socket = await openSocket(port)
  socket.pause()
  for (let id = 0; id < GREEDY_REQUESTS; id += 1) {
    const params = '["latest",true]'
    socket.send(`{"jsonrpc":"2.0","id":${id},"method":"eth_getBlockByNumber","params":${params}}`)
  }
  return () => socket.terminate()
}

/** A client that announces a body, sends half of it, and waits. Returns what ends it. */
export function slowWriter(port: number): () => void {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{"jsonrpc":')
  return () => socket.destroy()
}

/** A client that asks for a long batch and is gone before the answer. */
export async function vanishing(port: number): Promise<void> {
  const aborted = new AbortController()
  const body = JSON.stringify(
    Array.from({ length: 500 }, (_, id) => ({
      ...{ jsonrpc: '2.0', id, method: 'eth_getBlockByNumber', params: ['latest', true] },
    })),
  )
  const request = fetch(`http://127.0.0.1:${port}`, {
    method: 'POST',
    body,
    signal: aborted.signal,
  }).catch(() => null)
  setTimeout(() => aborted.abort(), 20)
  await request
}
