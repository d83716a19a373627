import { sha256 } from '@noble/hashes/sha2.js'

const KZG_VERSION = 1

/** EIP-4844: sha256 of the commitment with its first byte replaced by the version. */
export function versionedHash(commitment: Uint8Array): Uint8Array {
  const hash = sha256(commitment)
  hash[0] = KZG_VERSION
  return hash
}
