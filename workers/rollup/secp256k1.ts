/** ECDSA over secp256k1: WebAssembly once `initSecp256k1` resolved, JavaScript with the same results before. */
import { instantiateSecp256k1 } from '@bitauth/libauth/build/lib/crypto/secp256k1.js'
import { secp256k1 as noble } from '@noble/curves/secp256k1.js'
import { BytesError } from './bytes.ts'
import { keccak256 } from './keccak.ts'

type Wasm = Awaited<ReturnType<typeof instantiateSecp256k1>>

export interface RecoverableSignature {
  /** r ‖ s, 64 bytes, s in the lower half of the order. */
  readonly compact: Uint8Array
  /** Parity of the nonce point's y (0 or 1). */
  readonly recovery: 0 | 1
}

/** Half of the group's order: EIP-2 bans signatures with a greater s. */
export const SECP256K1_HALF_ORDER =
  0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

let wasm: Wasm | undefined
let loading: Promise<void> | undefined

/** Loads the WebAssembly curve. May be called often; it loads once. Everything works without it, twenty times slower. */
export function initSecp256k1(): Promise<void> {
  loading ??= instantiateSecp256k1().then((instance) => {
    wasm = instance
  })
  return loading
}

/** Uncompressed public key without its 0x04 prefix (64 bytes), or nothing where no key gives this signature. */
export function recoverPublicKey(
  hash: Uint8Array,
  compact: Uint8Array,
  recovery: number,
): Uint8Array | undefined {
  if (hash.length !== 32 || compact.length !== 64) return undefined
  if (recovery !== 0 && recovery !== 1) return undefined
  if (wasm !== undefined) {
    const key = wasm.recoverPublicKeyUncompressed(compact, recovery, hash)
    return typeof key === 'string' ? undefined : key.subarray(1)
  }
  return recoverSlowly(hash, compact, recovery)
}

/** Address (20 bytes) that signed `hash`, or nothing where no key gives this signature. */
export function recoverAddress(
  hash: Uint8Array,
  compact: Uint8Array,
  recovery: number,
): Uint8Array | undefined {
  const key = recoverPublicKey(hash, compact, recovery)
  return key === undefined ? undefined : keccak256(key).slice(12)
}

/** Deterministic signature (RFC 6979). Throws `BytesError` for an invalid private key. */
export function signHash(hash: Uint8Array, privateKey: Uint8Array): RecoverableSignature {
  if (!noble.utils.isValidSecretKey(privateKey) || hash.length !== 32) {
    throw new BytesError('Private key must be in 1 to n - 1 and the hash 32 bytes long.')
  }
  if (wasm !== undefined) {
    const signed = wasm.signMessageHashRecoverableCompact(privateKey, hash)
    if (typeof signed === 'string') throw new BytesError(signed)
    return { compact: signed.signature, recovery: signed.recoveryId === 1 ? 1 : 0 }
  }
  const signed = noble.sign(hash, privateKey, { prehash: false, format: 'recovered' })
  return { compact: signed.slice(1), recovery: signed[0] === 1 ? 1 : 0 }
}

/** Uncompressed public key without its prefix (64 bytes). Throws `BytesError` for an invalid private key. */
export function privateKeyToPublicKey(privateKey: Uint8Array): Uint8Array {
  if (!noble.utils.isValidSecretKey(privateKey)) {
    throw new BytesError('Private key must be in 1 to n - 1.')
  }
  const key = wasm?.derivePublicKeyUncompressed(privateKey) ?? noble.getPublicKey(privateKey, false)
  if (typeof key === 'string') throw new BytesError(key)
  return key.slice(1)
}

/** Address of 20 bytes. */
export function privateKeyToAddress(privateKey: Uint8Array): Uint8Array {
  return keccak256(privateKeyToPublicKey(privateKey)).slice(12)
}

function recoverSlowly(
  hash: Uint8Array,
  compact: Uint8Array,
  recovery: 0 | 1,
): Uint8Array | undefined {
  const signature = new Uint8Array(65)
  signature[0] = recovery
  signature.set(compact, 1)
  try {
    const parsed = noble.Signature.fromBytes(signature, 'recovered')
    return parsed.recoverPublicKey(hash).toBytes(false).subarray(1)
  } catch {
    return undefined
  }
}
