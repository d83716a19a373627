/** Puts the product's nodes together for a preset. */
import type { NodeSpec } from '../kernel/hostPort.ts'
import type { NodeId, Plain } from '../kernel/role.ts'
import type { L1Config } from '../l1/config.ts'
import { L1_NODE, nodeRole } from '../protocol/nodes.ts'
import type { WorldOptions } from '../protocol/world.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import type { WorldGenesis } from '../rollup/genesisFile.ts'
import { accountAddress } from '../rollup/keys.ts'
import { PRESETS } from '../rollup/parameters.ts'
import { type Composition, NETWORK, type Placement } from './composition.ts'
import { loadGenesis } from './genesis.ts'

export async function compose(options: WorldOptions): Promise<Composition> {
  const parameters = PRESETS[options.preset]
  const genesis = await loadGenesis(options.preset)
  const placements: Placement[] = [{ name: 'l1', nodes: [l1Spec(genesis, [])] }]
  return {
    parameters,
    placements,
    network: NETWORK,
    rpcNodes: { l1: [L1_NODE], l2: [] },
    contracts: genesis.addresses,
    accounts: accountsOf(placements),
  }
}

function spec(id: NodeId, config: unknown): NodeSpec {
  return { id, role: nodeRole(id), config: config as Plain }
}

function l1Spec(genesis: WorldGenesis, subscribers: readonly NodeId[]): NodeSpec {
  const config: L1Config = {
    preset: genesis.preset, genesis: genesis.l1, contracts: genesis.addresses, subscribers,
  }
  return spec(L1_NODE, config)
}

function accountsOf(placements: readonly Placement[]): Readonly<Record<string, NodeId>> {
  const ids = placements.flatMap(({ nodes }) => nodes.map(({ id }) => id))
  return Object.fromEntries(ids.map((id) => [bytesToHex(accountAddress(id)), id]))
}
