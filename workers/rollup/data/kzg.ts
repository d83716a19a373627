/** KZG commitments and cells (EIP-4844, EIP-7594) over bytes, on micro-eth-signer. The 3 MB setup loads on first use. */
import { BaseError } from '../../kernel/errors.ts'
import { BLOB_SIZE, CELL_COUNT, FIELD_ELEMENT_SIZE } from '../batch/geometry.ts'
import { bytesToHex, hexToBytes } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'
import { createMemo } from '../memo.ts'
import { assertCellOrder, isCanonicalElement, RecoveryError, recoverBlob } from './recovery.ts'
import { loadSetup } from './setup.ts'

/** Structurally `Cell` of protocol/messages.ts; the rules may not import the protocol. */
export interface ProvenCell {
  readonly index: number
  /** 2,048 bytes. */
  readonly bytes: Uint8Array
  /** 48 bytes. */
  readonly proof: Uint8Array
}

export interface Kzg {
  /** 48 bytes. Throws `KzgError` for a blob of a wrong size or with an element that is not canonical. */
  blobToCommitment(blob: Uint8Array): Uint8Array
  /** The 128 cells without proofs: hundred times cheaper. Throws `KzgError`. */
  computeCells(blob: Uint8Array): readonly Uint8Array[]
  /** The 128 cells with proofs; takes seconds. Throws `KzgError`. */
  cellsAndProofs(blob: Uint8Array): readonly ProvenCell[]
  /** Whether every cell belongs to the commitment. Total: indices that do not ascend, wrong sizes and bad points fail. */
  verifyCells(commitment: Uint8Array, cells: readonly ProvenCell[]): boolean
  /** All 128 cells with proofs from at least 64; takes seconds. Throws `RecoveryError`. */
  recover(cells: readonly ProvenCell[]): readonly ProvenCell[]
}

export const COMMITMENT_SIZE = 48
export const PROOF_SIZE = 48

/** Blobs whose commitment, and whose cells, one worker remembers: the batches under way. */
const BLOBS_KNOWN_MAX = 8

let loading: Promise<Kzg> | undefined

/** May be called often; it loads once. Throws `KzgSetupError` if the setup is not the pinned one. */
export function loadKzg(): Promise<Kzg> {
  loading ??= createKzg()
  return loading
}

/**
 * Results are pure functions of the blob, so logical nodes that share a worker share them, keyed by the blob's hash.
 * What is forgotten is computed again.
 */
async function createKzg(): Promise<Kzg> {
  const library = await loadSetup()
  const commitments = createMemo<Uint8Array>(BLOBS_KNOWN_MAX)
  const knownCells = createMemo<readonly Uint8Array[]>(BLOBS_KNOWN_MAX)
  const keyOf = (blob: Uint8Array) => bytesToHex(keccak256(assertedBlob(blob)))
  const cellsAndProofs = (blob: Uint8Array) => {
    const hex = bytesToHex(assertedBlob(blob))
    const [cells, proofs] = asKzgError('cells and proofs', () => library.computeCellsAndProofs(hex))
    return cells.map((cell, index) => ({
      index,
      bytes: hexToBytes(cell),
      proof: hexToBytes(proofs[index] ?? ''),
    }))
  }
  return {
    cellsAndProofs,
    blobToCommitment: (blob) =>
      commitments.recall(keyOf(blob), () =>
        hexToBytes(asKzgError('commitment', () => library.blobToKzgCommitment(bytesToHex(blob)))),
      ),
    computeCells: (blob) =>
      knownCells.recall(keyOf(blob), () =>
        asKzgError('cells', () => library.computeCells(bytesToHex(blob))).map(hexToBytes),
      ),
    recover: (cells) => cellsAndProofs(recoverBlob(cells)),
    verifyCells(commitment, cells) {
      if (cells.length === 0 || cells.length > CELL_COUNT || !areWellFormed(cells)) return false
      if (commitment.length !== COMMITMENT_SIZE) return false
      if (cells.some((cell) => cell.proof.length !== PROOF_SIZE)) return false
      const hex = bytesToHex(commitment)
      try {
        return library.verifyCellKzgProofBatch(
          cells.map(() => hex),
          cells.map((cell) => cell.index),
          cells.map((cell) => bytesToHex(cell.bytes)),
          cells.map((cell) => bytesToHex(cell.proof)),
        )
      } catch {
        return false
      }
    },
  }
}

function areWellFormed(cells: readonly ProvenCell[]): boolean {
  try {
    assertCellOrder(cells)
    return cells.every(hasCanonicalElements)
  } catch (error) {
    if (error instanceof RecoveryError) return false
    throw error
  }
}

function hasCanonicalElements({ bytes }: ProvenCell): boolean {
  for (let start = 0; start < bytes.length; start += FIELD_ELEMENT_SIZE) {
    if (!isCanonicalElement(bytes.subarray(start, start + FIELD_ELEMENT_SIZE))) return false
  }
  return true
}

function assertedBlob(blob: Uint8Array): Uint8Array {
  if (blob.length === BLOB_SIZE) return blob
  throw new KzgError(`A blob has ${BLOB_SIZE} bytes, not ${blob.length}.`)
}

function asKzgError<Value>(what: string, compute: () => Value): Value {
  try {
    return compute()
  } catch (cause) {
    throw new KzgError(`No ${what}: a field element of the blob is not canonical.`, { cause })
  }
}

/** A blob that has no commitment. */
export class KzgError extends BaseError {
  override readonly name = 'KzgError'
}
