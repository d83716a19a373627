/** What an executor is told when it is created. */
import type { Entry } from '../rollup/batch/entry.ts'
import type { Hex } from '../rollup/bytes.ts'
import type { ChainGenesis } from '../rollup/genesisFile.ts'
import type { PresetName } from '../rollup/parameters.ts'

export type ExecutorConfig = {
  readonly preset: PresetName
  readonly l2Genesis: ChainGenesis
  /** Entry 0 of the inbox, and the output root at its end. */
  readonly inboxGenesis: Entry
  readonly anchorRoot: Uint8Array
  /** L1 contracts, as the genesis file names them. */
  readonly contracts: {
    readonly inbox: Hex
    readonly disputeGameFactory: Hex
    readonly anchorRegistry: Hex
  }
  /** Members of the committee in registration order: compressed G1 key and stake. */
  readonly committee: readonly { readonly publicKey: Uint8Array; readonly weight: bigint }[]
}
