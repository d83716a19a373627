/** Roots of unity and Fourier transforms over the scalar field, for the domains of EIP-7594. */
import { FFT, type FFTMethods, rootsOfUnity } from '@noble/curves/abstract/fft.js'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { compareBytes, word } from '../bytes.ts'

export const { Fr } = bls12_381.fields
/** Generator of the multiplicative group; also the shift of cosets. */
export const GENERATOR = 7n
/** 8,192 = 2^13 points: the blob and its extension. */
export const EXTENDED_BITS = 13
export const EXTENDED_SIZE = 8_192
export const CELL_INDEX_BITS = 7

const MODULUS = word(Fr.ORDER)

const roots = rootsOfUnity(Fr, GENERATOR)

/** Transforms of any power of two of scalars. */
export const fft: FFTMethods<bigint> = FFT(roots, Fr)

/** The 2^bits roots of unity, as powers of the first. */
export function rootsOf(bits: number): readonly bigint[] {
  return roots.roots(bits)
}

/** noble's table of roots, for its polynomials. */
export const rootTable = roots

/** p(x) → p(factor · x). */
export function shift(coefficients: readonly bigint[], factor: bigint): bigint[] {
  let power = 1n
  return coefficients.map((coefficient) => {
    const shifted = Fr.mul(coefficient, power)
    power = Fr.mul(power, factor)
    return shifted
  })
}

/** Whether 32 bytes are below the modulus. Libraries that reduce instead would let one value have two encodings. */
export function isCanonicalElement(bytes: Uint8Array): boolean {
  return compareBytes(bytes, MODULUS) < 0
}
