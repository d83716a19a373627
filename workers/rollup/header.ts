/** Ethereum's block header (Osaka) and what follows from one for the next. Both chains have it. */
import { ZERO_HASH } from './bytes.ts'
import { keccak256 } from './keccak.ts'
import { EMPTY_OMMERS_HASH, EMPTY_REQUESTS_HASH } from './l2Header.ts'
import { rlpBytes, rlpInteger, rlpList } from './trie/rlp.ts'
import { EMPTY_TRIE_ROOT } from './trie/trie.ts'

/** In the order of its RLP. On L2 the roots of transactions and receipts are accumulators (docs/specs/MACHINE.md). */
export interface BlockHeader {
  readonly parentHash: Uint8Array
  readonly ommersHash: Uint8Array
  readonly coinbase: Uint8Array
  readonly stateRoot: Uint8Array
  readonly transactionsRoot: Uint8Array
  readonly receiptsRoot: Uint8Array
  /** 256 bytes. */
  readonly logsBloom: Uint8Array
  readonly difficulty: bigint
  readonly number: bigint
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  /** Unix seconds. */
  readonly timestamp: bigint
  readonly extraData: Uint8Array
  readonly prevrandao: Uint8Array
  readonly nonce: Uint8Array
  readonly baseFee: bigint
  readonly withdrawalsRoot: Uint8Array
  readonly blobGasUsed: bigint
  readonly excessBlobGas: bigint
  readonly parentBeaconBlockRoot: Uint8Array
  readonly requestsHash: Uint8Array
}

/** The fields that every block of ours has alike. */
export const HEADER_DEFAULTS = {
  ommersHash: EMPTY_OMMERS_HASH,
  difficulty: 0n,
  extraData: new Uint8Array(0),
  nonce: new Uint8Array(8),
  withdrawalsRoot: EMPTY_TRIE_ROOT,
  blobGasUsed: 0n,
  excessBlobGas: 0n,
  parentBeaconBlockRoot: ZERO_HASH,
  requestsHash: EMPTY_REQUESTS_HASH,
} as const

export function headerRlp(header: BlockHeader): Uint8Array {
  return rlpList([
    rlpBytes(header.parentHash),
    rlpBytes(header.ommersHash),
    rlpBytes(header.coinbase),
    rlpBytes(header.stateRoot),
    rlpBytes(header.transactionsRoot),
    rlpBytes(header.receiptsRoot),
    rlpBytes(header.logsBloom),
    rlpInteger(header.difficulty),
    rlpInteger(header.number),
    rlpInteger(header.gasLimit),
    rlpInteger(header.gasUsed),
    rlpInteger(header.timestamp),
    rlpBytes(header.extraData),
    rlpBytes(header.prevrandao),
    rlpBytes(header.nonce),
    rlpInteger(header.baseFee),
    rlpBytes(header.withdrawalsRoot),
    rlpInteger(header.blobGasUsed),
    rlpInteger(header.excessBlobGas),
    rlpBytes(header.parentBeaconBlockRoot),
    rlpBytes(header.requestsHash),
  ])
}

export function headerHash(header: BlockHeader): Uint8Array {
  return keccak256(headerRlp(header))
}

const BLOB_GAS = 131_072n
/** EIP-7918: execution gas that a blob costs at least. */
const BLOB_BASE_COST = 8_192n

/** What a fork says of blobs (EIP-4844, EIP-7840, EIP-7918). */
export interface BlobSchedule {
  /** Blobs of a block. */
  readonly target: bigint
  readonly max: bigint
  readonly updateFraction: bigint
  /** Whether a blob's price has a lower bound that follows the base fee (EIP-7918). */
  readonly isBounded: boolean
}

export const OSAKA_BLOBS: BlobSchedule = {
  target: 6n,
  max: 9n,
  updateFraction: 5_007_716n,
  isBounded: true,
}
export const BLOB_GAS_MAX = OSAKA_BLOBS.max * BLOB_GAS

/** Price of one unit of blob gas in a block with this excess, in wei. */
export function blobBaseFee(excessBlobGas: bigint, { updateFraction } = OSAKA_BLOBS): bigint {
  let index = 1n
  let output = 0n
  let accumulator = updateFraction
  while (accumulator > 0n) {
    output += accumulator
    accumulator = (accumulator * excessBlobGas) / (updateFraction * index)
    index += 1n
  }
  return output / updateFraction
}

/** Excess blob gas of a block from its parent (EIP-4844, EIP-7918). */
export function nextExcessBlobGas(
  parent: Pick<BlockHeader, 'excessBlobGas' | 'blobGasUsed' | 'baseFee'>,
  schedule: BlobSchedule = OSAKA_BLOBS,
): bigint {
  const { target, max, isBounded } = schedule
  const total = parent.excessBlobGas + parent.blobGasUsed
  if (total < target * BLOB_GAS) return 0n
  const price = BLOB_GAS * blobBaseFee(parent.excessBlobGas, schedule)
  if (isBounded && BLOB_BASE_COST * parent.baseFee > price) {
    return parent.excessBlobGas + (parent.blobGasUsed * (max - target)) / max
  }
  return total - target * BLOB_GAS
}
