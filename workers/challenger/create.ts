/** Builds a challenger's parts from its configuration and what it persisted. */
import { createChain } from '../chain/chain.ts'
import type { Plain, RoleContext } from '../kernel/role.ts'
import { dataNode, L1_NODE } from '../protocol/nodes.ts'
import type { Hex } from '../rollup/bytes.ts'
import { createCellCoder } from '../rollup/data/kzg.ts'
import { type NodeConfig, openCore, openPlayer } from '../rollup/node/open.ts'
import type { BoundarySource } from '../rollup/node/traces.ts'
import { parametersOf } from '../rollup/parameters.ts'
import { FALSE_CHALLENGES_KEY } from './attack.ts'
import type { ChallengerNode } from './node.ts'

export type ChallengerConfig = NodeConfig

export async function createChallengerNode(
  context: RoleContext,
  plain: Plain,
): Promise<ChallengerNode> {
  const config = plain as unknown as ChallengerConfig
  const parameters = parametersOf(config)
  const kzg = createCellCoder()
  const chain = await createChain({
    kind: 'l2',
    chainId: parameters.l2ChainId,
    genesis: config.l2Genesis,
    allowsCheats: parameters.allowsCheats,
    codeLimits: parameters,
  })
  const dataNodes = Array.from({ length: parameters.dataNodeCount }, (_, at) => dataNode(at))
  const parts = { context, config, parameters, engine: chain, kzg, genesis: chain.genesis }
  const core = openCore({ ...parts, l1Node: L1_NODE, dataNodes })
  const boundaries: BoundarySource = {
    chainId: parameters.l2ChainId,
    get ledger() {
      return core.fields.ledger
    },
    blockAt: (height) => chain.block(height) ?? chain.genesis,
    roots: new Map(),
  }
  const stored = context.durable.get(FALSE_CHALLENGES_KEY) ?? []
  return {
    id: context.id,
    parameters,
    player: openPlayer(context.id, config, parameters),
    chain,
    core,
    boundaries,
    provers: new Map(),
    fields: {
      isArmed: false,
      falseChallenges: [],
      forgotten: stored as unknown as readonly Hex[],
      checked: new Set(),
    },
  }
}
