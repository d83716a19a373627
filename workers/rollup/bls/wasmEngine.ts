/** BLS on bls-eth-wasm (mcl): the same results as noble, ten times faster. */

import { bytesToHex } from '../bytes.ts'
import { createMemo } from '../memo.ts'
import { isPresentPoint, PUBLIC_KEY_SIZE, SIGNATURE_SIZE } from './encoding.ts'
import type { BlsEngine } from './engine.ts'
import { type BlsLibrary, loadBlsLibrary } from './library.ts'

type Library = BlsLibrary
type PublicKey = InstanceType<Library['PublicKey']>
type Signature = InstanceType<Library['Signature']>

/** Keys of a few committees and of the data nodes. */
const PUBLIC_KEYS_KNOWN_MAX = 256

/** Loads and initialises the library. */
export async function createWasmEngine(): Promise<BlsEngine> {
  const library = await loadBlsLibrary()
  const publicKeys = createMemo<PublicKey>(PUBLIC_KEYS_KNOWN_MAX)
  const parsePublicKey = (bytes: Uint8Array) =>
    publicKeys.recall(bytesToHex(bytes), () => {
      const key = new library.PublicKey()
      key.deserialize(bytes)
      return key
    })
  return {
    publicKey: (secretKey) => parseSecretKey(library, secretKey).getPublicKey().serialize(),
    sign: (digest, secretKey) => parseSecretKey(library, secretKey).sign(digest).serialize(),
    aggregate: (signatures) => aggregate(library, signatures),
    verifyAggregate({ digest, signature, publicKeys: keys }) {
      if (keys.length === 0 || !isPresentPoint(signature, SIGNATURE_SIZE)) return false
      if (!keys.every((key) => isPresentPoint(key, PUBLIC_KEY_SIZE))) return false
      try {
        return parseSignature(library, signature).fastAggregateVerify(
          keys.map(parsePublicKey),
          digest,
        )
      } catch {
        return false
      }
    },
  }
}

function aggregate(library: Library, signatures: readonly Uint8Array[]): Uint8Array | null {
  const areForm = signatures.every((signature) => isPresentPoint(signature, SIGNATURE_SIZE))
  if (signatures.length === 0 || !areForm) return null
  try {
    const sum = new library.Signature()
    sum.aggregate(signatures.map((signature) => parseSignature(library, signature)))
    return sum.isZero() ? null : sum.serialize()
  } catch {
    return null
  }
}

function parseSecretKey(library: Library, bytes: Uint8Array): InstanceType<Library['SecretKey']> {
  const key = new library.SecretKey()
  key.deserialize(bytes)
  return key
}

function parseSignature(library: Library, bytes: Uint8Array): Signature {
  const signature = new library.Signature()
  signature.deserialize(bytes)
  return signature
}
