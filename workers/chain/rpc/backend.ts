/** What JSON-RPC stands on, and the shape of its tables. */
import type { Json } from '../../protocol/world.ts'
import type { Chain } from '../chain.ts'
import type { Mempool } from '../pool/mempool.ts'

export interface RpcBackend {
  readonly chain: Chain
  readonly pool: Mempool
}

/** A method that reads. Parameters are checked by the method itself. */
export type ReadMethod = (backend: RpcBackend, params: readonly Json[]) => Json | Promise<Json>

export type MethodTable = Readonly<Record<string, ReadMethod>>
