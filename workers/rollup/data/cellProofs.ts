/** All 128 cell proofs of a polynomial at once: FK20 (Feist and Khovratovich, "Fast amortized KZG proofs"), as EIP-7594 has it. */
import { reverseBits } from '@noble/curves/abstract/fft.js'
import { CELL_COUNT, DATA_CELL_COUNT, FIELD_ELEMENTS_PER_CELL } from '../batch/geometry.ts'
import type { Curve, Points } from './curve.ts'
import { CELL_INDEX_BITS, Fr, fft, rootsOf } from './domain.ts'

const BLOB_ELEMENTS = DATA_CELL_COUNT * FIELD_ELEMENTS_PER_CELL

export interface ProofPoints {
  /** [τ⁰]₁ to [τ⁴⁰⁹⁵]₁. */
  readonly powers: Points
  /** 128 rows of 64 points: the transform of the setup's powers, made once with the ceremony's files. */
  readonly table: Points
  /** Room for `PROOF_WORK_POINTS`. */
  readonly work: Points
}

/** 128 quotients, 128 copies, and behind them a pair and a single point. */
export const PROOF_WORK_POINTS = 2 * CELL_COUNT + 3

/** Proofs in the order of the cells, 48 bytes each. */
export function proveCells(
  curve: Curve,
  points: ProofPoints,
  coefficients: readonly bigint[],
): readonly Uint8Array[] {
  const quotients = curve.at(points.work, 0)
  const isShort = coefficients.every(
    (value, index) => value === coefficients[index % FIELD_ELEMENTS_PER_CELL],
  )
  if (isShort) proveShort(curve, points, coefficients)
  else proveAny(curve, points, coefficients)
  return Array.from({ length: CELL_COUNT }, (_, index) =>
    curve.encode(curve.at(quotients, reverseBits(index, CELL_INDEX_BITS))),
  )
}

function proveAny(
  curve: Curve,
  { table, work }: ProofPoints,
  coefficients: readonly bigint[],
): void {
  const quotients = curve.at(work, 0)
  const copies = curve.at(work, CELL_COUNT)
  toeplitzRows(coefficients).forEach((row, index) => {
    const points = curve.at(table, index * FIELD_ELEMENTS_PER_CELL)
    curve.sum(curve.at(quotients, index), points, row)
  })
  transform({ curve, points: quotients, copies }, inverseRoots())
  // The upper half of the circulant's product is no part of the quotient.
  for (let index = DATA_CELL_COUNT; index < CELL_COUNT; index++)
    curve.clear(curve.at(quotients, index))
  transform({ curve, points: quotients, copies }, rootsOf(CELL_INDEX_BITS))
}

/**
 * A blob with nothing beyond its first cell, as light batches are, in half the time.
 * Rationale: with y = x⁶⁴, such a polynomial is w(x)·(y⁶³ + … + y + 1), for it is zero at all other 64th roots of unity. Its quotient for
 * the cell with y = c is Σ Zₗ·(c⁶³⁻ˡ − 1)/(c − 1) with Zₗ = [w(τ)·τ⁶⁴ˡ]₁: 64 sums instead of 128, and one transform instead of two.
 */
function proveShort(
  curve: Curve,
  { powers, work }: ProofPoints,
  coefficients: readonly bigint[],
): void {
  const quotients = curve.at(work, 0)
  const copies = curve.at(work, CELL_COUNT)
  const pair = curve.at(work, 2 * CELL_COUNT)
  const first = curve.at(work, 2 * CELL_COUNT + 2)
  const row = coefficients.slice(0, FIELD_ELEMENTS_PER_CELL)
  const last = DATA_CELL_COUNT - 1
  for (let step = 0; step <= last; step++) {
    const target = curve.at(quotients, last - step)
    curve.sum(target, curve.at(powers, step * FIELD_ELEMENTS_PER_CELL), row)
  }
  for (let index = DATA_CELL_COUNT; index < CELL_COUNT; index++)
    curve.clear(curve.at(quotients, index))
  // At c = 1 the fraction is its limit, 63 − l.
  curve.sum(
    first,
    quotients,
    Array.from({ length: DATA_CELL_COUNT }, (_, step) => BigInt(step)),
  )
  const roots = rootsOf(CELL_INDEX_BITS)
  transform({ curve, points: quotients, copies }, roots)
  curve.copy(curve.at(pair, 1), quotients)
  for (let index = 1; index < CELL_COUNT; index++) {
    const scale = Fr.inv(Fr.sub(roots[index] ?? 0n, 1n))
    const quotient = curve.at(quotients, index)
    curve.copy(pair, quotient)
    curve.sum(quotient, pair, [scale, Fr.neg(scale)])
  }
  curve.copy(quotients, first)
}

/** Scalars of the 128 sums, already divided by 128 for the inverse transform that follows. */
function toeplitzRows(coefficients: readonly bigint[]): readonly (readonly bigint[])[] {
  const divisor = Fr.inv(BigInt(CELL_COUNT))
  const rows = Array.from({ length: CELL_COUNT }, () =>
    new Array<bigint>(FIELD_ELEMENTS_PER_CELL).fill(0n),
  )
  for (let offset = 0; offset < FIELD_ELEMENTS_PER_CELL; offset++) {
    const column = new Array<bigint>(CELL_COUNT).fill(0n)
    column[0] = coefficients[BLOB_ELEMENTS - 1 - offset] ?? 0n
    for (let step = 0; step < DATA_CELL_COUNT - 2; step++) {
      const power = (step + 2) * FIELD_ELEMENTS_PER_CELL - offset - 1
      column[DATA_CELL_COUNT + 2 + step] = coefficients[power] ?? 0n
    }
    fft.direct(column).forEach((value, index) => {
      const row = rows[index]
      if (row !== undefined) row[offset] = Fr.mul(value, divisor)
    })
  }
  return rows
}

function inverseRoots(): readonly bigint[] {
  const [one = 1n, ...others] = rootsOf(CELL_INDEX_BITS)
  return [one, ...others.reverse()]
}

interface Workspace {
  readonly curve: Curve
  readonly points: Points
  readonly copies: Points
}

/** Fourier transform in place over 128 points, natural order in and out. */
function transform(workspace: Workspace, roots: readonly bigint[]): void {
  permute(workspace)
  const { curve, points } = workspace
  for (let half = 1; half < CELL_COUNT; half *= 2) {
    for (let start = 0; start < CELL_COUNT; start += 2 * half) {
      for (let index = 0; index < half; index++) {
        const root = roots[(index * CELL_COUNT) / (2 * half)] ?? 1n
        curve.butterfly(
          curve.at(points, start + index),
          curve.at(points, start + index + half),
          root,
        )
      }
    }
  }
}

function permute({ curve, points, copies }: Workspace): void {
  for (let index = 0; index < CELL_COUNT; index++)
    curve.copy(curve.at(copies, index), curve.at(points, index))
  for (let index = 0; index < CELL_COUNT; index++) {
    curve.copy(curve.at(points, index), curve.at(copies, reverseBits(index, CELL_INDEX_BITS)))
  }
}
