/** Both chains' servers together, and a clear sentence when a port is taken. */
import { createWalletRpc } from '../../sdk/wallet/door.ts'
import { BaseError } from '../../workers/kernel/errors.ts'
import type { ChainName, Json, RpcNotification, RpcRequest } from '../../workers/protocol/world.ts'
import { type RpcServer, serveRpc } from './server.ts'

export interface Door {
  rpc(chain: ChainName, request: RpcRequest): Promise<Json>
  onNotification(chain: ChainName, listener: (notification: RpcNotification) => void): () => void
}

export interface DoorPorts {
  readonly l1: number
  readonly l2: number
}

export class PortTakenError extends BaseError {
  override name = 'PortTakenError'
}

export interface OpenDoors {
  readonly ports: DoorPorts
  close(): Promise<void>
}

/** A world's chains, with the methods of a wallet. Throws `PortTakenError` naming the flag that chooses another port. */
export async function openDoors(
  { rpc, onNotification }: Door,
  ports: DoorPorts,
  allowedOrigins: readonly string[],
): Promise<OpenDoors> {
  const door = { rpc: createWalletRpc(rpc), onNotification }
  const l1 = await openDoor(door, 'l1', ports.l1, allowedOrigins)
  try {
    const l2 = await openDoor(door, 'l2', ports.l2, allowedOrigins)
    return {
      ports: { l1: l1.port, l2: l2.port },
      close: async () => {
        await Promise.all([l1.close(), l2.close()])
      },
    }
  } catch (error) {
    await l1.close()
    throw error
  }
}

/** One chain's server. Throws `PortTakenError`. */
export async function openDoor(
  door: Door,
  chain: ChainName,
  port: number,
  allowedOrigins: readonly string[],
): Promise<RpcServer> {
  try {
    return await serveRpc({
      port,
      allowedOrigins,
      call: (request) => door.rpc(chain, request),
      onNotification: (listener) => door.onNotification(chain, listener),
    })
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'EADDRINUSE') throw cause
    throw new PortTakenError(`Port ${port} is taken. Choose another with --${chain}-port.`, {
      cause,
    })
  }
}
