/** What JSON-RPC stands on, and the shape of its tables. */
import type { Patience } from '../../kernel/patience.ts'
import type { Json } from '../../protocol/world.ts'
import type { Chain } from '../chain.ts'
import type { Mempool } from '../pool/mempool.ts'

export interface RpcBackend {
  readonly chain: Chain
  readonly pool: Mempool
  /** Virtual time between two blocks; undefined of a chain to which nobody adds blocks. */
  readonly blockMs?: number
  /** Virtual time at which a method is called; 0 is the genesis. */
  readonly nowMs?: number
  /** Of whoever called; without it, a call takes as long as its gas lasts. */
  readonly patience?: Patience | undefined
}

/** A method that reads. Parameters are checked by the method itself. */
export type ReadMethod = (backend: RpcBackend, params: readonly Json[]) => Json | Promise<Json>

export type MethodTable = Readonly<Record<string, ReadMethod>>
