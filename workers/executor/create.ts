/** Builds an executor's parts from its configuration and what it persisted. */
import { createChain } from '../chain/chain.ts'
import { createMempool } from '../chain/pool/mempool.ts'
import { createRpc } from '../chain/rpc/rpc.ts'
import type { Block } from '../chain/types.ts'
import type { Plain, RoleContext } from '../kernel/role.ts'
import { dataNode, L1_NODE } from '../protocol/nodes.ts'
import { initBls } from '../rollup/bls/engine.ts'
import { bytesToHex, hexToBytes } from '../rollup/bytes.ts'
import { loadKzg } from '../rollup/data/kzg.ts'
import { bondAtDepth } from '../rollup/game/bond.ts'
import type { Player } from '../rollup/game/player.ts'
import { accountAddress, accountKey } from '../rollup/keys.ts'
import type { SenderState } from '../rollup/l1/sender.ts'
import { latest, openView } from '../rollup/l1/view.ts'
import { type NodeCore, SENDER_KEY } from '../rollup/node/core.ts'
import { openCourier } from '../rollup/node/courier.ts'
import { openLedger } from '../rollup/node/ledger.ts'
import type { BoundarySource } from '../rollup/node/traces.ts'
import { type Parameters, PRESETS } from '../rollup/parameters.ts'
import type { ExecutorConfig } from './config.ts'
import { type ExecutorFields, type ExecutorNode, NO_HEADS, type StoredLie } from './node.ts'
import { EMPTY_ORDER } from './order.ts'
import { LIES_KEY } from './proposer.ts'
import { rollupMethods } from './rollupRpc.ts'

export async function createExecutorNode(
  context: RoleContext,
  plain: Plain,
): Promise<ExecutorNode> {
  const config = plain as unknown as ExecutorConfig
  const parameters = PRESETS[config.preset]
  const [kzg] = await Promise.all([loadKzg(), initBls()])
  const chain = await createChain({
    kind: 'l2',
    chainId: parameters.l2ChainId,
    genesis: config.l2Genesis,
  })
  const pool = createMempool()
  const core: NodeCore<Block> = {
    settings: {
      l1Node: L1_NODE,
      dataNodes: Array.from({ length: parameters.dataNodeCount }, (_, index) => dataNode(index)),
      l1SlotMs: parameters.l1SlotMs,
      l2GasLimit: BigInt(parameters.l2BlockGasLimit),
    },
    engine: chain,
    kzg,
    nextBelow: (bound) => context.rng.nextBelow(bound),
    fields: openFields(context, config, parameters, chain.genesis),
    nowMs: 0,
    effects: [],
  }
  const boundaries: BoundarySource = {
    chainId: parameters.l2ChainId,
    get ledger() {
      return core.fields.ledger
    },
    blockAt: (height) => chain.block(height) ?? chain.genesis,
  }
  const node: ExecutorNode = {
    id: context.id,
    parameters,
    committee: {
      publicKeys: config.committee.map((member) => member.publicKey),
      weights: config.committee.map((member) => member.weight),
    },
    player: playerOf(context, config, parameters),
    chain,
    pool,
    rpc: createRpc(
      { chain, pool },
      rollupMethods(() => node),
    ),
    core,
    boundaries,
    provers: new Map(),
    fields: emptyFields(context),
  }
  return node
}

function openFields(
  context: RoleContext,
  config: ExecutorConfig,
  parameters: Parameters,
  genesis: Block,
): NodeCore<Block>['fields'] {
  const { contracts } = config
  const addresses = {
    inbox: hexToBytes(contracts.inbox),
    factory: hexToBytes(contracts.disputeGameFactory),
    anchorRegistry: hexToBytes(contracts.anchorRegistry),
  }
  const anchor = { root: bytesToHex(config.anchorRoot), entryIndex: 0n }
  const view = openView(addresses, config.inboxGenesis, anchor)
  const account = {
    chainId: parameters.l1ChainId,
    privateKey: accountKey(context.id),
    address: accountAddress(context.id),
  }
  const stored = context.durable.get(SENDER_KEY) as unknown as SenderState | undefined
  const entryZero = latest(view).entries[0]?.hash ?? '0x'
  return {
    view,
    courier: openCourier(account, stored),
    ledger: openLedger({ hash: genesis.hash, timestamp: genesis.header.timestamp }, entryZero),
    payloads: new Map(),
    fetchings: new Map(),
    l1Seconds: genesis.header.timestamp,
  }
}

function emptyFields(context: RoleContext): ExecutorFields {
  return {
    order: EMPTY_ORDER,
    ordered: [],
    gossiped: new Map(),
    armed: [],
    lies: [],
    forgotten: (context.durable.get(LIES_KEY) ?? []) as unknown as readonly StoredLie[],
    heads: NO_HEADS,
    isProposalDue: false,
    settledReported: 0n,
  }
}

function playerOf(context: RoleContext, config: ExecutorConfig, parameters: Parameters): Player {
  return {
    account: bytesToHex(accountAddress(context.id)),
    anchorRegistry: hexToBytes(config.contracts.anchorRegistry),
    rules: {
      maxClockSeconds: BigInt(parameters.gameClockSeconds),
      extensionSeconds: BigInt(parameters.gameClockExtensionSeconds),
      disputeWindowSeconds: BigInt(parameters.disputeWindowSeconds),
      airGapSeconds: BigInt(parameters.airGapSeconds),
      bondAt: (depth) => bondAtDepth(depth),
    },
  }
}
