/** Sends hostile requests to a server of its own and says how it took them. */
import { Agent, request as httpRequest } from 'node:http'
import { WebSocket } from 'ws'
import { createChain } from '../../workers/chain/chain.ts'
import { createMempool } from '../../workers/chain/pool/mempool.ts'
import { TEST_ACCOUNTS } from '../../workers/chain/rpc/accounts.ts'
import { hexToBytes, word, ZERO_ADDRESS, ZERO_HASH } from '../../workers/rollup/bytes.ts'
import { createDoor } from '../node/history.ts'
import { type RpcServer, serveRpc } from '../rpc/server.ts'
import { type HostileRequest, hostileRequests } from './requests.ts'

export interface FuzzReport {
  readonly requests: number
  readonly seed: number
  /** How many of each kind were sent. */
  readonly kinds: Readonly<Record<string, number>>
  /** How many answers had a result, or an error of each code. */
  readonly answers: Readonly<Record<string, number>>
  /** Answers that are no JSON-RPC, and requests without an answer within `TIMEOUT_MS`. At most ten are told. */
  readonly failures: readonly { readonly body: string; readonly what: string }[]
  readonly failed: number
  readonly slowestMs: number
  readonly rssMaxMb: number
  readonly elapsedMs: number
  readonly ok: boolean
}

const CONCURRENT = 8
const TIMEOUT_MS = 180_000
const TOLD_MAX = 10
const BLOCKS = 32
/** Memory of the process, above which it counts as unbounded. */
const RSS_MAX_MB = 2_048
const SLOW_READERS = 4

export async function fuzz(
  seed: number,
  count: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<FuzzReport> {
  const server = await openTarget()
  const readers = await Promise.all(Array.from({ length: SLOW_READERS }, () => slowReader(server)))
  const tally = createTally(seed, count)
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENT })
  const source = hostileRequests(seed, count)
  const work = async (): Promise<void> => {
    for (const hostile of source) {
      await sendOne(server, agent, hostile, tally)
      if (tally.done % 1_000 === 0) onProgress(tally.done)
    }
  }
  try {
    await Promise.all(Array.from({ length: CONCURRENT }, work))
    return tally.report()
  } finally {
    agent.destroy()
    for (const reader of readers) reader.terminate()
    await server.close()
  }
}

/** A chain of some blocks behind a server, in this process. */
async function openTarget(): Promise<RpcServer> {
  const accounts = TEST_ACCOUNTS.map(({ address }) => ({
    address: hexToBytes(address),
    nonce: 0n,
    balance: 10n ** 22n,
    code: new Uint8Array(0),
    storage: [],
  }))
  const environment = {
    coinbase: ZERO_ADDRESS,
    gasLimit: 60_000_000n,
    prevrandao: ZERO_HASH,
  }
  const genesis = { ...environment, accounts, timestamp: 1n, baseFee: 1n, extraData: ZERO_HASH }
  const chain = await createChain({ kind: 'l1', chainId: 1337, genesis })
  for (let number = 1; number <= BLOCKS; number += 1) {
    const timestamp = 1n + 12n * BigInt(number)
    const parentBeaconBlockRoot = word(number)
    await chain.buildBlock({
      environment: { ...environment, timestamp, parentBeaconBlockRoot },
      transactions: [],
    })
  }
  const door = createDoor({ chain, pool: createMempool() })
  return serveRpc({
    port: 0,
    allowedOrigins: [],
    call: (request) => door.rpc('l1', request),
    onNotification: (listener) => door.onNotification('l1', listener),
  })
}

/** A client that asks for much and reads nothing. */
async function slowReader({ port }: RpcServer): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.on('error', () => undefined)
  socket.pause()
  for (let id = 0; id < 2_000; id += 1) {
    socket.send(
      `{"jsonrpc":"2.0","id":${id},"method":"eth_getBlockByNumber","params":["latest",true]}`,
    )
  }
  return socket
}

async function sendOne(
  { port }: RpcServer,
  agent: Agent,
  hostile: HostileRequest,
  tally: Tally,
): Promise<void> {
  const startMs = performance.now()
  try {
    const { status, text } = await post(port, agent, hostile.body)
    tally.add(hostile, { status, text, tookMs: performance.now() - startMs })
  } catch (error) {
    tally.fail(hostile, String(error))
  }
}

interface Answer {
  readonly status: number
  readonly text: string
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

interface Tally {
  done: number
  add(hostile: HostileRequest, answer: Answer & { readonly tookMs: number }): void
  fail(hostile: HostileRequest, what: string): void
  report(): FuzzReport
}

function createTally(seed: number, requests: number): Tally {
  const startMs = performance.now()
  const kinds: Record<string, number> = {}
  const answers: Record<string, number> = {}
  const failures: { body: string; what: string }[] = []
  let [failed, slowestMs, rssMaxMb] = [0, 0, 0]
  const tally: Tally = {
    done: 0,
    add(hostile, { status, text, tookMs }) {
      const what = judge(status, text, answers)
      if (what !== null) return tally.fail(hostile, what)
      count(hostile)
      slowestMs = Math.max(slowestMs, tookMs)
    },
    fail(hostile, what) {
      count(hostile)
      failed += 1
      if (failures.length < TOLD_MAX) failures.push({ body: hostile.body.slice(0, 500), what })
    },
    report: () => ({
      requests,
      seed,
      kinds,
      answers,
      failures,
      failed,
      slowestMs: Math.round(slowestMs),
      rssMaxMb,
      elapsedMs: Math.round(performance.now() - startMs),
      ok: failed === 0 && tally.done === requests && rssMaxMb <= RSS_MAX_MB,
    }),
  }
  const count = ({ kind }: HostileRequest): void => {
    tally.done += 1
    kinds[kind] = (kinds[kind] ?? 0) + 1
    if (tally.done % 100 === 0) {
      rssMaxMb = Math.max(rssMaxMb, Math.round(process.memoryUsage.rss() / 2 ** 20))
    }
  }
  return tally
}

/** What is wrong with an answer, or null; counts what it says. */
function judge(status: number, text: string, answers: Record<string, number>): string | null {
  if (status === 204 && text === '') {
    answers['none: a notification'] = (answers['none: a notification'] ?? 0) + 1
    return null
  }
  if (status !== 200 && status !== 413) return `HTTP status ${status}`
  try {
    const body: unknown = JSON.parse(text)
    for (const one of Array.isArray(body) ? body : [body]) {
      const name = nameOf(one)
      if (name === null) return `no JSON-RPC response: ${text.slice(0, 200)}`
      answers[name] = (answers[name] ?? 0) + 1
    }
    return null
  } catch {
    return `no JSON: ${text.slice(0, 200)}`
  }
}

function nameOf(response: unknown): string | null {
  const { jsonrpc, id, result, error } = (response ?? {}) as Record<string, unknown>
  if (jsonrpc !== '2.0' || id === undefined) return null
  if (error === undefined) return result === undefined ? null : 'result'
  const { code, message } = error as Record<string, unknown>
  return typeof code === 'number' && typeof message === 'string' ? `error ${code}` : null
}
