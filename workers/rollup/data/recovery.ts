/** Erasure recovery of a blob from at least 64 of its 128 cells (EIP-7594), without proofs: field arithmetic alone. */
import { poly, reverseBits } from '@noble/curves/abstract/fft.js'
import { BaseError } from '../../kernel/errors.ts'
import {
  BLOB_SIZE,
  CELL_COUNT,
  CELL_SIZE,
  DATA_CELL_COUNT,
  FIELD_ELEMENT_SIZE,
  FIELD_ELEMENTS_PER_CELL,
} from '../batch/geometry.ts'

import { bytesToBigint } from '../bytes.ts'
import {
  CELL_INDEX_BITS,
  EXTENDED_BITS,
  EXTENDED_SIZE,
  Fr,
  fft,
  GENERATOR,
  isCanonicalElement,
  rootsOf,
  rootTable,
  shift,
} from './domain.ts'

const polynomials = poly(Fr, rootTable, undefined, fft)

/** Structurally `Cell` of protocol/messages.ts without the proof. */
export interface IndexedCell {
  readonly index: number
  /** 2,048 bytes. */
  readonly bytes: Uint8Array
}

/**
 * The blob of these cells. Indices must ascend. Throws `RecoveryError` for fewer than 64 cells, for a wrong index or
 * size, for a field element that is not canonical, and for cells that do not belong to one blob.
 */
export function recoverBlob(cells: readonly IndexedCell[]): Uint8Array {
  assertCells(cells)
  if (
    cells[DATA_CELL_COUNT - 1]?.index === DATA_CELL_COUNT - 1 &&
    cells.length === DATA_CELL_COUNT
  ) {
    return joinDataCells(cells.map((cell) => cell.bytes))
  }
  const coefficients = cells.length === CELL_COUNT ? interpolate(cells) : solve(cells)
  if (coefficients.slice(EXTENDED_SIZE / 2).some((value) => value !== 0n)) {
    throw new RecoveryError('The cells do not belong to one blob.')
  }
  const values = fft.direct([...coefficients], false, true)
  const blob = new Uint8Array(BLOB_SIZE)
  for (let index = 0; index < EXTENDED_SIZE / 2; index++) {
    blob.set(Fr.toBytes(values[index] ?? 0n), index * FIELD_ELEMENT_SIZE)
  }
  return blob
}

/** Throws `RecoveryError` unless indices ascend within 0 to 127 and every cell has 2,048 bytes. */
export function assertCellOrder(cells: readonly IndexedCell[]): void {
  cells.forEach((cell, position) => {
    const previous = cells[position - 1]?.index ?? -1
    if (!Number.isInteger(cell.index) || cell.index <= previous || cell.index >= CELL_COUNT) {
      throw new RecoveryError(
        `Cell index ${cell.index} after ${previous}: indices must ascend below ${CELL_COUNT}.`,
      )
    }
    if (cell.bytes.length !== CELL_SIZE) {
      throw new RecoveryError(
        `Cell ${cell.index} has ${cell.bytes.length} bytes, must have ${CELL_SIZE}.`,
      )
    }
  })
}

function assertCells(cells: readonly IndexedCell[]): void {
  if (cells.length < DATA_CELL_COUNT) {
    throw new RecoveryError(`${cells.length} cells, need at least ${DATA_CELL_COUNT}.`)
  }
  assertCellOrder(cells)
}

function joinDataCells(cells: readonly Uint8Array[]): Uint8Array {
  const blob = new Uint8Array(BLOB_SIZE)
  cells.forEach((cell, index) => {
    readElements(cell)
    blob.set(cell, index * CELL_SIZE)
  })
  return blob
}

/** Coefficients of the polynomial through all 128 cells. */
function interpolate(cells: readonly IndexedCell[]): readonly bigint[] {
  const values = cells.flatMap((cell) => readElements(cell.bytes))
  return fft.inverse(values, true)
}

/** EIP-7594's recover_polynomialcoeff: divide by the polynomial that vanishes where cells are missing, on a coset. */
function solve(cells: readonly IndexedCell[]): readonly bigint[] {
  const vanishing = vanishingPolynomial(cells)
  const vanishingValues = fft.direct([...vanishing])
  const products = new Array<bigint>(EXTENDED_SIZE).fill(0n)
  for (const cell of cells) {
    readElements(cell.bytes).forEach((value, offset) => {
      const at = reverseBits(cell.index * FIELD_ELEMENTS_PER_CELL + offset, EXTENDED_BITS)
      products[at] = Fr.mul(value, vanishingValues[at] ?? 0n)
    })
  }
  const numerators = fft.direct(shift(fft.inverse(products), GENERATOR))
  const denominators = Fr.invertBatch(fft.direct(shift(vanishing, GENERATOR)))
  const quotients = numerators.map((value, index) => Fr.mul(value, denominators[index] ?? 0n))
  return shift(fft.inverse(quotients), Fr.inv(GENERATOR))
}

function vanishingPolynomial(cells: readonly IndexedCell[]): bigint[] {
  const roots = rootsOf(EXTENDED_BITS)
  const present = new Set(cells.map((cell) => cell.index))
  const missing: bigint[] = []
  for (let index = 0; index < CELL_COUNT; index++) {
    const root = roots[reverseBits(index, CELL_INDEX_BITS) * FIELD_ELEMENTS_PER_CELL]
    if (!present.has(index) && root !== undefined) missing.push(root)
  }
  const sparse = new Array<bigint>(EXTENDED_SIZE).fill(0n)
  polynomials.vanishing(missing).forEach((coefficient, power) => {
    if (coefficient !== 0n) sparse[power * FIELD_ELEMENTS_PER_CELL] = coefficient
  })
  return sparse
}

/** The 64 field elements of a cell. Throws `RecoveryError` for one that is not canonical. */
export function readElements(cell: Uint8Array): bigint[] {
  return Array.from({ length: FIELD_ELEMENTS_PER_CELL }, (_, index) => {
    const bytes = cell.subarray(index * FIELD_ELEMENT_SIZE, (index + 1) * FIELD_ELEMENT_SIZE)
    if (!isCanonicalElement(bytes)) {
      throw new RecoveryError(`Field element ${index} of a cell is not canonical.`)
    }
    return bytesToBigint(bytes)
  })
}

/** Too few cells, or cells that are malformed or do not belong together. */
export class RecoveryError extends BaseError {
  override readonly name = 'RecoveryError'
}
