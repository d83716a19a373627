/** What the L1 node is told when it is created. */
import type { NodeId } from '../kernel/role.ts'
import type { ChainGenesis } from '../rollup/genesisFile.ts'
import type { PresetName } from '../rollup/parameters.ts'

export interface L1Config {
  readonly preset: PresetName
  readonly genesis: ChainGenesis
  /** Addresses (0x) of the rollup's contracts by name, so that reports can name them. */
  readonly contracts: Readonly<Record<string, string>>
  /** Nodes that get every head from block 1 on without asking. */
  readonly subscribers: readonly NodeId[]
}
