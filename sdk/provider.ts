/** One chain of a world as an EIP-1193 provider. */
import type { ChainName, Json, RpcNotification, World } from '../workers/protocol/world.ts'

export interface RequestArguments {
  readonly method: string
  readonly params?: readonly Json[]
}

/** What a provider asks of a world. */
export type RpcDoor = Pick<World, 'rpc' | 'onNotification'>

type Listener = (payload: never) => void

export interface Provider {
  request(args: RequestArguments): Promise<Json>
  on(event: string, listener: Listener): Provider
  removeListener(event: string, listener: Listener): Provider
}

/** Errors of JSON-RPC keep `code` and `data`, as EIP-1193 asks. */
export function createProvider(world: RpcDoor, chain: ChainName): Provider {
  const listeners = new Map<string, Set<Listener>>()
  let subscribed = false

  const emit = (event: string, payload: unknown) => {
    for (const listener of listeners.get(event) ?? []) listener(payload as never)
  }

  const notified = (notification: RpcNotification) =>
    emit('message', { type: 'eth_subscription', data: notification })

  const provider: Provider = {
    async request({ method, params = [] }) {
      if (method === 'eth_subscribe' && !subscribed) {
        subscribed = true
        await world.onNotification(chain, notified)
      }
      return world.rpc(chain, { method, params })
    },
    on(event, listener) {
      const known = listeners.get(event) ?? new Set()
      listeners.set(event, known.add(listener))
      return provider
    },
    removeListener(event, listener) {
      listeners.get(event)?.delete(listener)
      return provider
    },
  }
  return provider
}
