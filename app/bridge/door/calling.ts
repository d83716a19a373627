/** How a frame or window of the devnet receives a port from the dApp's page that opened it. */
import { CONNECT, READY } from './messages.ts'

/**
 * Says that it listens, and calls back once the other side answers with a port. The origin is the browser's word, not the page's.
 * A page without an origin of its own (a file, a sandboxed frame) cannot be told from others and is refused.
 */
export function receiveCall(
  from: Window,
  onCall: (origin: string, port: MessagePort) => void,
  onRefused: (message: string) => void = () => undefined,
): void {
  window.addEventListener('message', ({ source, origin, data, ports }: MessageEvent<unknown>) => {
    const [port] = ports
    if (source !== from || data !== CONNECT || port === undefined) return
    if (/^https?:\/\//.test(origin)) return onCall(origin, port)
    const message = 'A page opened from a file, or in a sandbox, has no origin: serve it over HTTP.'
    port.postMessage({ kind: 'closed', code: 4001, message })
    onRefused(message)
  })
  // It names nobody: whoever embeds or opens this page may know that it is there.
  from.postMessage(READY, '*')
}
