/**
 * A transaction that nobody signed, applied to the state that an EVM has: what calls, estimates, simulations and traces are made of.
 * Its checks and their order are geth's (core/state_transition.go), since clients tell its errors apart.
 */
import type { ExecResult } from '@ethereumjs/evm'
import { Account, Address } from '@ethereumjs/util'
import { assert, BaseError } from '../kernel/errors.ts'
import { bytesToHex, hexToBytes } from '../rollup/bytes.ts'
import { blobBaseFee } from '../rollup/header.ts'
import { BLOB_GAS, calldataFloorGas, intrinsicGas } from '../rollup/transaction/gas.ts'
import type { AccessListItem, Authorization } from '../rollup/transaction/transaction.ts'
import { applyAuthorizations } from './evm/authorize.ts'
import { type BlockContext, type Executor, runMessage } from './evm/executor.ts'

export interface Message {
  readonly from: Uint8Array
  readonly to: Uint8Array | null
  readonly value: bigint
  readonly data: Uint8Array
  /** Of the whole transaction: what it costs before its first opcode included. */
  readonly gasLimit: bigint
  /** In wei, as in a transaction of type 2. Both zero: it pays no fee, not even the base fee. */
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  readonly accessList: readonly AccessListItem[]
  readonly authorizations: readonly Authorization[]
  readonly blobVersionedHashes: readonly Uint8Array[]
  readonly maxFeePerBlobGas: bigint
}

export interface MessageOptions {
  /** The nonce that the sender must have, and fees are asked even of a message that names none. */
  readonly strictNonce?: bigint
  /** Has the journal remember every address and slot that is touched. */
  readonly reportsAccess?: boolean
}

export interface MessageOutcome {
  readonly result: ExecResult
  readonly gasUsed: bigint
  /** The most gas that it held at once: refunds come only at its end. */
  readonly peakGas: bigint
  readonly gasPrice: bigint
  /** With `reportsAccess`: what was touched, by address (0x). */
  readonly touched: ReadonlyMap<string, ReadonlySet<string>>
  readonly contractAddress: Uint8Array | null
}

export type InvalidMessageReason =
  | 'nonceTooLow'
  | 'nonceTooHigh'
  | 'tipAboveFeeCap'
  | 'feeCapTooLow'
  | 'blobFeeCapTooLow'
  | 'insufficientFunds'
  | 'intrinsicGas'
  | 'floorGas'
  | 'initcodeTooLarge'
  | 'createByType'

/** A message that cannot even start. */
export class InvalidMessageError extends BaseError {
  override name = 'InvalidMessageError'
  readonly reason: InvalidMessageReason

  constructor(reason: InvalidMessageReason, message: string) {
    super(message, { code: -32000 })
    this.reason = reason
  }
}

/** Applies a message. Throws `InvalidMessageError`. */
export async function applyMessage(
  executor: Executor,
  message: Message,
  options: MessageOptions = {},
): Promise<MessageOutcome> {
  const { evm, fork } = executor
  const fees = checkFees(executor, message, options)
  const charged = await buyGas(executor, message, options, fees)
  const intrinsic = checkGas(executor, message)
  const granted = await applyAuthorizations(executor, message.authorizations)
  const { execResult, createdAddress } = await runMessage(executor, {
    ...message,
    gasLimit: message.gasLimit - intrinsic,
    gasPrice: fees.gasPrice,
    reportsAccess: options.reportsAccess === true,
  })
  const touched = new Map(
    [...(evm.journal.accessList ?? [])].map(([address, slots]) => [`0x${address}`, slots] as const),
  )
  const spent = intrinsic + execResult.executionGasUsed
  const refund = smaller(granted + (execResult.gasRefund ?? 0n), spent / fork.prices.refundQuotient)
  const floor = fork.prices.tokenFloor === 0n ? 0n : calldataFloorGas(message.data, fork.prices)
  const gasUsed = larger(spent - refund, floor)
  await settle(executor, message, fees, { charged, gasUsed })
  await destroyMarked(executor, execResult)
  await evm.journal.cleanup()
  return {
    result: execResult,
    gasUsed,
    peakGas: larger(spent, floor),
    gasPrice: fees.gasPrice,
    touched,
    contractAddress: message.to === null ? (createdAddress?.bytes ?? null) : null,
  }
}

interface Fees {
  readonly gasPrice: bigint
  /** Part of the price that goes to the block's maker. */
  readonly tip: bigint
}

/** What one unit of gas costs in this block. */
export function effectiveGasPrice(
  { maxFeePerGas, maxPriorityFeePerGas }: Pick<Message, 'maxFeePerGas' | 'maxPriorityFeePerGas'>,
  baseFee: bigint,
): bigint {
  return smaller(maxFeePerGas, baseFee + maxPriorityFeePerGas)
}

function checkFees(executor: Executor, message: Message, { strictNonce }: MessageOptions): Fees {
  const { maxFeePerGas, maxPriorityFeePerGas } = message
  const { baseFee } = contextOf(executor)
  const account = executor.state.account(message.from)
  checkNonce(message, account?.nonce ?? 0n, strictNonce)
  const isFree = strictNonce === undefined && maxFeePerGas === 0n && maxPriorityFeePerGas === 0n
  if (isFree) return { gasPrice: 0n, tip: 0n }
  const address = bytesToHex(message.from)
  if (maxFeePerGas < maxPriorityFeePerGas) {
    throw new InvalidMessageError(
      'tipAboveFeeCap',
      `max priority fee per gas higher than max fee per gas: address ${address}, maxPriorityFeePerGas: ${maxPriorityFeePerGas}, maxFeePerGas: ${maxFeePerGas}`,
    )
  }
  if (maxFeePerGas < baseFee) {
    throw new InvalidMessageError(
      'feeCapTooLow',
      `max fee per gas less than block base fee: address ${address}, maxFeePerGas: ${maxFeePerGas}, baseFee: ${baseFee}`,
    )
  }
  const gasPrice = effectiveGasPrice(message, baseFee)
  return { gasPrice, tip: gasPrice - baseFee }
}

