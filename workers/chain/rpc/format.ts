/** Blocks, transactions, receipts and logs as JSON-RPC shows them. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, type Hex } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { decodeRlp } from '../../rollup/transaction/rlp.ts'
import {
  CHEAT,
  type CheatAction,
  type SignedTransaction,
  type Transaction,
} from '../../rollup/transaction/transaction.ts'
import { rlpBytes, rlpList } from '../../rollup/trie/rlp.ts'
import { EMPTY_WORLD } from '../../rollup/trie/world.ts'
import { decodeHeader, HEADER_FIELDS } from '../history/header.ts'
import { encodeWithdrawal } from '../history/withdrawal.ts'
import type { Block, Log, Receipt, Withdrawal } from '../types.ts'
import type { JsonObject } from './params.ts'

export function quantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`
}

export function formatBlock(block: Block, withTransactions: boolean): JsonObject {
  const { transactions } = block
  return {
    ...formatHeader(block),
    size: quantity(blockRlp(block).length),
    uncles: (block.imported?.ommers ?? []).map((rlp) => bytesToHex(keccak256(rlp))),
    ...(fieldsOf(block) < HEADER_FIELDS.shanghai
      ? {}
      : { withdrawals: (block.imported?.withdrawals ?? []).map(formatWithdrawal) }),
    transactions: withTransactions
      ? transactions.map((transaction, index) => formatMined(transaction, block, index))
      : transactions.map(({ hash }) => bytesToHex(hash)),
  }
}

function formatWithdrawal(withdrawal: Withdrawal): JsonObject {
  return {
    index: quantity(withdrawal.index),
    validatorIndex: quantity(withdrawal.validatorIndex),
    address: bytesToHex(withdrawal.address),
    amount: quantity(withdrawal.amountGwei),
  }
}

/** How many fields the block's header has. */
function fieldsOf({ imported }: Block): number {
  return imported?.headerFields ?? HEADER_FIELDS.prague
}

export function formatHeader(block: Block): JsonObject {
  const { header, hash } = block
  const fields = fieldsOf(block)
  const since = (count: number, later: JsonObject): JsonObject => (fields < count ? {} : later)
  return {
    hash: bytesToHex(hash),
    parentHash: bytesToHex(header.parentHash),
    sha3Uncles: bytesToHex(header.ommersHash),
    miner: bytesToHex(header.coinbase),
    stateRoot: bytesToHex(header.stateRoot),
    transactionsRoot: bytesToHex(header.transactionsRoot),
    receiptsRoot: bytesToHex(header.receiptsRoot),
    logsBloom: bytesToHex(header.logsBloom),
    difficulty: quantity(header.difficulty),
    number: quantity(header.number),
    gasLimit: quantity(header.gasLimit),
    gasUsed: quantity(header.gasUsed),
    timestamp: quantity(header.timestamp),
    extraData: bytesToHex(header.extraData),
    mixHash: bytesToHex(header.prevrandao),
    nonce: bytesToHex(header.nonce),
    ...since(HEADER_FIELDS.london, { baseFeePerGas: quantity(header.baseFee) }),
    ...since(HEADER_FIELDS.shanghai, { withdrawalsRoot: bytesToHex(header.withdrawalsRoot) }),
    ...since(HEADER_FIELDS.cancun, {
      blobGasUsed: quantity(header.blobGasUsed),
      excessBlobGas: quantity(header.excessBlobGas),
      parentBeaconBlockRoot: bytesToHex(header.parentBeaconBlockRoot),
    }),
    ...since(HEADER_FIELDS.prague, { requestsHash: bytesToHex(header.requestsHash) }),
  }
}

/** A header as geth shows ommers: as a block of its own, without a body. */
export function formatUncle(rlp: Uint8Array): JsonObject {
  const { header, fields } = decodeHeader(decodeRlp(rlp))
  const imported = { headerFields: fields, ommers: [], withdrawals: [] }
  const hash = keccak256(rlp)
  const { transactions: _, ...shown } = formatBlock(
    { ...NO_BODY, hash, header, headerRlp: rlp, imported },
    false,
  )
  return shown
}

const NO_BODY = {
  transactions: [],
  receipts: [],
  skipped: [],
  systemCalls: [],
  world: EMPTY_WORLD,
  worlds: [],
} as const

/** A transaction in its block. */
export function formatMined(transaction: Transaction, block: Block, index: number): JsonObject {
  const receipt = block.receipts[index]
  return {
    ...formatTransaction(transaction),
    gasPrice: quantity(receipt?.effectiveGasPrice ?? 0n),
    blockHash: bytesToHex(block.hash),
    blockNumber: quantity(block.header.number),
    blockTimestamp: quantity(block.header.timestamp),
    transactionIndex: quantity(index),
  }
}

/** A transaction by itself. */
export function formatUnplaced(transaction: SignedTransaction): JsonObject {
  return { ...formatTransaction(transaction), gasPrice: quantity(transaction.maxFeePerGas) }
}

/** A transaction that waits. */
export function formatWaiting(transaction: SignedTransaction): JsonObject {
  return {
    ...formatUnplaced(transaction),
    blockHash: null,
    blockNumber: null,
    blockTimestamp: null,
    transactionIndex: null,
  }
}

