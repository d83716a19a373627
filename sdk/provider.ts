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
  const emitter = createEmitter()
  let subscribed = false

  const notified = (notification: RpcNotification) =>
    emitter.emit('message', { type: 'eth_subscription', data: notification })

  const provider: Provider = {
    async request({ method, params = [] }) {
      if (method === 'eth_subscribe' && !subscribed) {
        subscribed = true
        await world.onNotification(chain, notified)
      }
      return world.rpc(chain, { method, params })
    },
    on(event, listener) {
      emitter.add(event, listener)
      return provider
    },
    removeListener(event, listener) {
      emitter.remove(event, listener)
      return provider
    },
  }
  return provider
}

/** Listeners by event; one that is added or ended while others hear is heard of from the next time on. */
export function createEmitter() {
  const listeners = new Map<string, Set<Listener>>()
  return {
    emit: (event: string, payload: unknown): void => {
      for (const listener of [...(listeners.get(event) ?? [])]) listener(payload as never)
    },
    add: (event: string, listener: Listener): void => {
      const known = listeners.get(event) ?? new Set()
      listeners.set(event, known.add(listener))
    },
    remove: (event: string, listener: Listener): void => {
      listeners.get(event)?.delete(listener)
    },
  }
}
