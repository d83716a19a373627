/** What an executor is told when it is created. */
import type { Hex } from '../rollup/bytes.ts'
import type { NodeConfig } from '../rollup/node/open.ts'

export type ExecutorConfig = NodeConfig & {
  /** 0 proposes at once; the others stand by, each more patient than the one before. */
  readonly rank: number
  readonly contracts: { readonly l1Bridge: Hex }
  /** Members of the committee in registration order: compressed G1 key and stake. */
  readonly committee: readonly { readonly publicKey: Uint8Array; readonly weight: bigint }[]
}
