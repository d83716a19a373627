/** JSON-RPC 2.0 over text: single calls, batches and notifications, with the specification's errors. */
import type { Json, RpcRequest } from '../../workers/protocol/world.ts'

export type RpcCall = (request: RpcRequest) => Promise<Json>

export const BATCH_MAX = 1_000
/** Calls of a batch that run at once. */
const BATCH_WINDOW = 16
/** Characters of a batch's answer, after which its further calls are refused: one more answer fits into any memory. */
const BATCH_ANSWER_MAX = 32 * 1024 * 1024

const DEPTH_MAX = 256
const [QUOTE, BACKSLASH] = [0x22, 0x5c]
/** What brackets do to the depth. */
const BRACKETS: ReadonlyMap<number, number> = new Map([
  [0x5b, 1],
  [0x7b, 1],
  [0x5d, -1],
  [0x7d, -1],
])

interface ResponseError {
  readonly code: number
  readonly message: string
  readonly data?: Json
}

type Id = string | number | null
type Response = { readonly jsonrpc: '2.0'; readonly id: Id } & (
  | { readonly result: Json }
  | { readonly error: ResponseError }
)

/** The answer to a request that was not even read. */
export function refusalText(code: number, message: string): string {
  return JSON.stringify(failure(null, code, message))
}

/**
 * The answer to `text`, or null when there is none because it held notifications alone. Never rejects. `isGone`: nobody hears the
 * answer any more, so that a batch ends where it is.
 */
export async function answerText(
  text: string,
  call: RpcCall,
  isGone: () => boolean,
): Promise<string | null> {
  if (isDeep(text)) {
    const message = `Lists and objects must not be nested deeper than ${DEPTH_MAX}.`
    return JSON.stringify(failure(null, -32600, message))
  }
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return JSON.stringify(failure(null, -32700, 'The request is not JSON.'))
  }
  if (Array.isArray(body)) return answerBatch(body, call, isGone)
  const answer = await answerOne(body, call)
  return answer === null ? null : JSON.stringify(answer)
}

/** Counts brackets outside of texts: what is deep overflows the stack of whoever walks it. */
function isDeep(text: string): boolean {
  let depth = 0
  let isText = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) isText = !isText
    else if (isText) at += code === BACKSLASH ? 1 : 0
    else depth += BRACKETS.get(code) ?? 0
    if (depth > DEPTH_MAX) return true
  }
  return false
}

async function answerBatch(
  batch: readonly unknown[],
  call: RpcCall,
  isGone: () => boolean,
): Promise<string | null> {
  if (batch.length === 0) {
    return JSON.stringify(failure(null, -32600, 'A batch must not be empty.'))
  }
  if (batch.length > BATCH_MAX) {
    const text = `A batch holds at most ${BATCH_MAX} calls, not ${batch.length}.`
    return JSON.stringify(failure(null, -32600, text))
  }
  const texts: string[] = []
  let size = 0
  for (let at = 0; at < batch.length && !isGone(); at += BATCH_WINDOW) {
    const window = batch.slice(at, at + BATCH_WINDOW)
    // Calls are begun in order, so that the transactions of a batch arrive in order.
    const answers = await Promise.all(
      window.map((one) => answerOne(one, size > BATCH_ANSWER_MAX ? refuseMore : call)),
    )
    for (const answer of answers) {
      if (answer === null) continue
      const text = JSON.stringify(answer)
      size += text.length
      texts.push(text)
    }
  }
  return texts.length === 0 ? null : `[${texts.join(',')}]`
}

class BatchTooLargeError extends Error {
  override name = 'BatchTooLargeError'
  readonly code = -32005
}

async function refuseMore(): Promise<never> {
  throw new BatchTooLargeError('The answers before this one are too large; send smaller batches.')
}

async function answerOne(body: unknown, call: RpcCall): Promise<Response | null> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return failure(null, -32600, 'A call must be an object.')
  }
  const { jsonrpc, id, method, params } = body as Record<string, unknown>
  const isNotification = id === undefined
  if (!isNotification && typeof id !== 'string' && typeof id !== 'number' && id !== null) {
    return failure(null, -32600, 'Field "id" must be a text, a number or null.')
  }
  const answerId: Id = isNotification ? null : (id as Id)
  if (jsonrpc !== '2.0') return failure(answerId, -32600, 'Field "jsonrpc" must be "2.0".')
  if (typeof method !== 'string') return failure(answerId, -32600, 'Field "method" must be a text.')
  if (params !== undefined && params !== null && !Array.isArray(params)) {
    return failure(answerId, -32602, 'Field "params" must be a list.')
  }
  const response = await run(answerId, { method, params: (params ?? []) as Json[] }, call)
  return isNotification ? null : response
}

async function run(id: Id, request: RpcRequest, call: RpcCall): Promise<Response> {
  try {
    return { jsonrpc: '2.0', id, result: await call(request) }
  } catch (error) {
    const { code, message, data } = error as { code?: unknown; message?: unknown; data?: Json }
    return failure(id, typeof code === 'number' ? code : -32603, String(message ?? error), data)
  }
}

function failure(id: Id, code: number, message: string, data?: Json): Response {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } }
}
