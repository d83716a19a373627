/** The tab's end of the JSON-RPC bridge: serves the calls that `npm start`'s server forwards. */
import { BRIDGE_PATH, type BridgeAnswer, type BridgeCall } from '../protocol/bridge.ts'
import type { Json, World } from '../protocol/world.ts'

const RETRY_MS = 2_000
/** Close code with which the server says that another tab connected. */
const REPLACED_CODE = 4001

/**
 * Connects to the server at `origin`, and again whenever that went away, until another tab takes over. Never throws. Runs in a worker:
 * browsers slow the timers of a hidden tab's page down to one a minute, but not those of its workers.
 */
export function connectBridge(world: Pick<World, 'rpc' | 'onNotification'>, origin: string): void {
  const url = new URL(BRIDGE_PATH, origin.replace(/^http/, 'ws')).href
  let socket: WebSocket | undefined
  const send = (answer: BridgeAnswer): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(answer))
  }
  const open = (): void => {
    socket = new WebSocket(url)
    socket.addEventListener('message', (event: MessageEvent<string>) => {
      void serve(world, JSON.parse(event.data) as BridgeCall, send)
    })
    socket.addEventListener('close', ({ code }: CloseEvent) => {
      if (code !== REPLACED_CODE) setTimeout(open, RETRY_MS)
    })
  }
  for (const chain of ['l1', 'l2'] as const) {
    void world.onNotification(chain, (notification) => send({ chain, notification }))
  }
  open()
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
