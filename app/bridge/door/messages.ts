/**
 * What a dApp's page (`app/connect`) and the devnet's tab say to each other over one MessagePort, and how that port gets there.
 * Everything that comes from the dApp's side is foreign input.
 */
import type { ChainName, Json } from '../../../workers/protocol/world.ts'

/** By `window.postMessage`, from the devnet's frame or window to the dApp's page: it listens now. */
export const READY = 'trex-connect:ready'
/** The answer, with a port: the page asks to be connected through it. */
export const CONNECT = 'trex-connect:connect'

export interface DoorRequest {
  readonly kind: 'request'
  readonly id: number
  readonly chain: ChainName
  readonly method: string
  readonly params: readonly Json[]
}

export type FromDapp = DoorRequest | { readonly kind: 'ping' }

export interface DoorError {
  readonly code: number
  readonly message: string
  readonly data?: Json
}

export type FromDoor =
  /** The first message, and again whenever the origin's permission changes; no accounts: it has none. */
  | { readonly kind: 'accounts'; readonly accounts: readonly string[] }
  | { readonly kind: 'answer'; readonly id: number | null; readonly result: Json }
  | { readonly kind: 'answer'; readonly id: number | null; readonly error: DoorError }
  | { readonly kind: 'subscription'; readonly subscription: string; readonly result: Json }
  | { readonly kind: 'pong' }
  /** Nothing follows. 4001: the person refused; 4900: no tab runs the devnet, or not any more. */
  | { readonly kind: 'closed'; readonly code: 4001 | 4900; readonly message: string }
