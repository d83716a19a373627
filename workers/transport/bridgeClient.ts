/** The tab's end of the JSON-RPC bridge: serves the calls that `npm start`'s server forwards. */
import { BRIDGE_PATH, type BridgeAnswer, type BridgeCall } from '../protocol/bridge.ts'
import type { Json, World } from '../protocol/world.ts'

export interface BridgeClient {
  close(): void
}

/** `connected`: calls from outside reach this tab. `replaced`: another tab took over. `off`: no server, e.g. a static host. */
export type BridgeState = 'connecting' | 'connected' | 'replaced' | 'off'

const RETRY_MS = 2_000
/** A static host answers no WebSocket: after so many failures in a row the client gives up. */
const RETRIES_MAX = 3
/** Close code with which the server says that another tab connected. */
export const REPLACED_CODE = 4001

/** Connects to the server that served the page; `origin` is `location.origin`. Never throws. */
export function connectBridge(
  world: Pick<World, 'rpc' | 'onNotification'>,
  origin: string,
  onState: (state: BridgeState) => void = () => undefined,
): BridgeClient {
  const url = new URL(BRIDGE_PATH, origin.replace(/^http/, 'ws')).href
  let socket: WebSocket | undefined
  let failures = 0
  let isClosed = false
  const send = (answer: BridgeAnswer): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(answer))
  }
  const open = (): void => {
    if (isClosed) return
    onState('connecting')
    socket = new WebSocket(url)
    socket.addEventListener('open', () => {
      failures = 0
      onState('connected')
    })
    socket.addEventListener('message', (event: MessageEvent<string>) => {
      void serve(world, JSON.parse(event.data) as BridgeCall, send)
    })
    socket.addEventListener('close', (event: CloseEvent) => {
      failures += 1
      if (event.code === REPLACED_CODE) onState('replaced')
      else if (failures > RETRIES_MAX) onState('off')
      else setTimeout(open, RETRY_MS)
    })
  }
  for (const chain of ['l1', 'l2'] as const) {
    void world.onNotification(chain, (notification) => send({ chain, notification }))
  }
  open()
  return {
    close: () => {
      isClosed = true
      socket?.close()
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
