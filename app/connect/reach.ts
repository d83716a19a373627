/** The two ways from a dApp's page to the devnet: an invisible frame, and a window in which the person is asked. */
import { CODES, ProviderError } from '../../sdk/wallet/errors.ts'
import { CONNECT, READY } from '../bridge/door/messages.ts'
import { type Link, type LinkListeners, openLink } from './link.ts'

/** A frame that has nobody behind it says so; one that cannot load does not. */
const frameMs = 8_000
/** After a window closed itself, its port may still be on the way to the tab that runs the world. */
const closedWindowMs = 4_000

/** Through a frame: without the person, and only where the browser lets the frame see the devnet's other tabs. */
export function reachByFrame(base: URL, listeners: LinkListeners): Promise<Link> {
  const frame = document.createElement('iframe')
  frame.src = new URL('connect.html', base).href
  frame.hidden = true
  frame.title = 'trex devnet'
  document.documentElement.append(frame)
  const port = offerPort(base, () => frame.contentWindow)
  const startedMs = performance.now()
  return openLink(port, listeners, () =>
    performance.now() - startedMs < frameMs
      ? null
      : new ProviderError(CODES.disconnected, `No devnet answers at ${base.origin}.`),
  ).finally(() => frame.remove())
}

/** Through a window; needs a click, as browsers open none without. */
export function reachByWindow(
  base: URL,
  listeners: LinkListeners,
  isSmall: boolean,
): Promise<Link> {
  const target = new URL('#/connect', base).href
  const opened = window.open(target, '_blank', isSmall ? 'popup,width=520,height=680' : '')
  if (opened === null) {
    const text = "The browser blocked the devnet's window: ask for accounts in answer to a click."
    return Promise.reject(new ProviderError(CODES.unauthorized, text))
  }
  let closedAtMs: number | null = null
  return openLink(
    offerPort(base, () => opened),
    listeners,
    () => {
      if (!opened.closed) return null
      closedAtMs ??= performance.now()
      if (performance.now() - closedAtMs < closedWindowMs) return null
      return new ProviderError(CODES.refused, "The devnet's window was closed without an answer.")
    },
  )
}

/** A port whose other end goes to the devnet's page once that listens, and to no other origin. */
function offerPort(base: URL, target: () => Window | null): MessagePort {
  const { port1, port2 } = new MessageChannel()
  const answer = ({ source, origin, data }: MessageEvent<unknown>) => {
    const other = target()
    if (data !== READY || origin !== base.origin || source !== other || other === null) return
    window.removeEventListener('message', answer)
    other.postMessage(CONNECT, base.origin, [port2])
  }
  window.addEventListener('message', answer)
  return port1
}
