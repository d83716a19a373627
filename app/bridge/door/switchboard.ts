/** The way to the switchboard, for the tab that runs the world and for the frames and windows that receive dApps. */

export type ToSwitchboard =
  /** This tab runs a world; it holds the Web Lock of that name while it lives. */
  | { readonly kind: 'host'; readonly lock: string }
  | { readonly kind: 'leave' }
  | { readonly kind: 'find' }
  /** With the dApp's port. */
  | { readonly kind: 'call'; readonly origin: string }

export type FromSwitchboard =
  | { readonly kind: 'found'; readonly found: boolean }
  | { readonly kind: 'call'; readonly origin: string }

export interface Switchboard {
  /** From now on calls come to this tab; the result ends that. */
  host(onCall: (origin: string, port: MessagePort) => void): () => void
  /** Whether a tab of this browser runs a world. */
  find(): Promise<boolean>
  /** Hands over a dApp's port; false if no tab runs a world. The port is gone either way. */
  call(origin: string, port: MessagePort): Promise<boolean>
}

const answerMs = 3_000

/** Null where the browser has no shared workers, or forbids them in this frame. */
export function openSwitchboard(): Switchboard | null {
  let worker: SharedWorker
  try {
    worker = new SharedWorker(new URL('./switchboard.worker.ts', import.meta.url), {
      type: 'module',
      name: 'switchboard',
    })
  } catch {
    return null
  }
  const { port } = worker
  let onCall: (origin: string, port: MessagePort) => void = () => undefined
  const waiting: ((found: boolean) => void)[] = []
  // The way in which browsers refuse the shared worker of a third party.
  let isRefused = false
  worker.addEventListener('error', () => {
    isRefused = true
    for (const settle of waiting.splice(0)) settle(false)
  })
  port.onmessage = ({ data, ports }: MessageEvent<FromSwitchboard>) => {
    const [call] = ports
    if (data.kind === 'found') waiting.shift()?.(data.found)
    else if (call !== undefined) onCall(data.origin, call)
  }
  const ask = (message: ToSwitchboard, transfer: readonly Transferable[] = []) =>
    new Promise<boolean>((resolve) => {
      if (isRefused) return resolve(false)
      waiting.push(resolve)
      setTimeout(() => resolve(false), answerMs)
      port.postMessage(message, [...transfer])
    })
  return {
    host: (listener) => {
      onCall = listener
      let release = () => undefined as undefined
      const lock = `trex-devnet-host-${crypto.randomUUID()}`
      void navigator.locks.request(lock, () => {
        port.postMessage({ kind: 'host', lock } satisfies ToSwitchboard)
        return new Promise<void>((resolve) => {
          release = () => resolve() as undefined
        })
      })
      return () => {
        onCall = () => undefined
        port.postMessage({ kind: 'leave' } satisfies ToSwitchboard)
        release()
      }
    },
    find: () => ask({ kind: 'find' }),
    call: (origin, call) => ask({ kind: 'call', origin }, [call]),
  }
}
