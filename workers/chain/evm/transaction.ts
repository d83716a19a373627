/** Our transactions as `runTx` reads them: without the classes of @ethereumjs/tx, whose building costs more than a transfer. */
import type { Common } from '@ethereumjs/common'
import { Capability, type TypedTransaction } from '@ethereumjs/tx'
import { Address } from '@ethereumjs/util'
import { bigintToMinimalBytes, bytesToHex } from '../../rollup/bytes.ts'
import { type GasPrices, intrinsicGas } from '../../rollup/transaction/gas.ts'
import type { SignedTransaction, SignedType } from '../../rollup/transaction/transaction.ts'

const CAPABILITIES: Readonly<Record<SignedType, readonly number[]>> = {
  0: [],
  1: [Capability.EIP2718TypedTransaction, Capability.EIP2930AccessLists],
  2: [
    Capability.EIP2718TypedTransaction,
    Capability.EIP2930AccessLists,
    Capability.EIP1559FeeMarket,
  ],
  3: [
    Capability.EIP2718TypedTransaction,
    Capability.EIP2930AccessLists,
    Capability.EIP1559FeeMarket,
  ],
  4: [
    Capability.EIP2718TypedTransaction,
    Capability.EIP2930AccessLists,
    Capability.EIP1559FeeMarket,
    Capability.EIP7702EOACode,
  ],
}

/** The surface of `TypedTransaction` that `runTx` touches. Its sender is known, so nothing is recovered. */
export function toEvmTransaction(
  transaction: SignedTransaction,
  common: Common,
  prices: GasPrices,
): TypedTransaction {
  const { type, gasLimit, maxFeePerGas, maxPriorityFeePerGas, value } = transaction
  const capabilities = CAPABILITIES[type]
  const sender = new Address(transaction.from)
  const tip = (baseFee: bigint): bigint => {
    const room = maxFeePerGas - baseFee
    return room < maxPriorityFeePerGas ? room : maxPriorityFeePerGas
  }
  const fees = type < 2 ? { gasPrice: maxFeePerGas } : { maxFeePerGas, maxPriorityFeePerGas }
  const surface = {
    type,
    common,
    nonce: transaction.nonce,
    gasLimit,
    value,
    data: transaction.data,
    to: transaction.to === null ? undefined : new Address(transaction.to),
    ...fees,
    accessList: transaction.accessList.map((item) => [item.address, item.storageKeys]),
    authorizationList: transaction.authorizations.map((item) => [
      bigintToMinimalBytes(item.chainId),
      item.address,
      bigintToMinimalBytes(item.nonce),
      bigintToMinimalBytes(item.yParity),
      bigintToMinimalBytes(item.r),
      bigintToMinimalBytes(item.s),
    ]),
    maxFeePerBlobGas: transaction.maxFeePerBlobGas,
    blobVersionedHashes: transaction.blobVersionedHashes.map(bytesToHex),
    numBlobs: () => transaction.blobVersionedHashes.length,
    supports: (capability: number) => capabilities.includes(capability),
    getSenderAddress: () => sender,
    getIntrinsicGas: () => intrinsicGas(transaction, prices),
    getEffectivePriorityFee: tip,
    getUpfrontCost: (baseFee = 0n) =>
      gasLimit * (type < 2 ? maxFeePerGas : baseFee + tip(baseFee)) + value,
    toCreationAddress: () => transaction.to === null,
    isSigned: () => true,
    hash: () => transaction.hash,
    errorStr: () => `tx ${bytesToHex(transaction.hash)}`,
  }
  return surface as unknown as TypedTransaction
}