function formatTransaction(transaction: Transaction): JsonObject {
  const shared = {
    hash: bytesToHex(transaction.hash),
    type: quantity(transaction.type),
    from: bytesToHex(transaction.from),
    to: transaction.to === null ? null : bytesToHex(transaction.to),
    value: quantity(transaction.value),
    input: bytesToHex(transaction.data),
    gas: quantity(transaction.gasLimit),
  }
  if (transaction.kind === 'signed') return { ...shared, ...formatSigned(transaction) }
  const unsigned = { ...shared, nonce: '0x0', v: '0x0', r: '0x0', s: '0x0' }
  if (transaction.kind === 'cheat') {
    const { chainId, action, slot } = transaction
    return {
      ...unsigned,
      chainId: quantity(chainId),
      cheat: CHEAT_NAMES[action],
      ...(action === CHEAT.SET_STORAGE ? { slot: quantity(slot) } : {}),
    }
  }
  return {
    ...unsigned,
    sourceHash: bytesToHex(transaction.sourceHash),
    mint: quantity(transaction.mint),
    isSystemTx: false,
  }
}

const CHEAT_NAMES: Readonly<Record<CheatAction, string>> = {
  [CHEAT.SET_BALANCE]: 'setBalance',
  [CHEAT.ADD_BALANCE]: 'addBalance',
  [CHEAT.SET_NONCE]: 'setNonce',
  [CHEAT.SET_CODE]: 'setCode',
  [CHEAT.SET_STORAGE]: 'setStorageAt',
  [CHEAT.SEND]: 'send',
}

function formatSigned(transaction: SignedTransaction): JsonObject {
  const { type, chainId } = transaction
  const fees = {
    maxFeePerGas: quantity(transaction.maxFeePerGas),
    maxPriorityFeePerGas: quantity(transaction.maxPriorityFeePerGas),
  }
  const blobs = {
    maxFeePerBlobGas: quantity(transaction.maxFeePerBlobGas),
    blobVersionedHashes: transaction.blobVersionedHashes.map(bytesToHex),
  }
  return {
    nonce: quantity(transaction.nonce),
    ...(chainId === null ? {} : { chainId: quantity(chainId) }),
    ...(type >= 2 ? fees : {}),
    ...(type >= 1 ? { accessList: formatAccessList(transaction.accessList) } : {}),
    ...(type >= 1 ? { yParity: quantity(transaction.yParity) } : {}),
    ...(type === 3 ? blobs : {}),
    ...(type === 4 ? { authorizationList: formatAuthorizations(transaction) } : {}),
    v: quantity(transaction.v),
    r: quantity(transaction.r),
    s: quantity(transaction.s),
  }
}

export function formatAccessList(accessList: SignedTransaction['accessList']): Json {
  return accessList.map(({ address, storageKeys }) => ({
    address: bytesToHex(address),
    storageKeys: storageKeys.map(bytesToHex),
  }))
}

function formatAuthorizations({ authorizations }: SignedTransaction): Json {
  return authorizations.map((item) => ({
    chainId: quantity(item.chainId),
    address: bytesToHex(item.address),
    nonce: quantity(item.nonce),
    yParity: quantity(item.yParity),
    r: quantity(item.r),
    s: quantity(item.s),
  }))
}

export function formatReceipt(block: Block, index: number): JsonObject | null {
  const receipt = block.receipts[index]
  if (receipt === undefined) return null
  const blobs = {
    blobGasUsed: quantity(receipt.blobGasUsed),
    blobGasPrice: quantity(receipt.blobGasPrice),
  }
  return {
    transactionHash: bytesToHex(receipt.transactionHash),
    transactionIndex: quantity(index),
    blockHash: bytesToHex(block.hash),
    blockNumber: quantity(block.header.number),
    from: bytesToHex(receipt.from),
    to: receipt.to === null ? null : bytesToHex(receipt.to),
    cumulativeGasUsed: quantity(receipt.cumulativeGasUsed),
    gasUsed: quantity(receipt.gasUsed),
    effectiveGasPrice: quantity(receipt.effectiveGasPrice),
    contractAddress: createdAddress(receipt),
    logs: formatLogsOf(block, index),
    logsBloom: bytesToHex(receipt.logsBloom),
    type: quantity(receipt.type),
    ...(receipt.postState === undefined
      ? { status: receipt.succeeded ? '0x1' : '0x0' }
      : { root: bytesToHex(receipt.postState) }),
    ...(receipt.type === 3 ? blobs : {}),
  }
}

function createdAddress({ contractAddress }: Receipt): Json {
  return contractAddress === null ? null : bytesToHex(contractAddress)
}

/** The logs of one transaction, numbered within the block. */
export function formatLogsOf(block: Block, index: number): Json[] {
  const receipt = block.receipts[index]
  if (receipt === undefined) return []
  const before = block.receipts.slice(0, index).reduce((sum, { logs }) => sum + logs.length, 0)
  return receipt.logs.map((log, at) => formatLog(log, { block, index, logIndex: before + at }))
}

export interface LogPosition {
  readonly block: Block
  readonly index: number
  readonly logIndex: number
}

export function formatLog(log: Log, { block, index, logIndex }: LogPosition): JsonObject {
  return {
    address: bytesToHex(log.address),
    topics: log.topics.map(bytesToHex),
    data: bytesToHex(log.data),
    blockHash: bytesToHex(block.hash),
    blockNumber: quantity(block.header.number),
    blockTimestamp: quantity(block.header.timestamp),
    transactionHash: bytesToHex(block.receipts[index]?.transactionHash ?? block.hash),
    transactionIndex: quantity(index),
    logIndex: quantity(logIndex),
    removed: false,
  }
}

/** RLP of header, transactions, ommers and, since Shanghai, withdrawals. */
export function blockRlp(block: Block): Uint8Array {
  const transactions = block.transactions.map(({ raw, type }) => (type === 0 ? raw : rlpBytes(raw)))
  const { ommers = [], withdrawals = [] } = block.imported ?? {}
  const parts = [block.headerRlp, rlpList(transactions), rlpList(ommers)]
  if (fieldsOf(block) < HEADER_FIELDS.shanghai) return rlpList(parts)
  return rlpList([...parts, rlpList(withdrawals.map(encodeWithdrawal))])
}
