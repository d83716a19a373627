/** Who may talk to a server that listens on loopback: a rebinding DNS name or a foreign page may not. */
import type { IncomingMessage } from 'node:http'

export interface GuardOptions {
  /** Origins besides loopback's own that may call, or `*`. */
  readonly allowedOrigins: readonly string[]
}

/** Why the request is refused, or null. */
export function refusal(request: IncomingMessage, options: GuardOptions): string | null {
  const { host, origin } = request.headers
  if (!isLoopbackHost(host)) {
    return `Host ${JSON.stringify(host ?? '')} is refused: use 127.0.0.1 or localhost.`
  }
  if (origin === undefined || isAllowedOrigin(origin, options)) return null
  return `Origin ${JSON.stringify(origin)} is refused: start with --allow-origin ${origin} to allow it.`
}

function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i.test(host)
}

function isAllowedOrigin(origin: string, { allowedOrigins }: GuardOptions): boolean {
  if (allowedOrigins.includes('*') || allowedOrigins.includes(origin)) return true
  const loopback = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i
  return loopback.test(origin)
}
