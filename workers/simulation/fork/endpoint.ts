/** JSON-RPC of the node that a world was forked from. */
import type { Json } from '../../protocol/world.ts'
import { ForkAnswerError, ForkUnreachableError, InvalidForkError } from './errors.ts'

/** Sends a text by HTTP and resolves with what came back, whatever its status; rejects when nothing did within `timeoutMs`. */
export type HttpPost = (request: {
  readonly url: string
  readonly body: string
  readonly timeoutMs: number
}) => Promise<{ readonly status: number; readonly text: string }>

export interface Endpoint {
  /** Host and port; a URL may hold a key. */
  readonly host: string
  /** Scheme, host and port. */
  readonly origin: string
  /** Rejects with `ForkUnreachableError`, `ForkAnswerError` or `ForkRefusedError`. */
  request(method: string, params: readonly Json[]): Promise<unknown>
}

/** The source refused one call, in its words. */
export class ForkRefusedError extends ForkAnswerError {
  override name = 'ForkRefusedError'
  readonly refusal: number
  /** The source's own message. */
  readonly words: string

  constructor(host: string, method: string, refusal: number, words: string) {
    super(host, `refuses ${method}: ${words} (${refusal})`)
    this.refusal = refusal
    this.words = words
  }
}

const TIMEOUT_MS = 10_000
const URL_PATTERN = /^(https?):\/\/(?:[^/?#@]*@)?([^/?#@\s]+)(?:[/?#]\S*)?$/

/** Throws `InvalidForkError`. */
export function openEndpoint(post: HttpPost, url: string): Endpoint {
  const match = URL_PATTERN.exec(url)
  const [, scheme = '', host = ''] = match ?? []
  if (match === null) {
    throw new InvalidForkError(
      'Field "fork.url" must be a URL of http or https, e.g. http://127.0.0.1:8545.',
    )
  }
  let id = 0
  return {
    host,
    origin: `${scheme}://${host}`,
    request: async (method, params) => {
      id += 1
      const body = JSON.stringify({ jsonrpc: '2.0', id, method, params })
      const answer = await post({ url, body, timeoutMs: TIMEOUT_MS }).catch((cause: unknown) => {
        throw new ForkUnreachableError(host, cause)
      })
      return resultOf(host, method, answer)
    },
  }
}

function resultOf(
  host: string,
  method: string,
  { status, text }: { readonly status: number; readonly text: string },
): unknown {
  const answer = parse(text)
  const { error, result } = answer ?? {}
  if (typeof error === 'object' && error !== null) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
    throw new ForkRefusedError(host, method, Number(code), String(message))
  }
  if (status < 200 || status > 299) {
    throw new ForkAnswerError(host, `answers ${method} with HTTP status ${status}.`)
  }
  if (answer === null) {
    throw new ForkAnswerError(
      host,
      `answers ${method} with something that is no JSON-RPC: ${text.slice(0, 60)}`,
    )
  }
  if (result === undefined) throw new ForkAnswerError(host, `answers ${method} without a result.`)
  return result
}

function parse(text: string): { readonly error?: unknown; readonly result?: unknown } | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
