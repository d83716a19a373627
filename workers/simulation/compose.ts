/** Puts the product's nodes together for a preset. */
import type { ChallengerConfig } from '../challenger/create.ts'
import type { DataNodeConfig } from '../da/config.ts'
import type { ExecutorConfig } from '../executor/config.ts'
import type { NodeSpec } from '../kernel/hostPort.ts'
import type { NodeId, Plain } from '../kernel/role.ts'
import type { L1Config } from '../l1/config.ts'
import {
  ALIAS_COUNT,
  aliasName,
  challengerNode,
  dataNode,
  EXECUTORS,
  L1_NODE,
  nodeRole,
  sequencerNode,
} from '../protocol/nodes.ts'
import type { PinnedOptions } from '../protocol/world.ts'
import { hashEntry } from '../rollup/batch/entry.ts'
import { initBls } from '../rollup/bls/engine.ts'
import { blsPublicKey } from '../rollup/bls/signature.ts'
import { bytesToHex, equalBytes, hexToBytes } from '../rollup/bytes.ts'
import type { WorldGenesis } from '../rollup/genesisFile.ts'
import { accountAddress, accountKey, blsKey } from '../rollup/keys.ts'
import { type Parameters, parametersOf, type RuleOptions } from '../rollup/parameters.ts'
import type { CommitteeMember, SequencerConfig } from '../sequencer/config.ts'
import { type Composition, NETWORK, type Placement } from './composition.ts'
import { hasDisputes } from './fork/disputes.ts'
import { loadGenesis } from './genesis.ts'
import { SCENARIOS } from './scenarios/catalogue.ts'

/** What genesis registers each member with (tools/genesis/deploy.ts). */
const SEQUENCER_STAKE_WEI = 32n * 10n ** 18n

interface Making {
  readonly parameters: Parameters
  readonly genesis: WorldGenesis
  readonly committee: readonly CommitteeMember[]
  readonly dataNodeKeys: readonly Uint8Array[]
  readonly challengers: readonly NodeId[]
}

/** Loads genesis and BLS. Throws `GenesisFileError`. */
export async function compose(options: PinnedOptions): Promise<Composition> {
  const parameters = parametersOf(options)
  const [genesis] = await Promise.all([loadGenesis(options.preset, parameters), initBls()])
  const challengers = hasDisputes(options.fork) ? challengersOf(options.scenario) : []
  const making = makingOf(parameters, genesis, challengers)
  const placements = place(making)
  const ids = placements.flatMap(({ nodes }) => nodes.map(({ id }) => id))
  return {
    parameters: making.parameters,
    placements,
    network: NETWORK,
    rpcNodes: { l1: [L1_NODE], l2: EXECUTORS },
    contracts: genesis.addresses,
    accounts: Object.fromEntries([
      ...ids.map((id) => account(id)),
      ...EXECUTORS.flatMap(aliasAccounts),
    ]),
  }
}

function account(owner: NodeId, name = owner): readonly [string, NodeId] {
  return [bytesToHex(accountAddress(name)), owner]
}

function aliasAccounts(owner: NodeId): (readonly [string, NodeId])[] {
  return idsOf(ALIAS_COUNT, (index) => aliasName(owner, index)).map((name) => account(owner, name))
}

/** Scenarios may ask for more challengers than one. */
function challengersOf(scenario: string): readonly NodeId[] {
  const count = SCENARIOS.find(({ name }) => name === scenario)?.challengers ?? 1
  return idsOf(count, challengerNode)
}

function makingOf(
  parameters: Parameters,
  genesis: WorldGenesis,
  challengers: readonly NodeId[],
): Making {
  const members = idsOf(parameters.sequencerCount, sequencerNode)
  return {
    parameters,
    genesis,
    challengers,
    committee: members.map((id) => ({
      publicKey: blsPublicKey(blsKey(id)),
      weight: SEQUENCER_STAKE_WEI,
      address: accountAddress(id),
    })),
    dataNodeKeys: idsOf(parameters.dataNodeCount, dataNode).map((id) => blsPublicKey(blsKey(id))),
  }
}

