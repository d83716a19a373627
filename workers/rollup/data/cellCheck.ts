/** Whether cells belong to a commitment, all in one pairing check (EIP-7594's verify_cell_kzg_proof_batch). */
import { reverseBits } from '@noble/curves/abstract/fft.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { CELL_COUNT, FIELD_ELEMENTS_PER_CELL } from '../batch/geometry.ts'
import { bytesToBigint, concatBytes, numberToBytes, utf8ToBytes } from '../bytes.ts'
import type { Curve, Points } from './curve.ts'
import { CELL_INDEX_BITS, EXTENDED_BITS, EXTENDED_SIZE, Fr, fft, rootsOf, shift } from './domain.ts'
import { readElements } from './recovery.ts'

/** Structurally `Cell` of protocol/messages.ts; the rules may not import the protocol. */
export interface ProvenCell {
  readonly index: number
  /** 2,048 bytes. */
  readonly bytes: Uint8Array
  /** 48 bytes. */
  readonly proof: Uint8Array
}

/** Points that a check needs; `work` has room for a commitment, 64 powers, 128 proofs and three sums. */
export interface CheckPoints {
  /** [τ⁰]₁ to [τ⁶³]₁. */
  readonly powers: Points
  /** [1]₂ and [τ⁶⁴]₂. */
  readonly generator: Points
  readonly power64: Points
  readonly work: Points
}

export const WORK_POINTS = 1 + FIELD_ELEMENTS_PER_CELL + 2 * CELL_COUNT + 2

const DOMAIN = utf8ToBytes('RCKZGCBATCH__V1_')

/** Cells must be well-formed (`areWellFormed`). Points that are none fail. */
export function checkCells(
  curve: Curve,
  points: CheckPoints,
  commitment: Uint8Array,
  cells: readonly ProvenCell[],
): boolean {
  const { powers, work } = points
  // Layout of `work`: commitment, powers, proofs; behind them the two sums.
  if (!curve.decode(work, commitment)) return false
  for (let index = 0; index < powers.count; index++) {
    curve.copy(curve.at(work, 1 + index), curve.at(powers, index))
  }
  const proofs = curve.at(work, 1 + powers.count)
  const areProofs = cells.every((cell, index) => curve.decode(curve.at(proofs, index), cell.proof))
  if (!areProofs) return false
  const weights = weightsOf(commitment, cells)
  const left = curve.at(work, WORK_POINTS - 2)
  const right = curve.at(work, WORK_POINTS - 1)
  curve.sum(left, work, leftScalars(cells, weights))
  // Negated, so that the product of both pairings is one.
  curve.sum(
    right,
    proofs,
    weights.map((value) => Fr.neg(value)),
  )
  return curve.isPairingOne([left, right], [points.generator, points.power64])
}

/** Scalars of commitment, powers and proofs: Σr^k·C − I(τ) + Σr^k·h_k·π_k. */
function leftScalars(cells: readonly ProvenCell[], weights: readonly bigint[]): readonly bigint[] {
  const total = weights.reduce((sum, weight) => Fr.add(sum, weight), 0n)
  const roots = rootsOf(EXTENDED_BITS)
  const shifts = cells.map(({ index }, position) => {
    const root = roots[reverseBits(index, CELL_INDEX_BITS) * FIELD_ELEMENTS_PER_CELL] ?? 1n
    return Fr.mul(weights[position] ?? 0n, root)
  })
  return [total, ...interpolation(cells, weights).map((value) => Fr.neg(value)), ...shifts]
}

/** Coefficients of the weighted sum of the polynomials that interpolate each cell. */
function interpolation(
  cells: readonly ProvenCell[],
  weights: readonly bigint[],
): readonly bigint[] {
  const roots = rootsOf(EXTENDED_BITS)
  const sum = new Array<bigint>(FIELD_ELEMENTS_PER_CELL).fill(0n)
  cells.forEach((cell, position) => {
    const coset = reverseBits(cell.index, CELL_INDEX_BITS)
    const inverse = roots[(EXTENDED_SIZE - coset) % EXTENDED_SIZE] ?? 1n
    const weight = weights[position] ?? 0n
    const values = readElements(cell.bytes).map((value) => Fr.mul(value, weight))
    shift(fft.inverse(values, true), inverse).forEach((coefficient, power) => {
      sum[power] = Fr.add(sum[power] ?? 0n, coefficient)
    })
  })
  return sum
}

/** Powers of a challenge that commits to everything that is checked. */
function weightsOf(commitment: Uint8Array, cells: readonly ProvenCell[]): readonly bigint[] {
  const transcript = concatBytes(
    DOMAIN,
    ...[FIELD_ELEMENTS_PER_CELL, 1, cells.length].map(uint64),
    commitment,
    ...cells.map(() => uint64(0)),
    ...cells.map((cell) => uint64(cell.index)),
    ...cells.map((cell) => cell.bytes),
    ...cells.map((cell) => cell.proof),
  )
  const challenge = bytesToBigint(sha256(transcript)) % Fr.ORDER
  let power = 1n
  return cells.map(() => {
    const weight = power
    power = Fr.mul(power, challenge)
    return weight
  })
}

function uint64(value: number): Uint8Array {
  return numberToBytes(value, 8)
}
