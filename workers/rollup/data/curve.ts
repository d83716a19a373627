/**
 * BLS12-381's groups in the WebAssembly of bls-eth-wasm (mcl), for sums over thousands of points: five times faster than
 * JavaScript. Points live in the module's memory; a `Point` is their address. Its exports are not in the package's types, so
 * `kzg.test.ts` compares every result with micro-eth-signer.
 */
import { BaseError } from '../../kernel/errors.ts'
import { PUBLIC_KEY_SIZE } from '../bls/encoding.ts'
import { loadBlsLibrary } from '../bls/library.ts'
import { bigintToBytes, compareBytes, hexToBytes } from '../bytes.ts'

/** Address of `count` points one after the other. */
export interface Points {
  readonly address: number
  readonly count: number
}

export interface Curve {
  /** Points of G1 from "x y" in hexadecimal; trusted. */
  loadG1(texts: readonly string[]): Points
  /** A point of G2 from "x0,x1 y0,y1" in hexadecimal; trusted. */
  loadG2(texts: readonly string[]): Points
  /** Room for points of G1, for good: nothing is ever freed. */
  allocate(count: number): Points
  at(points: Points, index: number): Points
  /** `target` := Σ scalarᵢ · pointᵢ over the first `scalars.length` points. */
  sum(target: Points, points: Points, scalars: readonly bigint[]): void
  copy(target: Points, source: Points): void
  clear(target: Points): void
  /** (a, b) := (a + root·b, a − root·b), the step of a Fourier transform. */
  butterfly(a: Points, b: Points, root: bigint): void
  /** Compressed, 48 bytes. */
  encode(point: Points): Uint8Array
  /** False if the bytes are no canonical encoding of a point of the subgroup; infinity is one. */
  decode(target: Points, bytes: Uint8Array): boolean
  /** Whether e(a₀, b₀) · e(a₁, b₁) = 1. */
  isPairingOne(a: readonly Points[], b: readonly Points[]): boolean
}

const G1_SIZE = 144
const G2_SIZE = 288
const GT_SIZE = 576
const FIELD_SIZE = 48
const SCALAR_SIZE = 32
/** The most scalars that one sum has: a blob's elements. */
const SCALARS_MAX = 4_096
/** The field's modulus. */
const MODULUS = hexToBytes(
  '0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab',
)
const INFINITY_FLAGS = 0xc0

/** The functions of mcl's C interface that are used here; addresses are numbers. */
interface Mcl {
  readonly wasmMemory: { readonly buffer: ArrayBuffer }
  _malloc(size: number): number
  _mclBnFp_setBigEndianMod(target: number, bytes: number, size: number): number
  _mclBnFp_setInt32(target: number, value: number): void
  _mclBnFr_setBigEndianMod(target: number, bytes: number, size: number): number
  _mclBnG1_mulVec(target: number, points: number, scalars: number, count: number): void
  _mclBnG1_mul(target: number, point: number, scalar: number): void
  _mclBnG1_add(target: number, a: number, b: number): void
  _mclBnG1_sub(target: number, a: number, b: number): void
  _mclBnG1_clear(target: number): void
  _mclBnG1_serialize(bytes: number, size: number, point: number): number
  _mclBnG1_deserialize(target: number, bytes: number, size: number): number
  _mclBn_verifyOrderG1(isVerified: number): void
  _mclBn_millerLoopVec(target: number, a: number, b: number, count: number): void
  _mclBn_finalExp(target: number, value: number): void
  _mclBnGT_isOne(value: number): number
}

let loading: Promise<Curve> | undefined

/** May be called often; it loads once. Throws `CurveError` if the library lacks what is needed. */
export function loadCurve(): Promise<Curve> {
  loading ??= create()
  return loading
}

async function create(): Promise<Curve> {
  const { mod } = (await loadBlsLibrary()) as unknown as { readonly mod?: Mcl }
  if (typeof mod?._mclBnG1_mulVec !== 'function') {
    throw new CurveError('bls-eth-wasm does not expose the curve any more.')
  }
  mod._mclBn_verifyOrderG1(1)
  return createCurve(mod)
}

