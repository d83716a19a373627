/** Proof of possession, without which aggregates of one digest can be forged by rogue keys (docs/specs/DIGESTS.md). */
import { keccak256 } from '../keccak.ts'
import { publicKeyToEvm } from './encoding.ts'
import { nobleEngine } from './nobleEngine.ts'

export const POSSESSION_DOMAIN = 'BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'

const engine = nobleEngine(POSSESSION_DOMAIN)

/** 96 bytes that show knowledge of the secret key. */
export function provePossession(secretKey: Uint8Array): Uint8Array {
  return engine.sign(possessionDigest(engine.publicKey(secretKey)), secretKey)
}

/** Total. */
export function verifyPossession(publicKey: Uint8Array, proof: Uint8Array): boolean {
  try {
    const digest = possessionDigest(publicKey)
    return engine.verifyAggregate({ digest, signature: proof, publicKeys: [publicKey] })
  } catch {
    return false
  }
}

/** keccak256 of the key's 128-byte EIP-2537 form, as the registry on L1 computes it. */
export function possessionDigest(publicKey: Uint8Array): Uint8Array {
  return keccak256(publicKeyToEvm(publicKey))
}
