/** Signing, aggregating and verifying digests; what roles use. */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bytesToBigint, bytesToHex, concatBytes, word } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'
import { createMemo } from '../memo.ts'
import { type AggregateInput, blsEngine } from './engine.ts'

/** Verifications remembered in one worker: several views of several logical nodes. */
const VERIFICATIONS_KNOWN_MAX = 1_024

/**
 * Verification is a pure function, so logical nodes that share a worker share its results: seven nodes check one
 * certificate once. Keyed by digest, keys and signature; it can change cost alone, never an answer.
 */
const verifications = createMemo<boolean>(VERIFICATIONS_KNOWN_MAX)

/** A secret key from seed bytes: keccak256 reduced into [1, order). For simulated nodes; real ones draw theirs. */
export function blsSecretKey(seed: Uint8Array): Uint8Array {
  const order = bls12_381.fields.Fr.ORDER
  return word(1n + (bytesToBigint(keccak256(seed)) % (order - 1n)))
}

/** Compressed G1, 48 bytes. */
export function blsPublicKey(secretKey: Uint8Array): Uint8Array {
  return blsEngine().publicKey(secretKey)
}

/** Compressed G2, 96 bytes. */
export function blsSign(digest: Uint8Array, secretKey: Uint8Array): Uint8Array {
  return blsEngine().sign(digest, secretKey)
}

export interface SignatureInput {
  readonly digest: Uint8Array
  readonly signature: Uint8Array
  readonly publicKey: Uint8Array
}

/** Total: malformed bytes are an invalid signature. */
export function blsVerify({ digest, signature, publicKey }: SignatureInput): boolean {
  return blsVerifyAggregate({ digest, signature, publicKeys: [publicKey] })
}

/** The sum of the signatures, or `null` if one is malformed. It is checked as one, by `blsVerifyAggregate`. */
export function blsAggregate(signatures: readonly Uint8Array[]): Uint8Array | null {
  return blsEngine().aggregate(signatures)
}

/** Whether each of the keys signed the same digest. Safe only for keys with a verified proof of possession. */
export function blsVerifyAggregate(input: AggregateInput): boolean {
  const keys = keccak256(concatBytes(...input.publicKeys))
  const key = [input.digest, input.signature, keys].map(bytesToHex).join('')
  return verifications.recall(key, () => blsEngine().verifyAggregate(input))
}
