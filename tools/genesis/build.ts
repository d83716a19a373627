/** One preset's genesis: L2's state, the anchor on it, and L1's state after the deployment. */
import { ENTRY_EMPTY, type Entry, hashEntry } from '../../workers/rollup/batch/entry.ts'
import { bytesToHex, hexToBytes, ZERO_HASH } from '../../workers/rollup/bytes.ts'
import type { AccountFile, ChainFile, GenesisFile } from '../../workers/rollup/genesisFile.ts'
import { accountAddress } from '../../workers/rollup/keys.ts'
import { GENESIS_TIMESTAMP, type Parameters } from '../../workers/rollup/parameters.ts'
import { commonContracts, ethereumContracts, MULTICALL3 } from './common.ts'
import { type SignedStep, signDeployment } from './deploy.ts'
import { GenesisError } from './errors.ts'
import { createGenesisEvm, dumpState, putAccount, runRaw } from './evm.ts'
import {
  anchorRoot,
  buildL2Alloc,
  type GenesisHeader,
  genesisBlock,
  L2_BASE_FEE,
  L2_COINBASE,
  testAccounts,
} from './l2.ts'
import { DEPLOYER, GUARDIAN, type Plan, planDeployment } from './plan.ts'

export const L1_BASE_FEE = 10n ** 9n
const L1_GAS_LIMIT = 60_000_000n
const NODE_BALANCE = 10_000n * 10n ** 18n
/** Executors and challengers beyond the first are standbys and adversaries. */
const EXECUTORS_MAX = 4
const CHALLENGERS_MAX = 4

/** What a replay starts from, and the transactions that lead from there to the genesis state. */
export interface ReplayFile {
  readonly prefund: Readonly<Record<string, AccountFile>>
  readonly transactions: readonly SignedStep[]
}

export interface BuiltGenesis {
  readonly genesis: GenesisFile
  readonly replay: ReplayFile
}

export async function buildGenesis(parameters: Parameters): Promise<BuiltGenesis> {
  const plan = await planDeployment()
  const l2Alloc = await buildL2Alloc(parameters, plan)
  const l2Header = headerOf(
    hexToBytes(L2_COINBASE),
    BigInt(parameters.l2BlockGasLimit),
    L2_BASE_FEE,
  )
  const l2Block = genesisBlock('l2', l2Alloc, l2Header)
  const root = bytesToHex(anchorRoot(parameters, l2Block))
  const prefund = await prefundAlloc(parameters, plan, l2Alloc)
  const transactions = await signDeployment({
    parameters,
    plan,
    anchorRoot: root,
    baseFee: L1_BASE_FEE,
  })
  const l1Alloc = await replayGenesis(parameters, { prefund, transactions })
  const l1Header = headerOf(new Uint8Array(20), L1_GAS_LIMIT, L1_BASE_FEE)
  const genesis: GenesisFile = {
    preset: parameters.preset,
    addresses: addressesOf(plan),
    l1: chainFile(l1Alloc, l1Header, genesisBlock('l1', l1Alloc, l1Header)),
    l2: chainFile(l2Alloc, l2Header, l2Block),
    anchorRoot: root,
    inboxGenesis: inboxGenesis(),
  }
  return { genesis, replay: { prefund, transactions } }
}

/** Executes the deployment on a fresh EVM and returns the state after it. Throws `GenesisError`. */
export async function replayGenesis(
  parameters: Parameters,
  replay: ReplayFile,
): Promise<Record<string, AccountFile>> {
  const evm = await createGenesisEvm({
    chainId: parameters.l1ChainId,
    timestamp: GENESIS_TIMESTAMP,
    gasLimit: L1_GAS_LIMIT,
    baseFee: L1_BASE_FEE,
  })
  for (const [address, account] of Object.entries(replay.prefund)) {
    await putAccount(evm, address as `0x${string}`, account)
  }
  for (const { label, raw, creates } of replay.transactions) {
    const created = (await runRaw(evm, raw, label))?.toString()
    if (creates !== undefined && created !== creates) {
      throw new GenesisError(`${label} gave ${created ?? 'nothing'}; planned was ${creates}.`)
    }
  }
  return dumpState(evm)
}

/** Accounts of L1 before the deployment. The bridge holds from the beginning what exists on L2. */
async function prefundAlloc(
  parameters: Parameters,
  plan: Plan,
  l2Alloc: Readonly<Record<string, AccountFile>>,
): Promise<Record<string, AccountFile>> {
  const onL2 = Object.values(l2Alloc).reduce((sum, { balance }) => sum + BigInt(balance), 0n)
  const names = [
    DEPLOYER,
    GUARDIAN,
    ...numbered('sequencer', parameters.sequencerCount),
    ...numbered('da', parameters.dataNodeCount),
    ...numbered('executor', EXECUTORS_MAX),
    ...numbered('challenger', CHALLENGERS_MAX),
  ]
  const nodes = names.map(
    (name) => [bytesToHex(accountAddress(name)), funded(NODE_BALANCE)] as const,
  )
  return {
    ...(await commonContracts(parameters.l1ChainId)),
    ...(await ethereumContracts(parameters.l1ChainId)),
    ...testAccounts(),
    ...Object.fromEntries(nodes),
    [plan.l1Bridge]: funded(onL2),
  }
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}-${i}`)
}

function funded(balance: bigint): AccountFile {
  return { nonce: '0', balance: balance.toString(), code: '0x', storage: {} }
}

function headerOf(coinbase: Uint8Array, gasLimit: bigint, baseFee: bigint): GenesisHeader {
  const extraData = new Uint8Array()
  return {
    coinbase,
    gasLimit,
    baseFee,
    timestamp: BigInt(GENESIS_TIMESTAMP),
    prevrandao: ZERO_HASH,
    extraData,
  }
}

function chainFile(
  alloc: Readonly<Record<string, AccountFile>>,
  header: GenesisHeader,
  block: ReturnType<typeof genesisBlock>,
): ChainFile {
  return {
    coinbase: bytesToHex(header.coinbase),
    gasLimit: header.gasLimit.toString(),
    timestamp: header.timestamp.toString(),
    baseFee: header.baseFee.toString(),
    prevrandao: bytesToHex(header.prevrandao),
    extraData: bytesToHex(header.extraData),
    stateRoot: bytesToHex(block.header.stateRoot),
    hash: bytesToHex(block.hash),
    alloc,
  }
}

/** Entry 0 as the inbox's constructor writes it in block 0. */
function inboxGenesis(): GenesisFile['inboxGenesis'] {
  const time = BigInt(GENESIS_TIMESTAMP)
  const entry: Entry = {
    kind: ENTRY_EMPTY,
    cellsRoot: ZERO_HASH,
    payloadLength: 0n,
    inboxCount: 0n,
    originNumber: 0n,
    originHash: ZERO_HASH,
    originTimestamp: time,
    originBaseFee: L1_BASE_FEE,
    originPrevrandao: ZERO_HASH,
    postedAt: time,
  }
  const fields = Object.entries(entry).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? bytesToHex(value) : String(value),
  ])
  return { hash: bytesToHex(hashEntry(entry)), entry: Object.fromEntries(fields) }
}

function addressesOf(plan: Plan): Record<string, string> {
  const parts = plan.verifiers.map(({ name, address }) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    address,
  ])
  const { verifiers: _, ...named } = plan
  return { ...Object.fromEntries(parts), ...named, multicall3: MULTICALL3 }
}
