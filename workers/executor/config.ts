/** What an executor is told when it is created. */
import type { NodeConfig } from '../rollup/node/open.ts'

export type ExecutorConfig = NodeConfig & {
  /** Members of the committee in registration order: compressed G1 key and stake. */
  readonly committee: readonly { readonly publicKey: Uint8Array; readonly weight: bigint }[]
}
