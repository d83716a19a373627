/** Builds an executor's parts from its configuration and what it persisted. */
import { createChain } from '../chain/chain.ts'
import { createMempool } from '../chain/pool/mempool.ts'
import { EMPTY_DESK } from '../chain/rpc/cheats.ts'
import { createRpc } from '../chain/rpc/rpc.ts'
import type { Plain, RoleContext } from '../kernel/role.ts'
import { dataNode, L1_NODE } from '../protocol/nodes.ts'
import { initBls } from '../rollup/bls/engine.ts'
import { hexToBytes } from '../rollup/bytes.ts'
import { createCellCoder } from '../rollup/data/kzg.ts'
import { openCore, openPlayer } from '../rollup/node/open.ts'
import type { BoundarySource } from '../rollup/node/traces.ts'
import { type Parameters, parametersOf } from '../rollup/parameters.ts'
import { openAliases } from './aliases.ts'
import type { ExecutorConfig } from './config.ts'
import { type ExecutorFields, type ExecutorNode, NO_HEADS, type StoredLie } from './node.ts'
import { opNodeMethods } from './opNode.ts'
import { EMPTY_ORDER } from './order.ts'
import { LIES_KEY } from './proposer.ts'
import { rollupMethods } from './rollupRpc.ts'

/** Transactions stay in the pool until they are safe, which takes a batch: minutes of a full load must fit. */
const POOL_TRANSACTIONS_MAX = 131_072

export async function createExecutorNode(
  context: RoleContext,
  plain: Plain,
): Promise<ExecutorNode> {
  const config = plain as unknown as ExecutorConfig
  const parameters = parametersOf(config)
  await initBls()
  const kzg = createCellCoder()
  const chain = await createChain({
    kind: 'l2',
    chainId: parameters.l2ChainId,
    genesis: config.l2Genesis,
    allowsCheats: parameters.allowsCheats,
    codeLimits: parameters,
    keepsPreimages: true,
  })
  const pool = createMempool(POOL_TRANSACTIONS_MAX)
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
  const node: ExecutorNode = {
    id: context.id,
    rank: config.rank,
    parameters,
    committee: {
      publicKeys: config.committee.map((member) => member.publicKey),
      weights: config.committee.map((member) => member.weight),
    },
    player: openPlayer(context.id, config, parameters),
    chain,
    pool,
    rpc: createRpc(
      { chain, pool, blockMs: parameters.l2BlockMs },
      { ...rollupMethods(() => node), ...opNodeMethods(() => node) },
    ),
    gossiped: new Map(),
    bridge: hexToBytes(config.contracts.l1Bridge),
    core,
    boundaries,
    provers: new Map(),
    fields: emptyFields(context, parameters),
  }
  return node
}

function emptyFields(context: RoleContext, parameters: Parameters): ExecutorFields {
  const forgotten = (context.durable.get(LIES_KEY) ?? []) as unknown as readonly StoredLie[]
  return {
    order: EMPTY_ORDER,
    ordered: [],
    armed: [],
    lies: [],
    forgotten,
    // From the first head on, for only those that they follow tell them their nonces.
    aliases: openAliases(context.id, parameters, forgotten),
    heads: NO_HEADS,
    isProposalDue: false,
    cheats: EMPTY_DESK,
    settledReported: 0n,
  }
}
