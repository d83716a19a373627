/**
 * What `npm start`'s server and the tab say to each other over the WebSocket at `BRIDGE_PATH`, as JSON text. The server
 * forwards calls of HTTP and WebSocket clients; the tab answers and passes on notifications. The tab that connected last serves; when it goes, the one before it.
 */
import type { ChainName, Json, RpcNotification, RpcRequest } from './world.ts'

export const BRIDGE_PATH = '/bridge'

export interface BridgeCall {
  readonly id: number
  readonly chain: ChainName
  readonly request: RpcRequest
}

export interface BridgeError {
  readonly code: number
  readonly message: string
  readonly data?: Json
}

export type BridgeAnswer =
  | { readonly id: number; readonly result: Json }
  | { readonly id: number; readonly error: BridgeError }
  | { readonly chain: ChainName; readonly notification: RpcNotification }