/** The table of placement: which nodes share a thread. */
function place(making: Making): Placement[] {
  const { parameters, challengers } = making
  const sequencers = idsOf(parameters.sequencerCount, sequencerNode)
  const dataNodes = idsOf(parameters.dataNodeCount, dataNode)
  const subscribers = [...sequencers, ...EXECUTORS, ...dataNodes, ...challengers]
  return [
    { name: 'l1', nodes: [l1Spec(making, subscribers)] },
    // In one thread: each vote is signed, and each certificate verified, of a point that all members share.
    {
      name: 'sequencers',
      nodes: sequencers.map((id, index) => sequencerSpec(making, id, index)),
    },
    ...EXECUTORS.map((id, rank) => ({ name: id, nodes: [executorSpec(making, id, rank)] })),
    { name: 'da', nodes: dataNodes.map((id, index) => dataSpec(making, id, index)) },
    ...challengers.map((id) => ({ name: id, nodes: [challengerSpec(making, id)] })),
  ]
}

function idsOf(count: number, name: (index: number) => NodeId): NodeId[] {
  return Array.from({ length: count }, (_, index) => name(index))
}

function spec(id: NodeId, config: unknown): NodeSpec {
  return { id, role: nodeRole(id), config: config as Plain }
}

function rulesOf({ preset, codeSizeMax }: Parameters): RuleOptions {
  return { preset, codeSizeLimit: codeSizeMax }
}

function l1Spec({ genesis }: Making, subscribers: readonly NodeId[]): NodeSpec {
  const config: L1Config = {
    preset: genesis.preset,
    genesis: genesis.l1,
    contracts: genesis.addresses,
    subscribers,
  }
  return spec(L1_NODE, config)
}

function sequencerSpec(making: Making, id: NodeId, index: number): NodeSpec {
  const { genesis, committee, dataNodeKeys, parameters } = making
  const { inbox, sequencerRegistry } = genesis.addresses
  const config: SequencerConfig = {
    ...rulesOf(parameters),
    index,
    committee,
    dataNodeKeys,
    secretKey: blsKey(id),
    l1PrivateKey: accountKey(id),
    l1Nonce: genesisNonce(genesis, accountAddress(id)),
    contracts: { inbox: hexToBytes(inbox), sequencerRegistry: hexToBytes(sequencerRegistry) },
    genesisEntryHash: hashEntry(genesis.inboxGenesis),
    genesisOriginNumber: genesis.inboxGenesis.originNumber,
    executorCount: EXECUTORS.length,
  }
  return spec(id, config)
}

function executorSpec(
  { genesis, committee, parameters }: Making,
  id: NodeId,
  rank: number,
): NodeSpec {
  const { inbox, disputeGameFactory, anchorRegistry, l1Bridge } = genesis.addresses
  const config: ExecutorConfig = {
    ...rulesOf(parameters),
    rank,
    l2Genesis: genesis.l2,
    inboxGenesis: genesis.inboxGenesis,
    anchorRoot: genesis.anchorRoot,
    contracts: { inbox, disputeGameFactory, anchorRegistry, l1Bridge },
    committee: committee.map(({ publicKey, weight }) => ({ publicKey, weight })),
  }
  return spec(id, config)
}

function dataSpec({ genesis, parameters }: Making, id: NodeId, index: number): NodeSpec {
  const config: DataNodeConfig = {
    index,
    preset: parameters.preset,
    secretKey: blsKey(id),
    contracts: { inbox: hexToBytes(genesis.addresses.inbox) },
  }
  return spec(id, config)
}

function challengerSpec({ genesis, parameters }: Making, id: NodeId): NodeSpec {
  const { inbox, disputeGameFactory, anchorRegistry } = genesis.addresses
  const config: ChallengerConfig = {
    ...rulesOf(parameters),
    l2Genesis: genesis.l2,
    inboxGenesis: genesis.inboxGenesis,
    anchorRoot: genesis.anchorRoot,
    contracts: { inbox, disputeGameFactory, anchorRegistry },
  }
  return spec(id, config)
}

function genesisNonce({ l1 }: WorldGenesis, address: Uint8Array): bigint {
  return l1.accounts.find((account) => equalBytes(account.address, address))?.nonce ?? 0n
}
