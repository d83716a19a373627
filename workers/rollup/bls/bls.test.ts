import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { bytesToHex, encodeAbiParameters, keccak256, toHex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { utf8ToBytes } from '../bytes.ts'
import { batchCommitteeDigest, batchDataDigest, voteDigest } from './digests.ts'
import { publicKeyFromEvm, publicKeyToEvm, signatureFromEvm, signatureToEvm } from './encoding.ts'
import { type BlsEngine, SIGNATURE_DOMAIN } from './engine.ts'
import { nobleEngine } from './nobleEngine.ts'
import { provePossession, verifyPossession } from './possession.ts'
import { quorumWeight, signersBitmap, signersOf, signersWeight } from './quorum.ts'
import { blsSecretKey, blsSign, blsVerify } from './signature.ts'
import { createWasmEngine } from './wasmEngine.ts'

const secrets = [0, 1, 2].map((index) => blsSecretKey(utf8ToBytes(`member ${index}`)))
const digest = new Uint8Array(32).fill(7)
const noble = nobleEngine(SIGNATURE_DOMAIN)
const flip = (bytes: Uint8Array, at: number) =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))
const infinity = (size: number) =>
  Uint8Array.from({ length: size }, (_, index) => (index === 0 ? 0xc0 : 0))

/** A compressed point of the curve over Fp2 outside the subgroup of order r. */
function strayPoint(): Uint8Array {
  const { Fp2 } = bls12_381.fields
  const b = Fp2.create({ c0: 4n, c1: 4n })
  for (let c0 = 1n; c0 < 100n; c0++) {
    const x = Fp2.create({ c0, c1: 0n })
    try {
      const y = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b))
      const point = bls12_381.G2.Point.fromAffine({ x, y })
      if (point.isTorsionFree()) continue
      const bytes = new Uint8Array(96)
      bytes[0] = 0x80
      bytes[95] = Number(c0)
      return bytes
    } catch {
      // This x is on no point of the curve.
    }
  }
  throw new TypeError('no stray point')
}

let wasm: BlsEngine
beforeAll(async () => {
  wasm = await createWasmEngine()
})

describe('BLS engines', () => {
  it('agree on keys, signatures and aggregates', () => {
    const signatures = secrets.map((secret) => noble.sign(digest, secret))
    expect(secrets.map((secret) => wasm.publicKey(secret))).toEqual(secrets.map(noble.publicKey))
    expect(secrets.map((secret) => wasm.sign(digest, secret))).toEqual(signatures)
    expect(wasm.aggregate(signatures)).toEqual(noble.aggregate(signatures))
  })

  it('agree on any digests and members, whatever was remembered of others', () => {
    const someDigest = fc.uint8Array({ minLength: 32, maxLength: 32 })
    const member = fc.nat({ max: secrets.length - 1 })
    fc.assert(
      fc.property(someDigest, someDigest, member, member, (first, second, signer, other) => {
        const secretOf = (index: number) => secrets[index] ?? new Uint8Array()
        const signature = wasm.sign(first, secretOf(signer))
        expect(signature).toEqual(noble.sign(first, secretOf(signer)))
        const publicKeys = [noble.publicKey(secretOf(other))]
        const input = { digest: second, signature, publicKeys }
        expect(wasm.verifyAggregate(input)).toBe(noble.verifyAggregate(input))
        expect(wasm.verifyAggregate({ ...input, digest: first })).toBe(signer === other)
      }),
      { numRuns: 8 },
    )
  })

  for (const name of ['noble', 'wasm'] as const) {
    const engine = () => (name === 'noble' ? noble : wasm)

    it(`${name} verifies an aggregate, and nothing that differs in one bit`, () => {
      const publicKeys = secrets.map((secret) => engine().publicKey(secret))
      const signature = engine().aggregate(secrets.map((secret) => engine().sign(digest, secret)))
      if (signature === null) throw new TypeError('no aggregate')
      const verify = (part: object) =>
        engine().verifyAggregate({ digest, signature, publicKeys, ...part })
      expect(verify({})).toBe(true)
      expect(verify({ digest: flip(digest, 31) })).toBe(false)
      expect(verify({ publicKeys: publicKeys.slice(1) })).toBe(false)
      for (const at of [0, 1, 47, 95])
        expect(verify({ signature: flip(signature, at) })).toBe(false)
    })

    it(`${name} refuses infinity, points outside the subgroup and malformed bytes`, () => {
      const publicKeys = secrets.slice(0, 1).map((secret) => engine().publicKey(secret))
      for (const signature of [infinity(96), strayPoint(), new Uint8Array(96), new Uint8Array(3)]) {
        expect(engine().verifyAggregate({ digest, signature, publicKeys })).toBe(false)
        expect(engine().aggregate([signature])).toBeNull()
      }
      const signature = infinity(96)
      expect(engine().verifyAggregate({ digest, signature, publicKeys: [infinity(48)] })).toBe(
        false,
      )
      expect(engine().verifyAggregate({ digest, signature, publicKeys: [] })).toBe(false)
    })
  }

  it('verify through the memo the same the second time', () => {
    const [secret = new Uint8Array()] = secrets
    const publicKey = noble.publicKey(secret)
    const signature = blsSign(digest, secret)
    for (const _ of [1, 2]) {
      expect(blsVerify({ digest, signature, publicKey })).toBe(true)
      expect(blsVerify({ digest: flip(digest, 0), signature, publicKey })).toBe(false)
    }
  })
})

