/** EIP-1559 transactions (type 2) as nodes sign them for L1. */
import { bytesToBigint, concatBytes, trimLeft } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'
import { signHash } from '../secp256k1.ts'
import { rlpBytes, rlpInteger, rlpList } from '../trie/rlp.ts'

export interface FeeMarketTransaction {
  readonly chainId: number
  readonly nonce: bigint
  /** Wei per gas. */
  readonly maxPriorityFeePerGas: bigint
  readonly maxFeePerGas: bigint
  readonly gasLimit: bigint
  /** 20 bytes. */
  readonly to: Uint8Array
  readonly valueWei: bigint
  readonly data: Uint8Array
}

export interface SignedTransaction {
  /** EIP-2718 encoding. */
  readonly raw: Uint8Array
  readonly hash: Uint8Array
}

const TYPE = Uint8Array.of(2)

/** Signs deterministically (RFC 6979). Throws `BytesError` for an invalid private key. Source: EIP-1559. */
export function signFeeMarketTransaction(
  transaction: FeeMarketTransaction,
  privateKey: Uint8Array,
): SignedTransaction {
  const fields = [
    rlpInteger(BigInt(transaction.chainId)),
    rlpInteger(transaction.nonce),
    rlpInteger(transaction.maxPriorityFeePerGas),
    rlpInteger(transaction.maxFeePerGas),
    rlpInteger(transaction.gasLimit),
    rlpBytes(transaction.to),
    rlpInteger(transaction.valueWei),
    rlpBytes(transaction.data),
    rlpList([]),
  ]
  const digest = keccak256(concatBytes(TYPE, rlpList(fields)))
  const { compact, recovery } = signHash(digest, privateKey)
  const signature = [
    rlpInteger(BigInt(recovery)),
    rlpInteger(bytesToBigint(trimLeft(compact.subarray(0, 32)))),
    rlpInteger(bytesToBigint(trimLeft(compact.subarray(32)))),
  ]
  const raw = concatBytes(TYPE, rlpList([...fields, ...signature]))
  return { raw, hash: keccak256(raw) }
}