function createCurve(mcl: Mcl): Curve {
  const scalars = mcl._malloc(SCALARS_MAX * SCALAR_SIZE)
  const bytes = mcl._malloc(FIELD_SIZE)
  const product = mcl._malloc(G1_SIZE)
  const pairingG1 = mcl._malloc(2 * G1_SIZE)
  const pairingG2 = mcl._malloc(2 * G2_SIZE)
  const pairing = mcl._malloc(GT_SIZE)
  // Memory may have grown since the last call, which detaches views of it.
  const memory = () => new Uint8Array(mcl.wasmMemory.buffer)
  const writeScalar = (index: number, value: bigint): void => {
    memory().set(bigintToBytes(value, SCALAR_SIZE), bytes)
    mcl._mclBnFr_setBigEndianMod(scalars + index * SCALAR_SIZE, bytes, SCALAR_SIZE)
  }
  const writeField = (address: number, digits: string): void => {
    memory().set(hexToBytes(digits.padStart(2 * FIELD_SIZE, '0')), bytes)
    mcl._mclBnFp_setBigEndianMod(address, bytes, FIELD_SIZE)
  }
  const writePoint = (address: number, coordinates: readonly string[]): void => {
    coordinates.forEach((digits, index) => {
      writeField(address + index * FIELD_SIZE, digits)
    })
    mcl._mclBnFp_setInt32(address + coordinates.length * FIELD_SIZE, 1)
  }
  const copy = (to: number, from: number, size: number): void => {
    memory().copyWithin(to, from, from + size)
  }
  const allocate = (count: number): Points => {
    const address = mcl._malloc(count * G1_SIZE)
    memory().fill(0, address, address + count * G1_SIZE)
    return { address, count }
  }
  return {
    allocate,
    loadG1(texts) {
      const points = allocate(texts.length)
      texts.forEach((text, index) => {
        writePoint(points.address + index * G1_SIZE, strip(text).split(' '))
      })
      return points
    },
    loadG2(texts) {
      const address = mcl._malloc(texts.length * G2_SIZE)
      memory().fill(0, address, address + texts.length * G2_SIZE)
      texts.forEach((text, index) => {
        writePoint(address + index * G2_SIZE, strip(text).split(/[ ,]/))
      })
      return { address, count: texts.length }
    },
    at: ({ address }, index) => ({ address: address + index * G1_SIZE, count: 1 }),
    sum(target, points, values) {
      values.forEach((value, index) => {
        writeScalar(index, value)
      })
      mcl._mclBnG1_mulVec(target.address, points.address, scalars, values.length)
    },
    copy: (target, source) => copy(target.address, source.address, G1_SIZE),
    clear: (target) => mcl._mclBnG1_clear(target.address),
    butterfly(a, b, root) {
      if (root === 1n) copy(product, b.address, G1_SIZE)
      else {
        writeScalar(0, root)
        mcl._mclBnG1_mul(product, b.address, scalars)
      }
      mcl._mclBnG1_sub(b.address, a.address, product)
      mcl._mclBnG1_add(a.address, a.address, product)
    },
    encode(point) {
      mcl._mclBnG1_serialize(bytes, PUBLIC_KEY_SIZE, point.address)
      return memory().slice(bytes, bytes + PUBLIC_KEY_SIZE)
    },
    decode(target, encoded) {
      if (!isCanonicalForm(encoded)) return false
      memory().set(encoded, bytes)
      return mcl._mclBnG1_deserialize(target.address, bytes, PUBLIC_KEY_SIZE) === PUBLIC_KEY_SIZE
    },
    isPairingOne(a, b) {
      a.forEach((point, index) => {
        copy(pairingG1 + index * G1_SIZE, point.address, G1_SIZE)
      })
      b.forEach((point, index) => {
        copy(pairingG2 + index * G2_SIZE, point.address, G2_SIZE)
      })
      mcl._mclBn_millerLoopVec(pairing, pairingG1, pairingG2, a.length)
      mcl._mclBn_finalExp(pairing, pairing)
      return mcl._mclBnGT_isOne(pairing) === 1
    },
  }
}

function strip(text: string): string {
  return text.startsWith('0x') ? text.slice(2) : text
}

/** Compressed, of the right size, infinity only as its one encoding, x below the modulus. */
function isCanonicalForm(encoded: Uint8Array): boolean {
  const flags = encoded[0] ?? 0
  if (encoded.length !== PUBLIC_KEY_SIZE || (flags & 0x80) === 0) return false
  if ((flags & 0x40) !== 0)
    return flags === INFINITY_FLAGS && encoded.subarray(1).every((byte) => byte === 0)
  const x = encoded.slice()
  x[0] = flags & 0x1f
  return compareBytes(x, MODULUS) < 0
}

/** The library changed under us. */
export class CurveError extends BaseError {
  override readonly name = 'CurveError'
}
