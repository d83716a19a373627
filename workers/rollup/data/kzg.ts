/** KZG commitments and cells (EIP-4844, EIP-7594) over bytes. The 3 MB setup loads on first use. */
import { reverseBits } from '@noble/curves/abstract/fft.js'
import { BaseError } from '../../kernel/errors.ts'
import { BLOB_SIZE, CELL_COUNT, CELL_SIZE, FIELD_ELEMENT_SIZE } from '../batch/geometry.ts'
import { bytesToBigint, bytesToHex, word } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'
import { createMemo } from '../memo.ts'
import { checkCells, type ProvenCell } from './cellCheck.ts'
import { proveCells } from './cellProofs.ts'
import { EXTENDED_BITS, EXTENDED_SIZE, fft, isCanonicalElement } from './domain.ts'
import { assertCellOrder, RecoveryError, recoverBlob } from './recovery.ts'
import { type KzgSetup, loadSetup } from './setup.ts'

export type { ProvenCell } from './cellCheck.ts'

/** Cells without proofs are an erasure code alone: they need no setup. */
export interface CellCoder {
  /** The 128 cells without proofs. Throws `KzgError`. */
  computeCells(blob: Uint8Array): readonly Uint8Array[]
}

export interface Kzg extends CellCoder {
  /** 48 bytes. Throws `KzgError` for a blob of a wrong size or with an element that is not canonical. */
  blobToCommitment(blob: Uint8Array): Uint8Array
  /** The 128 cells with proofs; takes a second. Throws `KzgError`. */
  cellsAndProofs(blob: Uint8Array): readonly ProvenCell[]
  /** Whether every cell belongs to the commitment. Total: indices that do not ascend, wrong sizes and bad points fail. */
  verifyCells(commitment: Uint8Array, cells: readonly ProvenCell[]): boolean
  /** All 128 cells with proofs from at least 64; takes a second. Throws `RecoveryError`. */
  recover(cells: readonly ProvenCell[]): readonly ProvenCell[]
}

/** Blobs whose commitment, and whose cells, one worker remembers: the batches under way. */
const BLOBS_KNOWN_MAX = 8

let loading: Promise<Kzg> | undefined

/** May be called often; it loads once. Throws `KzgSetupError` if the setup is not the pinned one. */
export function loadKzg(): Promise<Kzg> {
  loading ??= loadSetup().then(createKzg)
  return loading
}

/**
 * Results are pure functions of the blob, so logical nodes that share a worker share them, keyed by the blob's hash.
 * What is forgotten is computed again.
 */
function createKzg({ curve, lagrange, proof, check }: KzgSetup): Kzg {
  const commitments = createMemo<Uint8Array>(BLOBS_KNOWN_MAX)
  const { computeCells } = createCellCoder()
  const sum = curve.allocate(1)
  const cellsAndProofs = (blob: Uint8Array) => {
    const proofs = proveCells(curve, proof, coefficientsOf(blob))
    return computeCells(blob).map((bytes, index) => ({
      index,
      bytes,
      proof: proofs[index] ?? new Uint8Array(0),
    }))
  }
  return {
    computeCells,
    cellsAndProofs,
    blobToCommitment: (blob) =>
      commitments.recall(keyOf(blob), () => {
        const values = readBlob(blob)
        const end = values.findLastIndex((value) => value !== 0n) + 1
        curve.clear(sum)
        if (end > 0) curve.sum(sum, lagrange, values.slice(0, end))
        return curve.encode(sum)
      }),
    recover: (cells) => cellsAndProofs(recoverBlob(cells)),
    verifyCells: (commitment, cells) =>
      areWellFormed(cells) && checkCells(curve, check, commitment, cells),
  }
}

/** Ready at once, unlike `loadKzg`. Remembers the last blobs. */
export function createCellCoder(): CellCoder {
  const known = createMemo<readonly Uint8Array[]>(BLOBS_KNOWN_MAX)
  return {
    computeCells: (blob) => known.recall(keyOf(blob), () => extend(coefficientsOf(blob))),
  }
}

const keyOf = (blob: Uint8Array) => bytesToHex(keccak256(blob))

/** The polynomial whose values at the roots of unity, in bit-reversed order, are the blob's elements. */
function coefficientsOf(blob: Uint8Array): readonly bigint[] {
  return fft.inverse([...readBlob(blob)], true)
}

function extend(coefficients: readonly bigint[]): readonly Uint8Array[] {
  const padded = [
    ...coefficients,
    ...new Array<bigint>(EXTENDED_SIZE - coefficients.length).fill(0n),
  ]
  const values = fft.direct(padded)
  const extended = new Uint8Array(CELL_COUNT * CELL_SIZE)
  for (let index = 0; index < EXTENDED_SIZE; index++) {
    const value = values[reverseBits(index, EXTENDED_BITS)] ?? 0n
    extended.set(word(value), index * FIELD_ELEMENT_SIZE)
  }
  return Array.from({ length: CELL_COUNT }, (_, index) =>
    extended.slice(index * CELL_SIZE, (index + 1) * CELL_SIZE),
  )
}

function readBlob(blob: Uint8Array): readonly bigint[] {
  if (blob.length !== BLOB_SIZE) {
    throw new KzgError(`A blob has ${BLOB_SIZE} bytes, not ${blob.length}.`)
  }
  return Array.from({ length: BLOB_SIZE / FIELD_ELEMENT_SIZE }, (_, index) => {
    const bytes = blob.subarray(index * FIELD_ELEMENT_SIZE, (index + 1) * FIELD_ELEMENT_SIZE)
    if (isCanonicalElement(bytes)) return bytesToBigint(bytes)
    throw new KzgError(`Field element ${index} of the blob is not canonical.`)
  })
}

function areWellFormed(cells: readonly ProvenCell[]): boolean {
  try {
    assertCellOrder(cells)
  } catch (error) {
    if (error instanceof RecoveryError) return false
    throw error
  }
  return cells.length > 0 && cells.length <= CELL_COUNT && cells.every(hasCanonicalElements)
}

function hasCanonicalElements({ bytes }: ProvenCell): boolean {
  for (let start = 0; start < bytes.length; start += FIELD_ELEMENT_SIZE) {
    if (!isCanonicalElement(bytes.subarray(start, start + FIELD_ELEMENT_SIZE))) return false
  }
  return true
}

/** A blob that has no commitment. */
export class KzgError extends BaseError {
  override readonly name = 'KzgError'
}
