/** L2's first state: predeploys, system contracts, funded accounts; and the anchor that stands on it. */
import { encodeDeployData } from 'viem'
import { buildGenesis } from '../../workers/chain/genesis.ts'
import type { Block } from '../../workers/chain/types.ts'
import { bytesToHex, type Hex, hexToBytes } from '../../workers/rollup/bytes.ts'
import type { AccountFile } from '../../workers/rollup/genesisFile.ts'
import { TEST_PRIVATE_KEYS } from '../../workers/rollup/keys.ts'
import { boundaryStateHash } from '../../workers/rollup/machine/boundary.ts'
import { GENESIS_TIMESTAMP, type Parameters } from '../../workers/rollup/parameters.ts'
import { privateKeyToAddress } from '../../workers/rollup/secp256k1.ts'
import { loadArtifact } from './artifacts.ts'
import { commonContracts } from './common.ts'
import { createGenesisEvm, dumpState, putAccount, runtimeCode } from './evm.ts'
import { installPersona } from './persona.ts'
import { installChainOf } from './place.ts'
import type { Plan } from './plan.ts'

export const TEST_BALANCE = 10_000n * 10n ** 18n
export const L2_COINBASE: Hex = '0x4200000000000000000000000000000000000011'
export const L2_BASE_FEE = 10n ** 9n

const contract = (code: string): AccountFile => ({ nonce: '1', balance: '0', code, storage: {} })

/** The ten accounts of the test mnemonic. */
export function testAccounts(): Record<string, AccountFile> {
  const funded: AccountFile = {
    nonce: '0',
    balance: TEST_BALANCE.toString(),
    code: '0x',
    storage: {},
  }
  return Object.fromEntries(
    TEST_PRIVATE_KEYS.map((key) => [bytesToHex(privateKeyToAddress(key)), funded]),
  )
}

export async function buildL2Alloc(
  parameters: Parameters,
  plan: Plan,
): Promise<Record<string, AccountFile>> {
  const { l2ChainId: chainId } = parameters
  const evm = await createGenesisEvm({
    chainId,
    timestamp: GENESIS_TIMESTAMP,
    gasLimit: 60_000_000n,
    baseFee: 1n,
  })
  const predeploys = [
    { name: 'L2Bridge', suffix: '10', args: [plan.l1Bridge] },
    { name: 'FeeVault', suffix: '11', args: [plan.sequencerRegistry] },
    { name: 'TokenFactory', suffix: '12', args: [] },
    { name: 'BridgedERC20', suffix: '13', args: [] },
    { name: 'L1Block', suffix: '15', args: [] },
    { name: 'L2ToL1MessagePasser', suffix: '16', args: [] },
  ]
  const alloc = { ...(await commonContracts(chainId)), ...testAccounts() }
  for (const { name, suffix, args } of predeploys) {
    const { abi, bytecode } = await loadArtifact(name)
    const code = await runtimeCode(evm, encodeDeployData({ abi, bytecode, args }), name)
    alloc[`0x42000000000000000000000000000000000000${suffix}`] = contract(code)
  }
  return withPersona(alloc, parameters)
}

async function withPersona(
  alloc: Readonly<Record<string, AccountFile>>,
  parameters: Parameters,
): Promise<Record<string, AccountFile>> {
  const evm = await createGenesisEvm({
    chainId: parameters.l2ChainId,
    timestamp: GENESIS_TIMESTAMP,
    gasLimit: 60_000_000n,
    baseFee: 1n,
  })
  for (const [address, account] of Object.entries(alloc))
    await putAccount(evm, address as Hex, account)
  await installPersona(installChainOf(evm), parameters)
  return dumpState(evm)
}

/** Block 0 of a chain whose alloc is given. */
export function genesisBlock(
  kind: 'l1' | 'l2',
  alloc: Readonly<Record<string, AccountFile>>,
  header: GenesisHeader,
): Block {
  const accounts = Object.entries(alloc).map(([address, account]) => ({
    address: hexToBytes(address),
    nonce: BigInt(account.nonce),
    balance: BigInt(account.balance),
    code: hexToBytes(account.code),
    storage: Object.entries(account.storage).map(([slot, value]) => ({
      slot: hexToBytes(slot),
      value: BigInt(value),
    })),
  }))
  return buildGenesis(kind, { ...header, accounts })
}

export interface GenesisHeader {
  readonly coinbase: Uint8Array
  readonly gasLimit: bigint
  readonly timestamp: bigint
  readonly baseFee: bigint
  readonly prevrandao: Uint8Array
  readonly extraData: Uint8Array
}

/** The machine's state at the end of entry 0 of the inbox (docs/specs/MACHINE.md, section 2), hashed. */
export function anchorRoot({ l2ChainId }: Parameters, { header, hash, world }: Block): Uint8Array {
  const { coinbase, gasLimit, number, timestamp, prevrandao, baseFee, gasUsed } = header
  return boundaryStateHash({
    chainId: l2ChainId,
    batchIndex: 1n,
    inboxCount: 0n,
    blockHash: () => hash,
    coinbase,
    gasLimit,
    number,
    timestamp,
    prevrandao,
    baseFee,
    gasUsed,
    world,
  })
}
