import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { RpcNotification, RpcRequest } from '../../workers/protocol/world.ts'
import { BODY_MAX_BYTES, type RpcServer, serveRpc } from './server.ts'

class CodedError extends Error {
  readonly code: number
  readonly data: string

  constructor(message: string, code: number, data: string) {
    super(message)
    this.code = code
    this.data = data
  }
}

/** Calls that take until somebody lets them go on, all at once. */
const slow = {
  asked: 0,
  waiting: [] as (() => void)[],
  ask: () => {
    slow.asked += 1
    return new Promise<null>((resolve) => slow.waiting.push(() => resolve(null)))
  },
  /** Lets what waits go on, until nothing new comes. */
  next: async () => {
    while (slow.waiting.length > 0) {
      for (const go of slow.waiting.splice(0)) go()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  },
}

const listeners = new Set<(notification: RpcNotification) => void>()
let server: RpcServer

beforeAll(async () => {
  server = await serveRpc({
    port: 0,
    allowedOrigins: ['https://friend.example'],
    call: async ({ method, params = [] }: RpcRequest) => {
      if (method === 'echo') return params[0] ?? null
      if (method === 'slow') return slow.ask()
      if (method === 'eth_subscribe') return '0x1'
      if (method === 'eth_unsubscribe') return true
      throw new CodedError('execution reverted', 3, '0x08')
    },
    onNotification: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  })
})
afterAll(() => server.close())

const url = () => `http://127.0.0.1:${server.port}`
async function post(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url(), { method: 'POST', body, headers })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : JSON.parse(text),
  }
}
const call = (fields: object) => post(JSON.stringify(fields)).then(({ body }) => body)

describe('JSON-RPC over HTTP', () => {
  test('answers a call, keeping its id', async () => {
    expect(await call({ jsonrpc: '2.0', id: 'a', method: 'echo', params: [5] })).toEqual({
      jsonrpc: '2.0',
      id: 'a',
      result: 5,
    })
  })

  test('answers a batch in order and leaves out notifications', async () => {
    const batch = [
      { jsonrpc: '2.0', id: 1, method: 'echo', params: ['x'] },
      { jsonrpc: '2.0', method: 'echo', params: ['unheard'] },
      { jsonrpc: '2.0', id: 2, method: 'fails' },
    ]
    expect(await call(batch)).toEqual([
      { jsonrpc: '2.0', id: 1, result: 'x' },
      { jsonrpc: '2.0', id: 2, error: { code: 3, message: 'execution reverted', data: '0x08' } },
    ])
  })

  test('answers nothing to a lone notification', async () => {
    expect(await post('{"jsonrpc":"2.0","method":"echo"}')).toMatchObject({
      status: 204,
      body: null,
    })
  })

  test.each([
    ['no JSON', '{', -32700],
    ['an empty batch', '[]', -32600],
    ['a number', '1', -32600],
    ['no version', '{"id":1,"method":"echo"}', -32600],
    ['no method', '{"jsonrpc":"2.0","id":1}', -32600],
    ['an object as id', '{"jsonrpc":"2.0","id":{},"method":"echo"}', -32600],
    ['an object as params', '{"jsonrpc":"2.0","id":1,"method":"echo","params":{}}', -32602],
    [
      'a subscription',
      '{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}',
      -32601,
    ],
    ['a huge batch', JSON.stringify(Array(1001).fill(1)), -32600],
  ])('refuses %s with its code', async (_name, body, code) => {
    expect((await post(body)).body).toMatchObject({ error: { code } })
  })

  test('ends a batch whose client is gone', async () => {
    const before = slow.asked
    const batch = Array.from({ length: 1_000 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'slow' }))
    const aborted = new AbortController()
    const request = fetch(url(), {
      method: 'POST',
      body: JSON.stringify(batch),
      signal: aborted.signal,
    })
    await expect.poll(() => slow.asked).toBeGreaterThan(before)
    aborted.abort()
    await expect(request).rejects.toThrow()
    await slow.next()
    expect(slow.asked - before).toBeLessThan(64)
  })

  test('refuses a body that is too large', async () => {
    const response = await fetch(url(), {
      method: 'POST',
      body: ' '.repeat(BODY_MAX_BYTES + 1),
    }).catch(() => null)
    expect(response === null || response.status === 413).toBe(true)
  })

  test('refuses a foreign origin and allows loopback and the named one', async () => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"echo"}'
    const status = async (origin: string) =>
      (await fetch(url(), { method: 'POST', body, headers: { origin } })).status
    expect(await status('https://evil.example')).toBe(403)
    expect(await status('http://localhost.evil.example')).toBe(403)
    expect(await status('null')).toBe(403)
    expect(await status('http://localhost:5173')).toBe(200)
    expect(await status('https://friend.example')).toBe(200)
  })

  test('refuses a rebound host name', async () => {
    const status = await new Promise((resolve) => {
      const request = httpRequest(
        url(),
        { method: 'POST', headers: { host: 'rebound.example' } },
        (response) => resolve(response.statusCode),
      )
      request.end('{}')
    })
    expect(status).toBe(403)
  })

  test('answers a preflight', async () => {
    const response = await fetch(url(), {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:1' },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:1')
  })
})

describe('JSON-RPC over WebSocket', () => {
  const open = (origin = 'http://localhost:1') =>
    new Promise<WebSocket>((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}`, { origin })
      socket.on('open', () => resolve(socket))
      socket.on('error', reject)
    })
  const next = (socket: WebSocket) =>
    new Promise<unknown>((resolve) =>
      socket.once('message', (data) => resolve(JSON.parse(String(data)))),
    )

  test('sends notifications to who subscribed alone, and none after it left', async () => {
    const [a, b] = await Promise.all([open(), open()])
    const heard: unknown[] = []
    b.on('message', (data) => heard.push(String(data)))
    a.send('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}')
    expect(await next(a)).toMatchObject({ result: '0x1' })
    const told = next(a)
    for (const listener of listeners) listener({ subscription: '0x1', result: { number: '0x2' } })
    expect(await told).toEqual({
      jsonrpc: '2.0',
      method: 'eth_subscription',
      params: { subscription: '0x1', result: { number: '0x2' } },
    })
    expect(heard).toEqual([])
    a.close()
    b.close()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(listeners.size).toBe(0)
  })

  test('refuses a foreign origin', async () => {
    await expect(open('https://evil.example')).rejects.toThrow('403')
  })
})
