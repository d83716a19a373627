/** HTTP as browsers and Node have it. */
import type { HttpPost } from '../simulation/fork/endpoint.ts'

/** No cookies, no cache, no other address than the one that was given. */
export const httpPost: HttpPost = async ({ url, body, timeoutMs }) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(timeoutMs),
    credentials: 'omit',
    cache: 'no-store',
  })
  return { status: response.status, text: await response.text() }
}
