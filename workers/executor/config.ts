/** What an executor is told when it is created. */
import type { Hex } from '../rollup/bytes.ts'
import type { NodeConfig } from '../rollup/node/open.ts'

export type ExecutorConfig = NodeConfig & {
  readonly contracts: { readonly l1Bridge: Hex }
  /** Members of the committee in registration order: compressed G1 key and stake. */
  readonly committee: readonly { readonly publicKey: Uint8Array; readonly weight: bigint }[]
}
