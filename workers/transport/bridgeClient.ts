/** The tab's end of the JSON-RPC bridge: serves the calls that `npm start`'s server forwards. */
import { BRIDGE_PATH, type BridgeAnswer, type BridgeCall } from '../protocol/bridge.ts'
import type { Json, World } from '../protocol/world.ts'

const RETRY_MS = 2_000

export interface BridgeClient {
  /** Connects to the server, and again whenever that went away. */
  open(): void
  /** Leaves the clients to other tabs. */
  shut(): void
}

/**
 * The way to the server at `origin`; nothing is open yet. Never throws. Runs in a worker: browsers slow the timers of a hidden tab's
 * page down to one a minute, but not those of its workers.
 */
export function createBridgeClient(
  world: Pick<World, 'rpc' | 'onNotification'>,
  origin: string,
): BridgeClient {
  const url = new URL(BRIDGE_PATH, origin.replace(/^http/, 'ws')).href
  let isOpen = false
  let socket: WebSocket | undefined
  const connect = (): void => {
    if (!isOpen) return
    const own = new WebSocket(url)
    socket = own
    const send = (answer: BridgeAnswer): void => {
      if (own.readyState === WebSocket.OPEN) own.send(JSON.stringify(answer))
    }
    own.addEventListener('message', (event: MessageEvent<string>) => {
      void serve(world, JSON.parse(event.data) as BridgeCall, send)
    })
    own.addEventListener('close', () => {
      if (socket === own) setTimeout(() => socket === own && connect(), RETRY_MS)
    })
  }
  for (const chain of ['l1', 'l2'] as const) {
    void world.onNotification(chain, (notification) => {
      if (socket?.readyState !== WebSocket.OPEN) return
      socket.send(JSON.stringify({ chain, notification } satisfies BridgeAnswer))
    })
  }
  return {
    open: () => {
      if (isOpen) return
      isOpen = true
      connect()
    },
    shut: () => {
      isOpen = false
      const own = socket
      socket = undefined
      own?.close()
    },
  }
}

async function serve(
  world: Pick<World, 'rpc'>,
  call: BridgeCall,
  send: (answer: BridgeAnswer) => void,
): Promise<void> {
  const { id, chain, request } = call
  try {
    send({ id, result: await world.rpc(chain, request) })
  } catch (error) {
    const {
      code = -32603,
      message,
      data,
    } = error as { code?: number; message: string; data?: Json }
    send({ id, error: { code, message, ...(data === undefined ? {} : { data }) } })
  }
}
