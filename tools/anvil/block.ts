/** A block as a node's JSON-RPC gives it, as the roles know it. */
import { type Hex, toHex, toRlp } from 'viem'
import { assert } from '../../workers/kernel/errors.ts'
import type { L1Head, L1Log, L1Outcome } from '../../workers/protocol/messages.ts'
import { equalBytes, hexToBytes } from '../../workers/rollup/bytes.ts'
import { keccak256 } from '../../workers/rollup/keccak.ts'

/** Fields of an Osaka header in the order in which they are hashed. */
const HEADER = {
  parentHash: 'bytes',
  sha3Uncles: 'bytes',
  miner: 'bytes',
  stateRoot: 'bytes',
  transactionsRoot: 'bytes',
  receiptsRoot: 'bytes',
  logsBloom: 'bytes',
  difficulty: 'quantity',
  number: 'quantity',
  gasLimit: 'quantity',
  gasUsed: 'quantity',
  timestamp: 'quantity',
  extraData: 'bytes',
  mixHash: 'bytes',
  nonce: 'bytes',
  baseFeePerGas: 'quantity',
  withdrawalsRoot: 'bytes',
  blobGasUsed: 'quantity',
  excessBlobGas: 'quantity',
  parentBeaconBlockRoot: 'bytes',
  requestsHash: 'bytes',
} as const

type Field = keyof typeof HEADER

/** Quantities are 0x-strings, or what viem makes of them. */
export type RpcHeader = {
  readonly [Name in Field]: (typeof HEADER)[Name] extends 'bytes' ? Hex : Hex | bigint
}

/** Of `eth_getBlockByNumber` with whole transactions. */
export interface RpcBlock extends RpcHeader {
  readonly hash: Hex
  readonly transactions: readonly { readonly nonce: Hex }[]
}

interface RpcLog {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly transactionHash: Hex
  readonly logIndex: Hex
}

/** Of `eth_getBlockReceipts`. */
export interface RpcReceipt {
  readonly transactionHash: Hex
  readonly from: Hex
  readonly status: Hex
  readonly gasUsed: Hex
  readonly logs: readonly RpcLog[]
}

/** RLP of the header; its keccak is the block's hash. */
export function headerRlp(block: RpcHeader): Hex {
  const fields = Object.entries(HEADER) as readonly [Field, 'bytes' | 'quantity'][]
  return toRlp(
    fields.map(([name, kind]) => (kind === 'bytes' ? (block[name] as Hex) : minimal(block[name]))),
  )
}

function minimal(value: Hex | bigint): Hex {
  return BigInt(value) === 0n ? '0x' : toHex(BigInt(value))
}

/** The block as other nodes learn of it, final after `finalityLag` more. */
export function toL1Head(
  block: RpcBlock,
  receipts: readonly RpcReceipt[],
  finalityLag: bigint,
): L1Head {
  const number = BigInt(block.number)
  const rlp = hexToBytes(headerRlp(block))
  const hash = hexToBytes(block.hash)
  assert(equalBytes(keccak256(rlp), hash), `The header of L1 block ${number} has another hash.`)
  return {
    number,
    hash,
    parentHash: hexToBytes(block.parentHash),
    timestamp: BigInt(block.timestamp),
    baseFee: BigInt(block.baseFeePerGas),
    prevrandao: hexToBytes(block.mixHash),
    headerRlp: rlp,
    logs: receipts.flatMap(({ logs }) => logs.map(toLog)),
    outcomes: receipts.map((receipt, index) => toOutcome(receipt, block.transactions[index])),
    finalizedNumber: number > finalityLag ? number - finalityLag : 0n,
  }
}

function toLog({ address, topics, data, transactionHash, logIndex }: RpcLog): L1Log {
  return {
    address: hexToBytes(address),
    topics: topics.map((topic) => hexToBytes(topic)),
    data: hexToBytes(data),
    transactionHash: hexToBytes(transactionHash),
    logIndex: Number(logIndex),
  }
}

function toOutcome(
  receipt: RpcReceipt,
  transaction: { readonly nonce: Hex } | undefined,
): L1Outcome {
  assert(transaction !== undefined, `${receipt.transactionHash} is a receipt of no transaction.`)
  return {
    hash: hexToBytes(receipt.transactionHash),
    from: hexToBytes(receipt.from),
    nonce: BigInt(transaction.nonce),
    succeeded: BigInt(receipt.status) === 1n,
    gasUsed: BigInt(receipt.gasUsed),
  }
}
