/**
 * What an L2 header commits to (docs/specs/MACHINE.md, TX_CLOSE and BLOCK_END): an ordinary Osaka header whose transaction and
 * receipt roots are hash chains. Engine, machine and verifier share these formulas.
 */
import { concatBytes, hexToBytes, word, ZERO_HASH } from './bytes.ts'
import { keccak256 } from './keccak.ts'
import { rlpBytes, rlpInteger, rlpList } from './trie/rlp.ts'
import { EMPTY_TRIE_ROOT } from './trie/trie.ts'

/** keccak256 of the RLP of an empty list. */
export const EMPTY_OMMERS_HASH: Uint8Array = keccak256(new Uint8Array([0xc0]))
/** sha256 of no requests (EIP-7685). */
export const EMPTY_REQUESTS_HASH: Uint8Array = hexToBytes(
  '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
)
export const BLOOM_SIZE = 256
export const ZERO_BLOOM: Uint8Array = new Uint8Array(BLOOM_SIZE)
export const ZERO_BLOOM_HASH: Uint8Array = keccak256(ZERO_BLOOM)
/** Transactions and receipts of a block without any. */
export const EMPTY_ACCUMULATOR: Uint8Array = ZERO_HASH

const ELASTICITY = 2n
const CHANGE_DENOMINATOR = 8n

/** The fields of an L2 header that are not constant. */
export interface L2HeaderFields {
  readonly parentHash: Uint8Array
  readonly coinbase: Uint8Array
  readonly stateRoot: Uint8Array
  readonly transactionsRoot: Uint8Array
  readonly receiptsRoot: Uint8Array
  readonly logsBloom: Uint8Array
  readonly number: bigint
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  readonly timestamp: bigint
  readonly prevrandao: Uint8Array
  readonly baseFee: bigint
  /** Hash of the L1 block on which the batch builds. */
  readonly parentBeaconBlockRoot: Uint8Array
}

export interface ReceiptCommitment {
  readonly succeeded: boolean
  readonly cumulativeGasUsed: bigint
  /** keccak256 of the transaction's bloom. */
  readonly bloomHash: Uint8Array
  readonly logHash: Uint8Array
}

export interface LoggedEvent {
  readonly address: Uint8Array
  readonly topics: readonly Uint8Array[]
  readonly data: Uint8Array
}

/** RLP of the header; its keccak256 is the block hash. */
export function l2HeaderRlp(fields: L2HeaderFields): Uint8Array {
  const zero = rlpInteger(0n)
  return rlpList([
    rlpBytes(fields.parentHash),
    rlpBytes(EMPTY_OMMERS_HASH),
    rlpBytes(fields.coinbase),
    rlpBytes(fields.stateRoot),
    rlpBytes(fields.transactionsRoot),
    rlpBytes(fields.receiptsRoot),
    rlpBytes(fields.logsBloom),
    zero,
    rlpInteger(fields.number),
    rlpInteger(fields.gasLimit),
    rlpInteger(fields.gasUsed),
    rlpInteger(fields.timestamp),
    rlpBytes(new Uint8Array(0)),
    rlpBytes(fields.prevrandao),
    rlpBytes(new Uint8Array(8)),
    rlpInteger(fields.baseFee),
    rlpBytes(EMPTY_TRIE_ROOT),
    zero,
    zero,
    rlpBytes(fields.parentBeaconBlockRoot),
    rlpBytes(EMPTY_REQUESTS_HASH),
  ])
}

/** The accumulator of transactions after one more. */
export function addTransaction(accumulator: Uint8Array, hash: Uint8Array): Uint8Array {
  return keccak256(concatBytes(accumulator, hash))
}

/** The accumulator of receipts after one more. */
export function addReceipt(accumulator: Uint8Array, receipt: ReceiptCommitment): Uint8Array {
  const commitment = concatBytes(
    word(receipt.succeeded ? 1 : 0),
    word(receipt.cumulativeGasUsed),
    receipt.bloomHash,
    receipt.logHash,
  )
  return keccak256(concatBytes(accumulator, keccak256(commitment)))
}

/** The accumulator of one transaction's logs after one more; it begins with `EMPTY_ACCUMULATOR`. */
export function addLog(accumulator: Uint8Array, log: LoggedEvent): Uint8Array {
  const address = new Uint8Array(32)
  address.set(log.address, 12)
  const topics = [0, 1, 2, 3].map((i) => log.topics[i] ?? ZERO_HASH)
  return keccak256(
    concatBytes(accumulator, address, word(log.topics.length), ...topics, keccak256(log.data)),
  )
}

/** The bloom with one more log in it (Yellow Paper, M3:2048). */
export function bloomWithLog(bloom: Uint8Array, log: LoggedEvent): Uint8Array {
  const result = bloom.slice()
  setBloomBits(result, log.address)
  for (const topic of log.topics) setBloomBits(result, topic)
  return result
}

export function joinBlooms(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte | (b[i] ?? 0))
}

export interface BaseFeeParent {
  readonly baseFee: bigint
  readonly gasUsed: bigint
  readonly gasLimit: bigint
}

/** EIP-1559; gas used may lie above the limit, as deposits may. */
export function nextBaseFee({ baseFee, gasUsed, gasLimit }: BaseFeeParent): bigint {
  const target = gasLimit / ELASTICITY
  if (gasUsed === target) return baseFee
  if (gasUsed > target) {
    const delta = (baseFee * (gasUsed - target)) / target / CHANGE_DENOMINATOR
    return baseFee + (delta > 1n ? delta : 1n)
  }
  return baseFee - (baseFee * (target - gasUsed)) / target / CHANGE_DENOMINATOR
}

function setBloomBits(bloom: Uint8Array, value: Uint8Array): void {
  const hash = keccak256(value)
  for (let i = 0; i < 6; i += 2) {
    const bit = (((hash[i] ?? 0) << 8) | (hash[i + 1] ?? 0)) & 2047
    const at = BLOOM_SIZE - 1 - (bit >> 3)
    bloom[at] = (bloom[at] ?? 0) | (1 << (bit & 7))
  }
}
