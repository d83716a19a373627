/** Sends hostile requests to a devnet of its own, and says how it took them. */
import type { ChainName } from '../../workers/protocol/world.ts'
import { type HeadlessProcess, startHeadless } from '../node/headlessProcess.ts'
import { type HostileRequest, hostileRequests } from './requests.ts'
import {
  type Answer,
  httpSender,
  type Sender,
  slowReader,
  slowWriter,
  socketSender,
  vanishing,
} from './senders.ts'

export interface FuzzReport {
  readonly requests: number
  readonly seed: number
  /** How many of each kind were sent. */
  readonly kinds: Readonly<Record<string, number>>
  /** How many were sent each way, e.g. `l2 ws`. */
  readonly ways: Readonly<Record<string, number>>
  /** How many answers had a result, or an error of each code. */
  readonly answers: Readonly<Record<string, number>>
  /** Answers that are no JSON-RPC, and requests without an answer in time. At most ten are told. */
  readonly failures: readonly { readonly body: string; readonly what: string }[]
  readonly failed: number
  readonly slowestMs: number
  readonly slowest: string
  /** Memory of the devnet's process before the first request, at most, and after the last. */
  readonly rssStartMb: number
  readonly rssMaxMb: number
  readonly rssEndMb: number
  readonly elapsedMs: number
  /** It went on making blocks, and answered all with its memory in bounds. */
  readonly ok: boolean
}

/** The smallest world: what is tried are its doors. */
const WORLD = ['--preset', 'classroom', '--scenario', 'quiet', '--seed', '7']
/** Each way has so many requests under way at once. */
const WAYS = 2
const TOLD_MAX = 10
/** Memory above that of the start, from which on it counts as unbounded. */
const RSS_GROWTH_MAX_MB = 1_024
/** One vanishing client for so many requests. */
const VANISHING_EVERY = 500

export async function fuzz(
  seed: number,
  count: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<FuzzReport> {
  const target = await startHeadless(WORLD)
  const closing: (() => void)[] = []
  const tally = createTally(seed, count, target)
  const source = hostileRequests(seed, count)
  const work = async (way: Way): Promise<void> => {
    for (const hostile of source) {
      await sendOne(way, hostile, tally)
      if (tally.done % VANISHING_EVERY === 0) await vanishing(target.ports[way.chain])
      if (tally.done % 1_000 === 0) onProgress(tally.done)
    }
  }
  try {
    const ways: Way[] = []
    for (const chain of ['l1', 'l2'] as const) {
      const port = target.ports[chain]
      closing.push(await slowReader(port), slowWriter(port))
      for (let index = 0; index < WAYS; index += 1) ways.push(await openWay(chain, port))
    }
    closing.push(...ways.flatMap(({ http, socket }) => [http.close, socket.close]))
    await Promise.all(ways.map(work))
    const goesOn = await makesBlocks(target)
    return tally.report(goesOn)
  } finally {
    for (const close of closing) close()
    await target.close()
  }
}

/** One chain by both its doors. */
interface Way {
  readonly chain: ChainName
  readonly http: Sender
  readonly socket: Sender
}

async function openWay(chain: ChainName, port: number): Promise<Way> {
  return { chain, http: httpSender(port), socket: await socketSender(port) }
}

async function sendOne({ chain, http, socket }: Way, hostile: HostileRequest, tally: Tally) {
  const bySocket = hostile.bySocket
  const startMs = performance.now()
  const way = `${chain} ${bySocket ? 'ws' : 'http'}`
  try {
    const answer = await (bySocket ? socket : http).send(hostile.body)
    tally.add(hostile, way, { ...answer, tookMs: performance.now() - startMs })
  } catch (error) {
    tally.fail(hostile, way, String(error))
  }
}

/** Whether both chains still do their work: a mined block is there for who asks. */
async function makesBlocks({ ports }: HeadlessProcess): Promise<boolean> {
  const heights = async (chain: ChainName): Promise<number> => {
    const sender = httpSender(ports[chain])
    try {
      const ask = async (method: string): Promise<{ readonly result?: string }> =>
        JSON.parse((await sender.send(`{"jsonrpc":"2.0","id":1,"method":"${method}"}`)).text)
      const before = Number((await ask('eth_blockNumber')).result)
      await ask('anvil_mine')
      return Number((await ask('eth_blockNumber')).result) - before
    } finally {
      sender.close()
    }
  }
  return (await heights('l1')) > 0 && (await heights('l2')) > 0
}

interface Tally {
  done: number
  add(hostile: HostileRequest, way: string, answer: Answer & { readonly tookMs: number }): void
  fail(hostile: HostileRequest, way: string, what: string): void
  report(goesOn: boolean): FuzzReport
}

function createTally(seed: number, requests: number, target: HeadlessProcess): Tally {
  const startMs = performance.now()
  const kinds: Record<string, number> = {}
  const ways: Record<string, number> = {}
  const rssStartMb = target.rssMb()
  const answers: Record<string, number> = {}
  const failures: { body: string; what: string }[] = []
  let [failed, slowestMs, rssMaxMb, slowest] = [0, 0, rssStartMb, '']
  const tally: Tally = {
    done: 0,
    add(hostile, way, { status, text, tookMs }) {
      const what = judge(status, text, answers)
      if (what !== null) return tally.fail(hostile, way, what)
      count(hostile, way)
      if (tookMs > slowestMs) [slowestMs, slowest] = [tookMs, hostile.body.slice(0, 200)]
    },
    fail(hostile, way, what) {
      count(hostile, way)
      failed += 1
      if (failures.length < TOLD_MAX)
        failures.push({
          body: hostile.body.slice(0, 500),
          what: `${way}: ${target.ended() ?? what}`,
        })
    },
    report: (goesOn) => ({
      requests,
      seed,
      kinds,
      ways,
      answers,
      failures,
      failed,
      slowestMs: Math.round(slowestMs),
      slowest,
      rssStartMb,
      rssMaxMb,
      rssEndMb: target.rssMb(),
      elapsedMs: Math.round(performance.now() - startMs),
      ok:
        goesOn &&
        failed === 0 &&
        tally.done === requests &&
        rssMaxMb - rssStartMb <= RSS_GROWTH_MAX_MB,
    }),
  }
  const count = ({ kind }: HostileRequest, way: string): void => {
    tally.done += 1
    kinds[kind] = (kinds[kind] ?? 0) + 1
    ways[way] = (ways[way] ?? 0) + 1
    if (tally.done % 100 === 0) rssMaxMb = Math.max(rssMaxMb, target.rssMb())
  }
  return tally
}

const INTERNAL = 'error -32603'

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
      // A fault of ours that the request only showed.
      if (name === INTERNAL) return `an internal error: ${text.slice(0, 500)}`
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
