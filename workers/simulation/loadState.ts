/** A dump of another chain in anvil's format, put into a running world by cheats, so that every role derives it. */
import type { DumpedAccount } from '../chain/rpc/dump.ts'
import type { ChainName, Json } from '../protocol/world.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import type { Composition } from './composition.ts'
import { RPC_CODE, RpcError } from './errors.ts'

/** One cheat method with its parameters. */
export interface CheatCall {
  readonly method: string
  readonly params: readonly Json[]
}

/** Cheats that one dump may need. */
const CALLS_MAX = 20_000
/** Contracts of EIP-2935 and EIP-4788, which every block writes to. */
const SYSTEM_CONTRACTS = [
  '0x0000f90827f1c53a10cb7a02335b175320002935',
  '0x000f3df6d732807ef1319fb7b8bb8522d0beac02',
]
/** L2Bridge to L2ToL1MessagePasser (docs/specs/CONTRACTS.md). */
const L2_PREDEPLOYS = ['10', '11', '12', '13', '15', '16'].map(
  (suffix) => `0x42000000000000000000000000000000000000${suffix}`,
)

/** Accounts that a dump does not change: the rollup works with them. Addresses in lower case. */
export function protectedAccounts(
  { contracts, accounts }: Composition,
  chain: ChainName,
): ReadonlySet<string> {
  if (chain === 'l2') return new Set([...SYSTEM_CONTRACTS, ...L2_PREDEPLOYS])
  const own = Object.values(contracts).map((address) => address.toLowerCase())
  return new Set([...SYSTEM_CONTRACTS, ...own, ...Object.keys(accounts)])
}

/**
 * Cheats in stages, each of which is in blocks before the next is sent. Rationale: a slot of an empty account gives it nonce 1
 * (docs/specs/CHEATS.md), so that nonces come last. Throws `RpcError` if the dump is too large.
 */
export function cheatStages(
  accounts: readonly DumpedAccount[],
  kept: ReadonlySet<string>,
): readonly (readonly CheatCall[])[] {
  const loaded = accounts.filter(({ address }) => !kept.has(address))
  const stages = [
    loaded.flatMap(({ address, balance, code }) => [
      cheat('setBalance', address, quantity(balance)),
      ...(code.length === 0 ? [] : [cheat('setCode', address, bytesToHex(code))]),
    ]),
    loaded.flatMap(({ address, storage }) =>
      storage.map(({ slot, value }) => cheat('setStorageAt', address, slot, value)),
    ),
    loaded.map(({ address, nonce }) => cheat('setNonce', address, quantity(nonce))),
  ]
  const count = stages.reduce((sum, { length }) => sum + length, 0)
  if (count <= CALLS_MAX) return stages
  throw new RpcError(
    `The dump has ${count} balances, codes, slots and nonces; at most ${CALLS_MAX} can be loaded.`,
    RPC_CODE.invalidParams,
  )
}

function cheat(name: string, ...params: readonly Json[]): CheatCall {
  return { method: `anvil_${name}`, params }
}

function quantity(value: bigint): string {
  return `0x${value.toString(16)}`
}
