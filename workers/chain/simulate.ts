/** Calls that leave nothing behind: on the state of any block, with whatever the caller wants to be different. */

import type { ExecResult } from '@ethereumjs/evm'
import { Account, Address } from '@ethereumjs/util'
import { hexToBytes } from '../rollup/bytes.ts'
import { calldataFloorGas, intrinsicGas, TRANSACTION_GAS_MAX } from '../rollup/transaction/gas.ts'
import type { AccessListItem, Authorization } from '../rollup/transaction/transaction.ts'
import { ancestor, type Chain } from './chain.ts'
import { applyAuthorizations } from './evm/authorize.ts'
import { type BlockContext, type Executor, openBlock, runMessage } from './evm/executor.ts'
import type { AccountOverride, BlockOverride } from './rpc/callParams.ts'
import type { Block } from './types.ts'

export interface SimulatedCall {
  readonly from: Uint8Array
  readonly to: Uint8Array | null
  readonly value: bigint
  readonly data: Uint8Array
  /** Of the whole transaction: what it costs before its first opcode included. */
  readonly gasLimit: bigint
  readonly gasPrice: bigint
  readonly accessList: readonly AccessListItem[]
  readonly authorizations: readonly Authorization[]
  readonly reportsAccess?: boolean
}

export interface Simulation {
  readonly result: ExecResult
  readonly gasUsed: bigint
  /** Gas that was given back at the end; the limit must cover it all the same. */
  readonly refunded: bigint
  /** With `reportsAccess`: what was touched, by address (0x). */
  readonly touched: ReadonlyMap<string, ReadonlySet<string>>
}

export interface SimulationBase {
  readonly block: Block
  readonly stateOverrides: readonly AccountOverride[]
  readonly blockOverrides: BlockOverride
}

export const NO_OVERRIDES = {
  stateOverrides: [],
  blockOverrides: {
    number: undefined,
    timestamp: undefined,
    gasLimit: undefined,
    coinbase: undefined,
    prevrandao: undefined,
    baseFee: undefined,
  },
} as const

/** Opens the state after a block, changed as asked, in the context of that block. */
export async function openSimulation(
  executor: Executor,
  chain: Chain,
  base: SimulationBase,
  hasGasPrice: boolean,
): Promise<void> {
  openBlock(executor, base.block.world, contextOf(chain, base, hasGasPrice))
  for (const override of base.stateOverrides) await applyOverride(executor, override)
  executor.state.flush()
}

/** Runs a call as a transaction would: its gas is counted, its nonce and its fee are not. */
export async function simulateCall(executor: Executor, call: SimulatedCall): Promise<Simulation> {
  const { evm, state } = executor
  const intrinsic = intrinsicGas(call)
  const sender = new Address(call.from)
  const account = (await state.getAccount(sender)) ?? new Account()
  account.nonce += 1n
  await evm.journal.putAccount(sender, account)
  const granted = await applyAuthorizations(executor, call.authorizations)
  const { execResult } = await runMessage(executor, {
    ...call,
    gasLimit: call.gasLimit - intrinsic,
  })
  const touched = new Map(
    [...(evm.journal.accessList ?? [])].map(([address, slots]) => [`0x${address}`, slots] as const),
  )
  await evm.journal.cleanup()
  const spent = intrinsic + execResult.executionGasUsed
  const refund = granted + (execResult.gasRefund ?? 0n)
  const refunded = refund < spent / 5n ? refund : spent / 5n
  const floor = calldataFloorGas(call.data)
  const gasUsed = spent - refunded > floor ? spent - refunded : floor
  return { result: execResult, gasUsed, refunded, touched }
}

/** The most gas that a call may use on this block. */
export function gasCeiling(block: Block): bigint {
  const { gasLimit } = block.header
  return gasLimit < TRANSACTION_GAS_MAX ? gasLimit : TRANSACTION_GAS_MAX
}

function contextOf(chain: Chain, base: SimulationBase, hasGasPrice: boolean): BlockContext {
  const { header } = base.block
  const override = base.blockOverrides
  return {
    number: override.number ?? header.number,
    coinbase: override.coinbase ?? header.coinbase,
    timestamp: override.timestamp ?? header.timestamp,
    gasLimit: override.gasLimit ?? header.gasLimit,
    // A call without a gas price pays nothing, so that BASEFEE is 0 for it (as in geth).
    baseFee: override.baseFee ?? (hasGasPrice ? header.baseFee : 0n),
    prevrandao: override.prevrandao ?? header.prevrandao,
    excessBlobGas: header.excessBlobGas,
    hashOf: (number) =>
      number <= header.number ? ancestor(chain, base.block, number).hash : new Uint8Array(32),
  }
}

async function applyOverride(executor: Executor, override: AccountOverride): Promise<void> {
  const { state } = executor
  const address = new Address(override.address)
  const account = (await state.getAccount(address)) ?? new Account()
  account.balance = override.balance ?? account.balance
  account.nonce = override.nonce ?? account.nonce
  await state.putAccount(address, account)
  if (override.code !== undefined) await state.putCode(address, override.code)
  if (override.state !== undefined) await state.clearStorage(address)
  for (const { slot, value } of [...(override.state ?? []), ...override.stateDiff]) {
    await state.putStorage(address, slot, value)
  }
}

export function touchedToAccessList(
  touched: Simulation['touched'],
  excluded: ReadonlySet<string>,
): AccessListItem[] {
  return [...touched]
    .filter(([address, slots]) => slots.size > 0 || !excluded.has(address))
    .map(([address, slots]) => ({
      address: hexToBytes(address),
      storageKeys: [...slots].map((slot) => hexToBytes(slot)),
    }))
}
