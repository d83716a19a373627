/** Builds the core of a node from its configuration and what it persisted. */
import type { NodeId, RoleContext } from '../../kernel/role.ts'
import type { Entry } from '../batch/entry.ts'
import { bytesToHex, type Hex, hexToBytes } from '../bytes.ts'
import type { CellCoder } from '../data/kzg.ts'
import { bondAtDepth } from '../game/bond.ts'
import type { Player } from '../game/player.ts'
import type { ChainGenesis } from '../genesisFile.ts'
import { accountAddress, accountKey } from '../keys.ts'
import type { SenderState } from '../l1/sender.ts'
import { latest, openView } from '../l1/view.ts'
import type { Parameters, RuleOptions } from '../parameters.ts'
import { type NodeCore, type NodeFields, SENDER_KEY } from './core.ts'
import { openCourier } from './courier.ts'
import { type EngineBlock, type LedgerEngine, openLedger } from './ledger.ts'
import { l2Rules } from './traces.ts'

/** What every node that derives L2 is told. */
export type NodeConfig = RuleOptions & {
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
}

export interface CoreInput<Block extends EngineBlock> {
  readonly context: RoleContext
  readonly config: NodeConfig
  readonly parameters: Parameters
  readonly engine: LedgerEngine<Block>
  readonly kzg: CellCoder
  readonly genesis: Block & { readonly header: { readonly timestamp: bigint } }
  readonly l1Node: NodeId
  readonly dataNodes: readonly NodeId[]
}

export function openCore<Block extends EngineBlock>(input: CoreInput<Block>): NodeCore<Block> {
  const { context, parameters, engine, kzg, l1Node, dataNodes } = input
  return {
    settings: {
      l1Node,
      dataNodes,
      l1SlotMs: parameters.l1SlotMs,
      l2GasLimit: BigInt(parameters.l2BlockGasLimit),
      rules: l2Rules(parameters),
    },
    engine,
    kzg,
    nextBelow: (bound) => context.rng.nextBelow(bound),
    fields: openFields(input),
    nowMs: 0,
    effects: [],
  }
}

function openFields<Block extends EngineBlock>(input: CoreInput<Block>): NodeFields {
  const { context, config, parameters, genesis } = input
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
  const { timestamp } = genesis.header
  return {
    view,
    courier: openCourier(account, stored),
    ledger: openLedger({ hash: genesis.hash, timestamp }, entryZero),
    payloads: new Map(),
    fetchings: new Map(),
    l1Seconds: timestamp,
    headMs: 0,
    headGapMs: 0,
  }
}

/** The node as a party of games. */
export function openPlayer(id: NodeId, config: NodeConfig, parameters: Parameters): Player {
  return {
    account: bytesToHex(accountAddress(id)),
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
