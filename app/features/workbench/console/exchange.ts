/** Questions and answers of the console. They outlive a change of view, not the visit. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ChainName, Json, World } from '../../../../workers/protocol/world.ts'
import { noteSent } from '../../../store/sent.ts'
import { errorText } from '../../shell/session-context.ts'

export interface Question {
  readonly chain: ChainName
  readonly method: string
  readonly params: readonly Json[]
}

export type Answer =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'result'; readonly result: Json; readonly tookMs: number }
  | {
      readonly kind: 'error'
      readonly code: number | null
      readonly message: string
      readonly data: Json | undefined
      readonly tookMs: number
    }

export interface Exchange {
  readonly id: number
  readonly question: Question
  readonly answer: Answer
}

const exchangesMax = 50

const store = createStore<{ readonly exchanges: readonly Exchange[] }>(() => ({ exchanges: [] }))
let count = 0

/** Newest first. */
export function useExchanges(): readonly Exchange[] {
  return useStore(store, ({ exchanges }) => exchanges)
}

export function clearExchanges(): void {
  store.setState({ exchanges: [] })
}

export async function ask(world: Pick<World, 'rpc'>, question: Question): Promise<void> {
  count += 1
  const id = count
  const started = performance.now()
  const took = () => performance.now() - started
  const entry: Exchange = { id, question, answer: { kind: 'waiting' } }
  store.setState(({ exchanges }) => ({ exchanges: [entry, ...exchanges].slice(0, exchangesMax) }))
  const { chain, method, params } = question
  const answer = await world.rpc(chain, { method, params }).then(
    (result): Answer => ({ kind: 'result', result, tookMs: took() }),
    (error: unknown): Answer => failure(error, took()),
  )
  if (answer.kind === 'result' && method.startsWith('eth_send')) noteSent(String(answer.result))
  store.setState(({ exchanges }) => ({
    exchanges: exchanges.map((known) => (known.id === id ? { ...known, answer } : known)),
  }))
}

function failure(error: unknown, tookMs: number): Answer {
  const { code, data } = (error ?? {}) as { readonly code?: unknown; readonly data?: Json }
  return {
    kind: 'error',
    code: typeof code === 'number' ? code : null,
    message: errorText(error),
    data,
    tookMs,
  }
}

/** Throws with what is expected. */
export function readParams(text: string): readonly Json[] {
  if (text.trim() === '') return []
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new TypeError(`Parameters are a JSON array. ${reason}`, { cause })
  }
  if (!Array.isArray(value)) throw new TypeError('Parameters are a JSON array, e.g. ["latest"].')
  return value as readonly Json[]
}

const ports = { l1: 8545, l2: 9545 } as const

export function asCurl({ chain, method, params }: Question): string {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  return `curl -s http://127.0.0.1:${ports[chain]} -H 'content-type: application/json' -d ${quoted(body)}`
}

export function asCast({ chain, method, params }: Question): string {
  const words = params.map((param) =>
    quoted(typeof param === 'string' ? param : JSON.stringify(param)),
  )
  return ['cast rpc', `--rpc-url http://127.0.0.1:${ports[chain]}`, method, ...words].join(' ')
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
