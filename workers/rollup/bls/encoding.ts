/** Compressed points as in messages, and the forms of EIP-2537 that L1's precompiles take. */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { BaseError } from '../../kernel/errors.ts'
import { bigintToBytes, bytesToBigint, concatBytes } from '../bytes.ts'

export const SECRET_KEY_SIZE = 32
/** Compressed G1. */
export const PUBLIC_KEY_SIZE = 48
/** Compressed G2. */
export const SIGNATURE_SIZE = 96
/** G1 of EIP-2537: two field elements of 64 bytes. */
export const PUBLIC_KEY_EVM_SIZE = 128
/** G2 of EIP-2537: four field elements of 64 bytes, c0 before c1. */
export const SIGNATURE_EVM_SIZE = 256

const FIELD_EVM_SIZE = 64
const COMPRESSED_FLAG = 0x80
const INFINITY_FLAG = 0x40

/** Whether the bytes have the size and flags of a compressed point other than infinity. Not yet that it is on the curve. */
export function isPresentPoint(bytes: Uint8Array, size: number): boolean {
  const flags = bytes[0] ?? 0
  return bytes.length === size && (flags & COMPRESSED_FLAG) !== 0 && (flags & INFINITY_FLAG) === 0
}

/** 48 → 128 bytes. Throws `BlsEncodingError` for a point at infinity, off the curve or outside the subgroup. */
export function publicKeyToEvm(publicKey: Uint8Array): Uint8Array {
  const { x, y } = parse('public key', () => presentG1(publicKey).toAffine())
  return concatBytes(fieldToEvm(x), fieldToEvm(y))
}

/** 128 → 48 bytes. Throws `BlsEncodingError`. */
export function publicKeyFromEvm(encoded: Uint8Array): Uint8Array {
  return parse('public key', () => {
    const [x, y] = evmToFields(encoded, PUBLIC_KEY_EVM_SIZE)
    const point = bls12_381.G1.Point.fromAffine({ x: x ?? 0n, y: y ?? 0n })
    point.assertValidity()
    return point.toBytes()
  })
}

/** 96 → 256 bytes. Throws `BlsEncodingError` for a point at infinity, off the curve or outside the subgroup. */
export function signatureToEvm(signature: Uint8Array): Uint8Array {
  const { x, y } = parse('signature', () => presentG2(signature).toAffine())
  return concatBytes(fieldToEvm(x.c0), fieldToEvm(x.c1), fieldToEvm(y.c0), fieldToEvm(y.c1))
}

/** 256 → 96 bytes. Throws `BlsEncodingError`. */
export function signatureFromEvm(encoded: Uint8Array): Uint8Array {
  return parse('signature', () => {
    const [x0 = 0n, x1 = 0n, y0 = 0n, y1 = 0n] = evmToFields(encoded, SIGNATURE_EVM_SIZE)
    const { Fp2 } = bls12_381.fields
    const point = bls12_381.G2.Point.fromAffine({
      x: Fp2.create({ c0: x0, c1: x1 }),
      y: Fp2.create({ c0: y0, c1: y1 }),
    })
    point.assertValidity()
    return point.toBytes()
  })
}

function presentG1(bytes: Uint8Array) {
  if (!isPresentPoint(bytes, PUBLIC_KEY_SIZE)) throw new BlsEncodingError('Not a compressed point.')
  const point = bls12_381.G1.Point.fromBytes(bytes)
  point.assertValidity()
  return point
}

function presentG2(bytes: Uint8Array) {
  if (!isPresentPoint(bytes, SIGNATURE_SIZE)) throw new BlsEncodingError('Not a compressed point.')
  const point = bls12_381.G2.Point.fromBytes(bytes)
  point.assertValidity()
  return point
}

function fieldToEvm(value: bigint): Uint8Array {
  return bigintToBytes(value, FIELD_EVM_SIZE)
}

function evmToFields(encoded: Uint8Array, size: number): readonly bigint[] {
  if (encoded.length !== size) {
    throw new BlsEncodingError(`${encoded.length} bytes, must be ${size}.`)
  }
  const count = size / FIELD_EVM_SIZE
  return Array.from({ length: count }, (_, index) => {
    const value = bytesToBigint(
      encoded.subarray(index * FIELD_EVM_SIZE, (index + 1) * FIELD_EVM_SIZE),
    )
    if (value < bls12_381.fields.Fp.ORDER) return value
    throw new BlsEncodingError(`Field element ${index} is not below the modulus.`)
  })
}

function parse<Value>(what: string, read: () => Value): Value {
  try {
    return read()
  } catch (cause) {
    throw new BlsEncodingError(`The ${what} is not a valid point of its group.`, { cause })
  }
}

/** Bytes that are not an encoding of a point of the right group. */
export class BlsEncodingError extends BaseError {
  override readonly name = 'BlsEncodingError'
}