function checkNonce(message: Message, nonce: bigint, expected: bigint | undefined): void {
  if (expected === undefined || expected === nonce) return
  const isLow = expected < nonce
  throw new InvalidMessageError(
    isLow ? 'nonceTooLow' : 'nonceTooHigh',
    `nonce too ${isLow ? 'low' : 'high'}: address ${bytesToHex(message.from)}, tx: ${expected} state: ${nonce}`,
  )
}

/** Takes what gas and blobs cost, counts the nonce; gives the wei that were taken for gas. */
async function buyGas(
  executor: Executor,
  message: Message,
  { strictNonce }: MessageOptions,
  { gasPrice }: Fees,
): Promise<bigint> {
  const { state, evm } = executor
  const blobGas = BLOB_GAS * BigInt(message.blobVersionedHashes.length)
  const blobPrice = blobGas === 0n ? 0n : blobPriceOf(executor)
  const asksBlobFee = strictNonce !== undefined || message.maxFeePerBlobGas > 0n
  if (blobGas > 0n && asksBlobFee && message.maxFeePerBlobGas < blobPrice) {
    throw new InvalidMessageError(
      'blobFeeCapTooLow',
      `max fee per blob gas less than block blob gas fee: address ${bytesToHex(message.from)} blobGasFeeCap: ${message.maxFeePerBlobGas}, blobBaseFee: ${blobPrice}`,
    )
  }
  const most =
    message.gasLimit * message.maxFeePerGas + message.value + blobGas * message.maxFeePerBlobGas
  const account = (await state.getAccount(new Address(message.from))) ?? new Account()
  if (account.balance < most) {
    throw new InvalidMessageError(
      'insufficientFunds',
      `insufficient funds for gas * price + value: address ${bytesToHex(message.from)} have ${account.balance} want ${most}`,
    )
  }
  const charged = message.gasLimit * gasPrice
  account.balance -= charged + (asksBlobFee ? blobGas * blobPrice : 0n)
  account.nonce = BigInt.asUintN(64, account.nonce + 1n)
  await evm.journal.putAccount(new Address(message.from), account)
  return charged
}

/** What is charged before the first opcode. */
function checkGas({ fork, codeLimits }: Executor, message: Message): bigint {
  const { gasLimit, to, data } = message
  const intrinsic = intrinsicGas(message, fork.prices)
  if (gasLimit < intrinsic) {
    throw new InvalidMessageError(
      'intrinsicGas',
      `intrinsic gas too low: have ${gasLimit}, want ${intrinsic}`,
    )
  }
  const floor = fork.prices.tokenFloor === 0n ? 0n : calldataFloorGas(data, fork.prices)
  if (gasLimit < floor) {
    throw new InvalidMessageError(
      'floorGas',
      `insufficient gas for floor data gas cost: have ${gasLimit}, want ${floor}`,
    )
  }
  const { initcodeSizeMax } = codeLimits
  if (to === null && fork.prices.initcodeWord > 0n && data.length > initcodeSizeMax) {
    throw new InvalidMessageError(
      'initcodeTooLarge',
      `max initcode size exceeded: code size ${data.length} limit ${initcodeSizeMax}`,
    )
  }
  if (to === null && (message.authorizations.length > 0 || message.blobVersionedHashes.length > 0))
    throw new InvalidMessageError(
      'createByType',
      'a transaction with blobs or authorizations cannot create a contract: to must be given',
    )
  return intrinsic
}

/** Gives back the gas that is left and pays the block's maker. */
async function settle(
  executor: Executor,
  message: Message,
  { gasPrice, tip }: Fees,
  { charged, gasUsed }: { readonly charged: bigint; readonly gasUsed: bigint },
): Promise<void> {
  if (gasPrice === 0n) return
  await credit(executor, message.from, charged - gasUsed * gasPrice)
  await credit(executor, contextOf(executor).coinbase, gasUsed * tip)
}

async function credit(executor: Executor, to: Uint8Array, amount: bigint): Promise<void> {
  const address = new Address(to)
  const account = (await executor.state.getAccount(address)) ?? new Account()
  account.balance += amount
  await executor.evm.journal.putAccount(address, account)
}

/** Deletes what destructed itself; since EIP-6780 only what was created in the same transaction. */
export async function destroyMarked(executor: Executor, result: ExecResult): Promise<void> {
  const isBounded = executor.vm.common.isActivatedEIP(6780)
  for (const address of result.selfdestruct?.keys() ?? []) {
    if (isBounded && result.createdAddresses?.has(address) !== true) continue
    await executor.evm.journal.deleteAccount(new Address(hexToBytes(address)))
  }
}

function blobPriceOf(executor: Executor): bigint {
  const context = contextOf(executor)
  return context.blobBaseFee ?? blobBaseFee(context.excessBlobGas, executor.fork.blobs)
}

function contextOf({ context }: Executor): BlockContext {
  assert(context !== undefined, 'openBlock comes first.')
  return context
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}

function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right
}
