/** Calls that leave nothing behind: on the state of any block, with whatever the caller wants to be different. */
import { Account, Address } from '@ethereumjs/util'
import { BaseError } from '../kernel/errors.ts'
import { bytesToHex, equalBytes, hexToBytes } from '../rollup/bytes.ts'
import { TRANSACTION_GAS_MAX } from '../rollup/transaction/gas.ts'
import type { AccessListItem } from '../rollup/transaction/transaction.ts'
import { ancestor, type Chain } from './chain.ts'
import { type BlockContext, type Executor, openBlock } from './evm/executor.ts'
import { type ForkPoint, forkAt } from './forks.ts'
import type { MessageOutcome } from './message.ts'
import type { AccountOverride, BlockOverride } from './rpc/callParams.ts'
import type { Block } from './types.ts'

/** Overrides that contradict the chain or each other. */
export class InvalidOverrideError extends BaseError {
  override name = 'InvalidOverrideError'

  constructor(message: string) {
    super(message, { code: -32000 })
  }
}

export interface SimulationBase {
  readonly block: Block
  readonly stateOverrides: readonly AccountOverride[]
  readonly blockOverrides: BlockOverride
}

export const NO_BLOCK_OVERRIDES: BlockOverride = {
  number: undefined,
  timestamp: undefined,
  gasLimit: undefined,
  coinbase: undefined,
  prevrandao: undefined,
  difficulty: undefined,
  baseFee: undefined,
  blobBaseFee: undefined,
  beaconRoot: undefined,
  withdrawals: undefined,
}

/** Gas of a call that names none, and the most that any may use. */
export const CALL_GAS_MAX = 50_000_000n

/** Where a simulated block stands, as far as forks ask. */
export function pointOf({ block, blockOverrides }: SimulationBase): ForkPoint {
  const { number, timestamp } = block.header
  return {
    number: blockOverrides.number ?? number,
    timestamp: blockOverrides.timestamp ?? timestamp,
  }
}

/** Runs `work` on the state after a block, changed as asked, in the context of that block. */
export async function withSimulation<Result>(
  chain: Chain,
  base: SimulationBase,
  hasGasPrice: boolean,
  work: (executor: Executor) => Promise<Result>,
): Promise<Result> {
  return chain.withExecutor(pointOf(base), async (executor) => {
    openBlock(executor, base.block.world, contextOf(chain, base, hasGasPrice))
    return withOverrides(executor, base.stateOverrides, () => work(executor))
  })
}

/** Runs `work` with accounts changed and precompiles moved; the precompiles stand where they stood afterwards. */
export async function withOverrides<Result>(
  executor: Executor,
  overrides: readonly AccountOverride[],
  work: () => Promise<Result>,
): Promise<Result> {
  const { precompiles } = executor.evm
  const before = [...precompiles]
  try {
    movePrecompiles(executor, overrides)
    for (const override of overrides) await applyOverride(executor, override)
    executor.state.flush()
    return await work()
  } finally {
    precompiles.clear()
    for (const [address, precompile] of before) precompiles.set(address, precompile)
  }
}

/** The most gas that an estimate may reach on this block: what one transaction may have. */
export function gasCeiling(chain: Chain, block: Block): bigint {
  const { gasLimit } = block.header
  // EIP-7825 bounds a transaction since Osaka.
  const isBounded = forkAt(chain.config.forks, block.header).blobs.isBounded
  const most = isBounded ? TRANSACTION_GAS_MAX : CALL_GAS_MAX
  return gasLimit < most ? gasLimit : most
}

function contextOf(chain: Chain, base: SimulationBase, hasGasPrice: boolean): BlockContext {
  const { header } = base.block
  const override = base.blockOverrides
  return {
    ...pointOf(base),
    coinbase: override.coinbase ?? header.coinbase,
    gasLimit: override.gasLimit ?? header.gasLimit,
    difficulty: override.difficulty ?? header.difficulty,
    // A call without a gas price pays nothing, so that BASEFEE is 0 for it (as in geth).
    baseFee: override.baseFee ?? (hasGasPrice ? header.baseFee : 0n),
    prevrandao: override.prevrandao ?? header.prevrandao,
    excessBlobGas: header.excessBlobGas,
    ...(override.blobBaseFee === undefined ? {} : { blobBaseFee: override.blobBaseFee }),
    hashOf: (number) =>
      number <= header.number ? ancestor(chain, base.block, number).hash : new Uint8Array(32),
  }
}

/** A precompile whose account is overridden is gone, unless it moves. */
function movePrecompiles({ evm }: Executor, overrides: readonly AccountOverride[]): void {
  const { precompiles } = evm
  for (const { address, moveTo } of overrides) {
    const name = bytesToHex(address).slice(2)
    const precompile = precompiles.get(name)
    if (moveTo !== undefined) {
      if (precompile === undefined)
        throw new InvalidOverrideError(`account 0x${name} is not a precompile`)
      const target = bytesToHex(moveTo)
      if (overrides.some((other) => equalBytes(other.address, moveTo))) {
        throw new InvalidOverrideError(`account ${target} is already overridden`)
      }
      precompiles.set(target.slice(2), precompile)
    }
    precompiles.delete(name)
  }
}

async function applyOverride(executor: Executor, override: AccountOverride): Promise<void> {
  const { balance, nonce, code, state: replaced, stateDiff } = override
  const isEmpty = [balance, nonce, code, replaced].every((field) => field === undefined)
  if (isEmpty && stateDiff.length === 0) return
  const { state } = executor
  const address = new Address(override.address)
  const account = (await state.getAccount(address)) ?? new Account()
  account.balance = balance ?? account.balance
  account.nonce = nonce ?? account.nonce
  await state.putAccount(address, account)
  if (code !== undefined) await state.putCode(address, code)
  if (replaced !== undefined) await state.clearStorage(address)
  for (const { slot, value } of [...(replaced ?? []), ...stateDiff]) {
    await state.putStorage(address, slot, value)
  }
}

export function touchedToAccessList(
  touched: MessageOutcome['touched'],
  excluded: ReadonlySet<string>,
): AccessListItem[] {
  return [...touched]
    .filter(([address, slots]) => slots.size > 0 || !excluded.has(address))
    .map(([address, slots]) => ({
      address: hexToBytes(address),
      storageKeys: [...slots].map((slot) => hexToBytes(slot)),
    }))
}
