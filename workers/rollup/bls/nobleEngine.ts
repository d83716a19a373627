/** BLS on @noble/curves: the reference, and the only one that signs in other domains. */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { isPresentPoint, PUBLIC_KEY_SIZE, SIGNATURE_SIZE } from './encoding.ts'
import type { BlsEngine } from './engine.ts'

const scheme = bls12_381.longSignatures

/** Signs and verifies digests hashed to G2 under `domain` (RFC 9380 DST). */
export function nobleEngine(domain: string): BlsEngine {
  return {
    publicKey: (secretKey) => scheme.getPublicKey(secretKey).toBytes(),
    sign: (digest, secretKey) =>
      scheme.Signature.toBytes(scheme.sign(scheme.hash(digest, domain), secretKey)),
    aggregate(signatures) {
      if (signatures.length === 0 || !signatures.every(isSignatureForm)) return null
      try {
        return scheme.Signature.toBytes(scheme.aggregateSignatures([...signatures]))
      } catch {
        return null
      }
    },
    verifyAggregate({ digest, signature, publicKeys }) {
      if (publicKeys.length === 0 || !isSignatureForm(signature)) return false
      if (!publicKeys.every((key) => isPresentPoint(key, PUBLIC_KEY_SIZE))) return false
      try {
        const key = scheme.aggregatePublicKeys([...publicKeys])
        return scheme.verify(signature, scheme.hash(digest, domain), key)
      } catch {
        return false
      }
    },
  }
}

function isSignatureForm(signature: Uint8Array): boolean {
  return isPresentPoint(signature, SIGNATURE_SIZE)
}
