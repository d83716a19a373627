/** EIP-4844's point evaluation, without loading the ceremony's setup: a proof's check needs one of its points alone. */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToBigint, equalBytes, hexToBytes } from '../bytes.ts'

const G1 = bls12_381.G1.Point
const G2 = bls12_381.G2.Point
const { Fp12, Fr } = bls12_381.fields

/** τ·G2 of Ethereum's KZG ceremony: `g2_monomial[1]` of the trusted setup. */
const TAU_G2 = G2.fromAffine({
  x: {
    c0: 0x185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2n,
    c1: 0x15bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72n,
  },
  y: {
    c0: 0x014353bdb96b626dd7d5ee8599d1fca2131569490e28de18e82451a496a9c9794ce26d105941f383ee689bfbbb832a99n,
    c1: 0x1666c54b0a32529503432fcae0181b4bef79de09fc63671fda5ed1ba9bfa07899495346f3d7ac9cd23048ef30d0a154fn,
  },
})

const INPUT_SIZE = 192
/** FIELD_ELEMENTS_PER_BLOB and the field's modulus, as words. */
const OUTPUT = hexToBytes(
  '0x000000000000000000000000000000000000000000000000000000000000100073eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001',
)

/** Output of the precompile at 0x0a, or undefined where it fails: versioned hash ‖ z ‖ y ‖ commitment ‖ proof. */
export function evaluatePoint(input: Uint8Array): Uint8Array | undefined {
  if (input.length !== INPUT_SIZE) return undefined
  const commitment = input.subarray(96, 144)
  const versionedHash = sha256(commitment)
  versionedHash[0] = 1
  if (!equalBytes(versionedHash, input.subarray(0, 32))) return undefined
  const z = bytesToBigint(input.subarray(32, 64))
  const y = bytesToBigint(input.subarray(64, 96))
  if (z >= Fr.ORDER || y >= Fr.ORDER) return undefined
  return isOpening({ commitment, z, y, proof: input.subarray(144) }) ? OUTPUT : undefined
}

interface Opening {
  readonly commitment: Uint8Array
  readonly z: bigint
  readonly y: bigint
  readonly proof: Uint8Array
}

/** e(C − y·G1, G2) = e(π, τ·G2 − z·G2); false where bytes are no point of the group. */
function isOpening({ commitment, z, y, proof }: Opening): boolean {
  const valueless = readPoint(commitment)?.subtract(y === 0n ? G1.ZERO : G1.BASE.multiply(y))
  const quotient = readPoint(proof)
  if (valueless === undefined || quotient === undefined) return false
  const shifted = TAU_G2.subtract(z === 0n ? G2.ZERO : G2.BASE.multiply(z))
  const pairs = [
    { g1: valueless, g2: G2.BASE },
    { g1: quotient.negate(), g2: shifted },
  ].filter(({ g1, g2 }) => !g1.is0() && !g2.is0())
  return Fp12.eql(bls12_381.pairingBatch(pairs), Fp12.ONE)
}

function readPoint(bytes: Uint8Array): InstanceType<typeof G1> | undefined {
  try {
    const point = G1.fromBytes(bytes)
    if (!point.is0()) point.assertValidity()
    return point
  } catch {
    return undefined
  }
}
