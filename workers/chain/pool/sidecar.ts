/** The network encoding of blob transactions (EIP-4844, EIP-7594): the transaction with its blobs, which blocks leave out. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, equalBytes } from '../../rollup/bytes.ts'
import { decodeRlp } from '../../rollup/transaction/rlp.ts'
import { InvalidTransactionError } from '../../rollup/transaction/transaction.ts'
import { type RlpItem, rlpEncode } from '../../rollup/trie/rlp.ts'
import { kzgPort, loadKzg } from '../evm/kzg.ts'

export interface BlobSidecar {
  /** 131,072 bytes each. */
  readonly blobs: readonly Uint8Array[]
  /** KZG commitments, 48 bytes each. */
  readonly commitments: readonly Uint8Array[]
}

export interface NetworkTransaction {
  /** As blocks contain it. */
  readonly raw: Uint8Array
  readonly sidecar?: BlobSidecar
}

const BLOB_SIZE = 131_072
const COMMITMENT_SIZE = 48

/** Splits blobs off a transaction; any other passes as it is. Throws `InvalidTransactionError`. */
export function splitSidecar(bytes: Uint8Array): NetworkTransaction {
  if (bytes[0] !== 3) return { raw: bytes }
  const fields = decodeRlp(bytes.subarray(1))
  if (fields instanceof Uint8Array || fields[0] instanceof Uint8Array || fields[0] === undefined) {
    return { raw: bytes }
  }
  // EIP-7594 puts a version between transaction and blobs; EIP-4844 did not.
  const [body, ...rest] = fields
  const parts = rest[0] instanceof Uint8Array ? rest.slice(1) : rest
  if (parts.length !== 3)
    throw invalid(`The blob wrapper has ${fields.length} fields; 4 or 5 are valid.`)
  const blobs = sized(parts[0], BLOB_SIZE)
  const commitments = sized(parts[1], COMMITMENT_SIZE)
  if (blobs.length !== commitments.length)
    throw invalid('There must be one commitment for each blob.')
  return {
    raw: concatBytes(Uint8Array.of(3), rlpEncode(body ?? [])),
    sidecar: { blobs, commitments },
  }
}

/** Throws `InvalidTransactionError` unless each versioned hash is that of its blob's own commitment. */
export async function checkSidecar(
  sidecar: BlobSidecar,
  versionedHashes: readonly Uint8Array[],
): Promise<void> {
  if (sidecar.commitments.length !== versionedHashes.length) {
    throw invalid('There must be one blob for each versioned hash.')
  }
  await loadKzg()
  for (const [index, commitment] of sidecar.commitments.entries()) {
    const blob = sidecar.blobs[index] ?? new Uint8Array(0)
    const expected = versionedHashes[index] ?? new Uint8Array(0)
    if (!equalBytes(versionedHash(commitment), expected)) {
      throw invalid(`Blob ${index} has another commitment than the transaction names.`)
    }
    if (commitmentOf(blob) !== bytesToHex(commitment)) {
      throw invalid(`Commitment ${index} is not that of its blob.`)
    }
  }
}

/** EIP-4844: 0x01 and the last 31 bytes of the commitment's sha256. */
export function versionedHash(commitment: Uint8Array): Uint8Array {
  const hash = sha256(commitment)
  hash[0] = 1
  return hash
}

function commitmentOf(blob: Uint8Array): string {
  try {
    return kzgPort.blobToKzgCommitment(bytesToHex(blob))
  } catch (error) {
    throw invalid('A blob holds a number outside the field.', error)
  }
}

function sized(item: RlpItem | undefined, size: number): Uint8Array[] {
  if (item === undefined || item instanceof Uint8Array) throw invalid('A list of blobs is missing.')
  return item.map((bytes) => {
    if (bytes instanceof Uint8Array && bytes.length === size) return bytes
    throw invalid(`A blob or commitment does not have ${size} bytes.`)
  })
}

function invalid(message: string, cause?: unknown): InvalidTransactionError {
  return new InvalidTransactionError('invalidBlobs', message, { cause })
}
