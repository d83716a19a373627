/** Readers of call objects and of the overrides of `eth_call`. */
import type { Json } from '../../protocol/world.ts'
import { EMPTY_BYTES, equalBytes, ZERO_ADDRESS } from '../../rollup/bytes.ts'
import type { AccessListItem, Authorization } from '../../rollup/transaction/transaction.ts'
import type { Withdrawal } from '../types.ts'
import { InvalidParamsError } from './errors.ts'
import {
  type JsonObject,
  optional,
  readAddress,
  readData,
  readFields,
  readHash,
  readList,
  readObject,
  readQuantity,
  readSlot,
} from './params.ts'

/** A call as clients describe it; what they leave out is undefined. */
export interface CallRequest {
  readonly from: Uint8Array
  readonly to: Uint8Array | null
  readonly chainId: bigint | undefined
  readonly gas: bigint | undefined
  /** What they would pay at most per gas; undefined: nothing. */
  readonly maxFeePerGas: bigint | undefined
  readonly maxPriorityFeePerGas: bigint | undefined
  readonly value: bigint
  readonly data: Uint8Array
  readonly nonce: bigint | undefined
  readonly accessList: readonly AccessListItem[] | undefined
  readonly authorizations: readonly Authorization[] | undefined
  readonly blobVersionedHashes: readonly Uint8Array[] | undefined
  readonly maxFeePerBlobGas: bigint | undefined
  /** As stated; undefined: by its fields. */
  readonly type: bigint | undefined
  readonly hasGasPrice: boolean
  /** Whether it names fees as transactions of type 2 do. */
  readonly hasFeeFields: boolean
}

const ACCESS_ITEMS_MAX = 4_096

/** Fields of a call; besides those that are read, what clients send of a transaction that they have. */
const CALL_FIELDS: ReadonlySet<string> = new Set([
  'from',
  'to',
  'gas',
  'gasLimit',
  'gasPrice',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
  'maxFeePerBlobGas',
  'value',
  'nonce',
  'data',
  'input',
  'type',
  'chainId',
  'accessList',
  'authorizationList',
  'blobVersionedHashes',
  'blobs',
  'commitments',
  'proofs',
  'hash',
  'v',
  'r',
  's',
  'yParity',
])

/** A call object. Throws `InvalidParamsError` naming the field. */
export function readCall(value: Json | undefined, field = 'transaction'): CallRequest {
  const call = readFields(value, field, CALL_FIELDS)
  const data = optional(call.data, `${field}.data`, readData)
  const input = optional(call.input, `${field}.input`, readData)
  if (data !== undefined && input !== undefined && !equalBytes(data, input)) {
    throw new InvalidParamsError(`${field}.input`, 'the same as data where both are given')
  }
  const number = (name: string): bigint | undefined =>
    optional(call[name], `${field}.${name}`, readQuantity)
  const gasPrice = number('gasPrice')
  const maxFeePerGas = number('maxFeePerGas')
  const maxPriorityFeePerGas = number('maxPriorityFeePerGas')
  if (gasPrice !== undefined && (maxFeePerGas ?? maxPriorityFeePerGas) !== undefined) {
    throw new InvalidParamsError(
      `${field}.gasPrice`,
      'left out where maxFeePerGas or maxPriorityFeePerGas is given',
    )
  }
  return {
    from: optional(call.from, `${field}.from`, readAddress) ?? ZERO_ADDRESS,
    to: optional(call.to, `${field}.to`, readAddress) ?? null,
    chainId: number('chainId'),
    gas: number('gas') ?? number('gasLimit'),
    maxFeePerGas: gasPrice ?? maxFeePerGas,
    maxPriorityFeePerGas: gasPrice ?? maxPriorityFeePerGas,
    value: number('value') ?? 0n,
    data: input ?? data ?? EMPTY_BYTES,
    nonce: number('nonce'),
    accessList: readAccessList(call.accessList, `${field}.accessList`),
    authorizations: readAuthorizations(call.authorizationList, `${field}.authorizationList`),
    blobVersionedHashes: optional(
      call.blobVersionedHashes,
      `${field}.blobVersionedHashes`,
      readList,
    )?.map((hash) => readHash(hash, `${field}.blobVersionedHashes`)),
    maxFeePerBlobGas: number('maxFeePerBlobGas'),
    type: number('type'),
    hasGasPrice: gasPrice !== undefined,
    hasFeeFields: (maxFeePerGas ?? maxPriorityFeePerGas) !== undefined,
  }
}

function readAccessList(
  value: Json | undefined,
  field: string,
): readonly AccessListItem[] | undefined {
  const list = optional(value, field, readList)
  if (list !== undefined && list.length > ACCESS_ITEMS_MAX) {
    throw new InvalidParamsError(field, `a list of at most ${ACCESS_ITEMS_MAX} items`)
  }
  return list?.map((entry, index) => {
    const item = readObject(entry, `${field}[${index}]`)
    const keys = optional(item.storageKeys, `${field}[${index}].storageKeys`, readList) ?? []
    return {
      address: readAddress(item.address, `${field}[${index}].address`),
      storageKeys: keys.map((key) => readSlot(key, `${field}[${index}].storageKeys`)),
    }
  })
}

