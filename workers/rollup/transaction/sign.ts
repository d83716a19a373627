/** Encoding and signing of transactions. */
import { bigintToMinimalBytes, bytesToBigint, concatBytes } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'
import { privateKeyToAddress, signHash } from '../secp256k1.ts'
import { rlpEncode } from '../trie/rlp.ts'
import { signingHash, type Unsigned, unsignedFields } from './decode.ts'
import {
  type Authorization,
  DEPOSIT_TYPE,
  type DepositTransaction,
  type SignedTransaction,
} from './transaction.ts'

/** The transaction with the signature of `privateKey`. Throws `BytesError` for an invalid key. */
export function signTransaction(unsigned: Unsigned, privateKey: Uint8Array): SignedTransaction {
  const { compact, recovery } = signHash(signingHash(unsigned), privateKey)
  const r = bytesToBigint(compact.subarray(0, 32))
  const s = bytesToBigint(compact.subarray(32))
  const v = signatureV(unsigned, recovery)
  const signature = [v, r, s].map(bigintToMinimalBytes)
  const body = rlpEncode([...unsignedFields(unsigned), ...signature])
  const raw = unsigned.type === 0 ? body : concatBytes(Uint8Array.of(unsigned.type), body)
  const from = privateKeyToAddress(privateKey)
  return { ...unsigned, v, yParity: recovery, r, s, raw, hash: keccak256(raw), from }
}

/** An EIP-7702 tuple: the key's owner lets its account run the code at `address`. */
export function signAuthorization(
  unsigned: Pick<Authorization, 'chainId' | 'address' | 'nonce'>,
  privateKey: Uint8Array,
): Authorization {
  const { compact, recovery } = signHash(authorizationHash(unsigned), privateKey)
  return {
    ...unsigned,
    yParity: BigInt(recovery),
    r: bytesToBigint(compact.subarray(0, 32)),
    s: bytesToBigint(compact.subarray(32)),
  }
}

/** keccak256(0x05 ‖ rlp([chainId, address, nonce])), what an authority signs. */
export function authorizationHash(
  unsigned: Pick<Authorization, 'chainId' | 'address' | 'nonce'>,
): Uint8Array {
  const { chainId, address, nonce } = unsigned
  const body = rlpEncode([bigintToMinimalBytes(chainId), address, bigintToMinimalBytes(nonce)])
  return keccak256(concatBytes(Uint8Array.of(5), body))
}

/** The deposit with its encoding and hash. */
export function encodeDeposit(
  deposit: Omit<DepositTransaction, 'raw' | 'hash' | 'kind' | 'type' | 'isSystem'>,
): DepositTransaction {
  const body = rlpEncode([
    deposit.sourceHash,
    deposit.from,
    deposit.to ?? new Uint8Array(0),
    bigintToMinimalBytes(deposit.mint),
    bigintToMinimalBytes(deposit.value),
    bigintToMinimalBytes(deposit.gasLimit),
    new Uint8Array(0),
    deposit.data,
  ])
  const raw = concatBytes(Uint8Array.of(DEPOSIT_TYPE), body)
  return {
    ...deposit,
    kind: 'deposit',
    type: DEPOSIT_TYPE,
    isSystem: false,
    raw,
    hash: keccak256(raw),
  }
}

function signatureV(unsigned: Unsigned, recovery: 0 | 1): bigint {
  if (unsigned.type !== 0) return BigInt(recovery)
  if (unsigned.chainId === null) return 27n + BigInt(recovery)
  return 35n + 2n * unsigned.chainId + BigInt(recovery)
}
