/** Stands between a world and its fork's source, counts what is asked, and may lie. For tests. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ForkProxy {
  readonly url: string
  /** Methods that were asked for, in order. */
  readonly asked: string[]
  /** What becomes of an answer; null: as it is. A text is sent as it is, a number as an HTTP status, `'hang'` is never answered. */
  change: ((method: string, answer: Answer) => Answer | string | number) | null
  close(): void
}

/** A JSON-RPC answer. */
export type Answer = { readonly result?: unknown; readonly error?: unknown } & Record<
  string,
  unknown
>

export async function startProxy(target: string): Promise<ForkProxy> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', async () => {
      const { method } = JSON.parse(body) as { readonly method: string }
      proxy.asked.push(method)
      const headers = { 'content-type': 'application/json' }
      const answer = (await (
        await fetch(target, { method: 'POST', headers, body })
      ).json()) as Answer
      const changed = proxy.change?.(method, answer) ?? answer
      if (changed === 'hang') return
      if (typeof changed === 'number') response.writeHead(changed, headers).end('')
      else {
        response
          .writeHead(200, headers)
          .end(typeof changed === 'string' ? changed : JSON.stringify(changed))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const proxy: ForkProxy = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    change: null,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return proxy
}

/** Flips the lowest bit of one hexadecimal digit. */
export function flipDigit(hex: string, at: number): string {
  const digit = Number.parseInt(hex.charAt(at), 16) ^ 1
  return `${hex.slice(0, at)}${digit.toString(16)}${hex.slice(at + 1)}`
}