function readAuthorizations(
  value: Json | undefined,
  field: string,
): readonly Authorization[] | undefined {
  return optional(value, field, readList)?.map((entry, index) => {
    const item = readObject(entry, `${field}[${index}]`)
    const number = (name: string): bigint => readQuantity(item[name], `${field}[${index}].${name}`)
    return {
      chainId: number('chainId'),
      address: readAddress(item.address, `${field}[${index}].address`),
      nonce: number('nonce'),
      yParity: number('yParity'),
      r: number('r'),
      s: number('s'),
    }
  })
}

export interface AccountOverride {
  readonly address: Uint8Array
  readonly balance: bigint | undefined
  readonly nonce: bigint | undefined
  readonly code: Uint8Array | undefined
  /** Replaces all storage. */
  readonly state: readonly SlotOverride[] | undefined
  /** Replaces these slots. */
  readonly stateDiff: readonly SlotOverride[]
  /** Where the precompile at this address goes. */
  readonly moveTo: Uint8Array | undefined
}

export interface SlotOverride {
  readonly slot: Uint8Array
  readonly value: Uint8Array
}

const ACCOUNT_FIELDS: ReadonlySet<string> = new Set([
  'balance',
  'nonce',
  'code',
  'state',
  'stateDiff',
  'movePrecompileToAddress',
])

export function readStateOverrides(value: Json | undefined): readonly AccountOverride[] {
  const overrides = optional(value, 'state overrides', readObject) ?? {}
  return Object.entries(overrides).map(([key, entry]) => {
    const field = `state overrides.${key}`
    const account = readFields(entry, field, ACCOUNT_FIELDS)
    if (account.state !== undefined && account.stateDiff !== undefined) {
      throw new InvalidParamsError(field, 'either state or stateDiff')
    }
    return {
      address: readAddress(key, field),
      balance: optional(account.balance, `${field}.balance`, readQuantity),
      nonce: optional(account.nonce, `${field}.nonce`, readQuantity),
      code: optional(account.code, `${field}.code`, readData),
      state: readSlots(account.state, `${field}.state`),
      stateDiff: readSlots(account.stateDiff, `${field}.stateDiff`) ?? [],
      moveTo: optional(
        account.movePrecompileToAddress,
        `${field}.movePrecompileToAddress`,
        readAddress,
      ),
    }
  })
}

function readSlots(value: Json | undefined, field: string): SlotOverride[] | undefined {
  const slots = optional(value, field, readObject)
  if (slots === undefined) return undefined
  return Object.entries(slots).map(([slot, content]) => ({
    slot: readSlot(slot, field),
    value: readSlot(content, `${field}.${slot}`),
  }))
}

export interface BlockOverride {
  readonly number: bigint | undefined
  readonly timestamp: bigint | undefined
  readonly gasLimit: bigint | undefined
  readonly coinbase: Uint8Array | undefined
  readonly prevrandao: Uint8Array | undefined
  readonly difficulty: bigint | undefined
  readonly baseFee: bigint | undefined
  readonly blobBaseFee: bigint | undefined
  readonly beaconRoot: Uint8Array | undefined
  readonly withdrawals: readonly Withdrawal[] | undefined
}

const BLOCK_FIELDS: ReadonlySet<string> = new Set([
  'number',
  'time',
  'gasLimit',
  'feeRecipient',
  'prevRandao',
  'difficulty',
  'baseFeePerGas',
  'blobBaseFee',
  'beaconRoot',
  'withdrawals',
])

export function readBlockOverrides(value: Json | undefined): BlockOverride {
  const field = 'block overrides'
  const block: JsonObject =
    optional(value, field, (given) => readFields(given, field, BLOCK_FIELDS)) ?? {}
  const number = (name: string): bigint | undefined =>
    optional(block[name], `${field}.${name}`, readQuantity)
  return {
    number: number('number'),
    timestamp: number('time'),
    gasLimit: number('gasLimit'),
    coinbase: optional(block.feeRecipient, `${field}.feeRecipient`, readAddress),
    prevrandao: optional(block.prevRandao, `${field}.prevRandao`, readHash),
    difficulty: number('difficulty'),
    baseFee: number('baseFeePerGas'),
    blobBaseFee: number('blobBaseFee'),
    beaconRoot: optional(block.beaconRoot, `${field}.beaconRoot`, readHash),
    withdrawals: optional(block.withdrawals, `${field}.withdrawals`, readList)?.map((item, index) =>
      readWithdrawal(item, `${field}.withdrawals[${index}]`),
    ),
  }
}

function readWithdrawal(value: Json, field: string): Withdrawal {
  const item = readObject(value, field)
  return {
    index: readQuantity(item.index, `${field}.index`),
    validatorIndex: readQuantity(item.validatorIndex, `${field}.validatorIndex`),
    address: readAddress(item.address, `${field}.address`),
    amountGwei: readQuantity(item.amount, `${field}.amount`),
  }
}
