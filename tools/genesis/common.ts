/** What dApps expect to find on a chain, at the usual addresses and with the code that has been deployed there. */
import { readFileSync } from 'node:fs'
import { createTxFromRLP } from '@ethereumjs/tx'
import { concatHex, encodeAbiParameters, keccak256, numberToHex, sliceHex, toHex } from 'viem'
import { type Hex, hexToBytes } from '../../workers/rollup/bytes.ts'
import type { AccountFile } from '../../workers/rollup/genesisFile.ts'
import { GENESIS_TIMESTAMP } from '../../workers/rollup/parameters.ts'
import { multicall3Bytecode } from './artifacts.ts'
import { createGenesisEvm, dumpState, type GenesisEvm, runRaw, runtimeCode } from './evm.ts'
import { PERSONA } from './persona.ts'
import { installChainOf, type Placement, place } from './place.ts'

export const MULTICALL3: Hex = '0xca11bde05977b3631167028862be2a173976ca11'
export const PERMIT2: Hex = '0x000000000022d473030f116ddee9f6b43ac78ba3'
export const CREATE_X: Hex = '0xba5ed099633d3b313e4d5f7bdc1305d3c28ba5ed'
export const ENTRY_POINT_V07: Hex = '0x0000000071727de22e5e9d8baf0edac6f37da032'
/** Created by the constructor of EntryPoint 0.7. */
const SENDER_CREATOR_V07: Hex = '0xefc2c1444ebcc4db75e7613d20c6a62ff67a167c'
/** Ethereum's addresses of EAS; on L2 it stands among the predeploys, as on other rollups. */
export const EAS_L1 = {
  schemaRegistry: '0xa7b39296258348c78294f95b872b282326a97bdf',
  eas: '0xa1207f3bba224e2c9c3c6d5af63d0eb1582ce587',
} as const satisfies Record<string, Hex>

/** Runtime code of the deterministic deployment proxy. Source: github.com/Arachnid/deterministic-deployment-proxy. */
const DEPLOYMENT_PROXY_CODE =
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3'
/** Source: EIP-2935. */
const HISTORY_CODE =
  '0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500'
/** Source: EIP-4788. */
const BEACON_ROOTS_CODE =
  '0x3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500'

type Alloc = Record<string, AccountFile>

const contract = (code: Hex): AccountFile => ({ nonce: '1', balance: '0', code, storage: {} })
const ZERO: Hex = `0x${'0'.repeat(40)}`

/** Contracts of both chains. */
export async function commonContracts(chainId: number): Promise<Alloc> {
  const evm = await createEvm(chainId)
  return {
    '0x0000f90827f1c53a10cb7a02335b175320002935': contract(HISTORY_CODE),
    '0x000f3df6d732807ef1319fb7b8bb8522d0beac02': contract(BEACON_ROOTS_CODE),
    '0x4e59b44847b379578588920ca78fbf26c0b4956c': contract(DEPLOYMENT_PROXY_CODE),
    [MULTICALL3]: contract(await runtimeCode(evm, multicall3Bytecode(), 'Multicall3')),
    [PERMIT2]: contract(permit2Code(chainId)),
    ...(await createXAlloc(evm)),
    ...(await placed(
      chainId,
      [{ contract: 'EntryPointV07', address: ENTRY_POINT_V07, args: [] }],
      [SENDER_CREATOR_V07],
    )),
  }
}

/** What L2 has besides because Persona uses it (`persona.ts`), and L1 for those who develop against Ethereum. */
export function ethereumContracts(chainId: number): Promise<Alloc> {
  return placed(chainId, [
    { contract: 'EntryPoint', address: PERSONA.entryPoint, args: [] },
    { contract: 'Simple7702Account', address: PERSONA.simple7702Account, args: [] },
    { contract: 'SchemaRegistry', address: EAS_L1.schemaRegistry, args: [] },
    { contract: 'EAS', address: EAS_L1.eas, args: [EAS_L1.schemaRegistry] },
  ])
}

function createEvm(chainId: number): Promise<GenesisEvm> {
  const timestamp = GENESIS_TIMESTAMP
  return createGenesisEvm({ chainId, timestamp, gasLimit: 60_000_000n, baseFee: 1n })
}

/** Accounts of contracts that are placed, and of those that their constructors create. */
async function placed(
  chainId: number,
  placements: readonly Placement[],
  created: readonly Hex[] = [],
): Promise<Alloc> {
  const evm = await createEvm(chainId)
  const chain = installChainOf(evm)
  for (const placement of placements) await place(chain, placement, ZERO)
  return pick(evm, [...placements.map(({ address }) => address), ...created])
}

function pick(evm: GenesisEvm, addresses: readonly Hex[]): Alloc {
  const state = dumpState(evm)
  return Object.fromEntries(
    addresses.map((address) => [address, state[address] ?? contract('0x')] as const),
  )
}

/** CreateX comes by its author's transaction, which is valid on every chain; the address follows from it. */
async function createXAlloc(evm: GenesisEvm): Promise<Alloc> {
  const { transaction } = readData('createx') as { transaction: Hex }
  const { common } = evm.vm
  const signed = createTxFromRLP(hexToBytes(transaction), { common })
  const sender = signed.getSenderAddress().toString() as Hex
  await installChainOf(evm).fund(sender, 10n ** 18n)
  await runRaw(evm, transaction, 'CreateX')
  return pick(evm, [CREATE_X])
}

/** Rationale: Permit2's constructor keeps chain id and domain separator in the code; here they are those of this chain. */
function permit2Code(chainId: number): Hex {
  const { code, chainIdAt, domainSeparatorAt } = readData('permit2') as {
    readonly code: Hex
    readonly chainIdAt: number
    readonly domainSeparatorAt: number
  }
  const types = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint256' }, { type: 'address' }]
  const type = 'EIP712Domain(string name,uint256 chainId,address verifyingContract)'
  const domain = [keccak256(toHex(type)), keccak256(toHex('Permit2')), BigInt(chainId), PERMIT2]
  const separator = keccak256(encodeAbiParameters(types, domain))
  return concatHex([
    sliceHex(code, 0, chainIdAt),
    numberToHex(chainId, { size: 32 }),
    sliceHex(code, chainIdAt + 32, domainSeparatorAt),
    separator,
    sliceHex(code, domainSeparatorAt + 32),
  ])
}

function readData(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'))
}
