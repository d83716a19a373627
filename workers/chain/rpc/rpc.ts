/** JSON-RPC over one chain. Reads are answered here; what changes the world is only prepared. */
import type { RpcKind } from '../../protocol/inputs.ts'
import type { Json } from '../../protocol/world.ts'
import { withPatience } from '../chain.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import { blockMethods } from './blocks.ts'
import { callMethods } from './call.ts'
import { CHEAT_METHODS } from './cheats.ts'
import { configMethods } from './config.ts'
import { debugMethods } from './debug.ts'
import { dumpMethods } from './dump.ts'
import { MethodNotFoundError } from './errors.ts'
import { feeMethods } from './fees.ts'
import { logMethods } from './logs.ts'
import { nodeMethods } from './node.ts'
import { otterscanMethods } from './otterscan.ts'
import { readData, readHash } from './params.ts'
import { fillAndSign, signMethods } from './sign.ts'
import { simulateMethods } from './simulateV1.ts'
import { stateMethods } from './state.ts'
import { traceMethods } from './trace.ts'
import { txpoolMethods } from './txpool.ts'

/** When a method is called, and how long it may take. */
export type RpcCallContext = Pick<RpcBackend, 'nowMs' | 'patience'>

export interface Rpc {
  /** `read`: `read` answers it. `input`: it changes the world; `toRawTransaction` prepares it. */
  kind(method: string): RpcKind
  /**
   * The result of a method that changes nothing, from committed state. Throws errors with a JSON-RPC `code`:
   * -32601 unknown method, -32602 naming the parameter, 3 with the data of a revert, -32000 and what execution-apis say otherwise.
   */
  read(method: string, params: readonly Json[], call?: RpcCallContext): Promise<Json>
  /** EIP-2718 bytes of what a method of kind `input` sends. Blobs may be in them (`splitSidecar`). */
  toRawTransaction(
    method: string,
    params: readonly Json[],
    call?: RpcCallContext,
  ): Promise<Uint8Array>
}

/** A chain that takes no blobs has none; L1 answers these itself. */
const blobMethods: MethodTable = {
  anvil_getBlobByHash(_, [hash]) {
    readHash(hash, 'hash')
    return null
  },
  anvil_getBlobsByTransactionHash(_, [hash]) {
    readHash(hash, 'hash')
    return null
  },
}

const TABLE: MethodTable = {
  ...blobMethods,
  ...blockMethods,
  ...callMethods,
  ...configMethods,
  ...debugMethods,
  ...dumpMethods,
  ...feeMethods,
  ...logMethods,
  ...nodeMethods,
  ...otterscanMethods,
  ...signMethods,
  ...simulateMethods,
  ...stateMethods,
  ...traceMethods,
  ...txpoolMethods,
}

/** Methods that change the world. */
const INPUT_METHODS: ReadonlySet<string> = new Set([
  'eth_sendRawTransaction',
  'eth_sendTransaction',
  ...CHEAT_METHODS,
])

/** Whether a method changes the world, so that only an input may carry it. */
export function isWorldMethod(method: string): boolean {
  return INPUT_METHODS.has(method)
}

/** `own`: further reads of this node, e.g. `rollup_syncStatus`. */
export function createRpc(backend: RpcBackend, own: MethodTable = {}): Rpc {
  const table: MethodTable = { ...TABLE, ...own }
  return {
    kind(method) {
      if (INPUT_METHODS.has(method)) return 'input'
      return Object.hasOwn(table, method) ? 'read' : 'unknown'
    },
    async read(method, params, call) {
      const handler = Object.hasOwn(table, method) ? table[method] : undefined
      if (handler === undefined) throw new MethodNotFoundError(method)
      return handler(
        { ...backend, ...call, chain: withPatience(backend.chain, call?.patience) },
        params,
      )
    },
    async toRawTransaction(method, params, call) {
      if (method === 'eth_sendRawTransaction') return readData(params[0], 'transaction')
      if (method === 'eth_sendTransaction') {
        return (await fillAndSign({ ...backend, ...call }, params[0])).raw
      }
      throw new MethodNotFoundError(method)
    },
  }
}
