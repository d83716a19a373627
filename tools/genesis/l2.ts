/** L2's first state: predeploys, system contracts, funded accounts; and the anchor that stands on it. */
import { createAddressFromString } from '@ethereumjs/util'
import { encodeDeployData } from 'viem'
import { buildGenesis } from '../../workers/chain/genesis.ts'
import type { Block } from '../../workers/chain/types.ts'
import { bytesToHex, type Hex, hexToBytes } from '../../workers/rollup/bytes.ts'
import type { AccountFile } from '../../workers/rollup/genesisFile.ts'
import { TEST_PRIVATE_KEYS } from '../../workers/rollup/keys.ts'
import { boundaryStateHash } from '../../workers/rollup/machine/boundary.ts'
import { GENESIS_TIMESTAMP, type Parameters } from '../../workers/rollup/parameters.ts'
import { privateKeyToAddress } from '../../workers/rollup/secp256k1.ts'
import { loadArtifact, multicall3Bytecode } from './artifacts.ts'
import { callContract, createGenesisEvm, dumpState, putAccount, runtimeCode } from './evm.ts'
import { type InstallChain, installPersona } from './persona.ts'
import type { Plan } from './plan.ts'

export const TEST_BALANCE = 10_000n * 10n ** 18n
export const MULTICALL3: Hex = '0xca11bde05977b3631167028862be2a173976ca11'
export const L2_COINBASE: Hex = '0x4200000000000000000000000000000000000011'
export const L2_BASE_FEE = 10n ** 9n

/** Runtime code of the deterministic deployment proxy. Source: github.com/Arachnid/deterministic-deployment-proxy. */
const DEPLOYMENT_PROXY_CODE =
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3'
/** Source: EIP-2935. */
const HISTORY_CODE =
  '0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500'
/** Source: EIP-4788. */
const BEACON_ROOTS_CODE =
  '0x3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500'

const contract = (code: string): AccountFile => ({ nonce: '1', balance: '0', code, storage: {} })

/** Contracts that both chains have from the beginning, at their usual addresses. */
export async function commonContracts(chainId: number): Promise<Record<string, AccountFile>> {
  const evm = await createGenesisEvm({
    chainId,
    timestamp: GENESIS_TIMESTAMP,
    gasLimit: 60_000_000n,
    baseFee: 1n,
  })
  return {
    '0x0000f90827f1c53a10cb7a02335b175320002935': contract(HISTORY_CODE),
    '0x000f3df6d732807ef1319fb7b8bb8522d0beac02': contract(BEACON_ROOTS_CODE),
    '0x4e59b44847b379578588920ca78fbf26c0b4956c': contract(DEPLOYMENT_PROXY_CODE),
    [MULTICALL3]: contract(await runtimeCode(evm, multicall3Bytecode(), 'Multicall3')),
  }
}

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
  const chain: InstallChain = {
    createAccount: (address: Hex) => putAccount(evm, address, contract('0x')),
    fund: (address: Hex, balance: bigint) =>
      putAccount(evm, address, { ...contract('0x'), nonce: '0', balance: balance.toString() }),
    putCode: (address: Hex, code: Hex) =>
      evm.state.putCode(createAddressFromString(address), hexToBytes(code)),
    call: (call) => callContract(evm, call),
  }
  await installPersona(chain, parameters)
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