describe('EIP-2537 encoding', () => {
  const [secret = new Uint8Array()] = secrets
  it('goes and comes back', () => {
    const publicKey = noble.publicKey(secret)
    const signature = noble.sign(digest, secret)
    expect(publicKeyToEvm(publicKey).length).toBe(128)
    expect(signatureToEvm(signature).length).toBe(256)
    expect(publicKeyFromEvm(publicKeyToEvm(publicKey))).toEqual(publicKey)
    expect(signatureFromEvm(signatureToEvm(signature))).toEqual(signature)
  })

  it('refuses what is no point of the group', () => {
    const encoded = publicKeyToEvm(noble.publicKey(secret))
    expect(() => publicKeyFromEvm(flip(encoded, 127))).toThrow('public key')
    expect(() => publicKeyFromEvm(flip(encoded, 0))).toThrow('public key')
    expect(() => publicKeyFromEvm(encoded.slice(1))).toThrow('public key')
    expect(() => signatureToEvm(strayPoint())).toThrow('signature')
    expect(() => signatureToEvm(infinity(96))).toThrow('signature')
  })
})

describe('proof of possession', () => {
  it('holds for its key alone, and is no vote', () => {
    const [first = new Uint8Array(), second = new Uint8Array()] = secrets
    const proof = provePossession(first)
    expect(verifyPossession(noble.publicKey(first), proof)).toBe(true)
    expect(verifyPossession(noble.publicKey(second), proof)).toBe(false)
    expect(verifyPossession(noble.publicKey(first), flip(proof, 50))).toBe(false)
    expect(verifyPossession(new Uint8Array(48), proof)).toBe(false)
  })
})

describe('digests', () => {
  it('are those of Solidity', () => {
    const block = new Uint8Array(32).fill(3)
    const tag = (text: string) => keccak256(toHex(text))
    const vote = encodeAbiParameters(
      [{ type: 'bytes32' }, { type: 'uint8' }, { type: 'uint64' }, { type: 'bytes32' }],
      [tag('trex.simplex.vote'), 3, 9n, bytesToHex(block)],
    )
    expect(bytesToHex(voteDigest({ kind: 'finalize', view: 9n, block }))).toBe(keccak256(vote))
    const batch = (name: string) =>
      keccak256(
        encodeAbiParameters(
          [{ type: 'bytes32' }, { type: 'bytes32' }],
          [tag(name), bytesToHex(block)],
        ),
      )
    expect(bytesToHex(batchCommitteeDigest(block))).toBe(batch('trex.batch.committee'))
    expect(bytesToHex(batchDataDigest(block))).toBe(batch('trex.batch.data'))
  })
})

describe('quorum', () => {
  it('is 5 of 7 and 3 of 4 at equal weights', () => {
    expect(quorumWeight([1n, 1n, 1n, 1n, 1n, 1n, 1n])).toBe(5n)
    expect(quorumWeight([1n, 1n, 1n, 1n])).toBe(3n)
  })

  it('of two kinds always intersects in more than a third', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 1n, max: 50n }), { minLength: 1, maxLength: 10 }),
        (weights) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0n)
          expect(3n * (2n * quorumWeight(weights) - total) > total).toBe(true)
        },
      ),
    )
  })

  it('counts the weight behind a bitmap', () => {
    const bitmap = signersBitmap([0, 2])
    expect(signersOf(bitmap, 3)).toEqual([0, 2])
    expect(signersWeight(bitmap, [5n, 7n, 9n])).toBe(14n)
    expect(signersWeight(-1, [5n, 7n, 9n])).toBe(21n)
  })
})
