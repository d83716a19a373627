import { expand_message_xmd } from '@noble/curves/abstract/hash-to-curve.js'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { publicKeyToEvm, signatureToEvm } from '../../workers/rollup/bls/encoding.ts'
import { blsPublicKey, blsSecretKey, blsSign } from '../../workers/rollup/bls/signature.ts'
import { bytesToHex, hexToBytes, utf8ToBytes, word } from '../../workers/rollup/bytes.ts'
import { keccakText } from '../../workers/rollup/keccak.ts'
import * as BLSProbe from '../generated/test/BLSProbe.ts'
import { type Contract, createHarness, type Harness } from './harness.ts'

const DOMAIN = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'
const domain = bytesToHex(utf8ToBytes(DOMAIN))

/** EIP-2537 form of noble's point. */
function toEvm(point: InstanceType<typeof bls12_381.G2.Point>): string {
  const { x, y } = point.toAffine()
  return `0x${[x.c0, x.c1, y.c0, y.c1].map((value) => value.toString(16).padStart(128, '0')).join('')}`
}

describe('BLS library', () => {
  let chain: Harness
  let probe: Contract
  beforeAll(async () => {
    chain = await createHarness()
    probe = await chain.deploy(BLSProbe)
  })

  const digests = [new Uint8Array(32), word(1n), keccakText('a'), new Uint8Array(32).fill(0xff)]

  it.each(digests)('expands digest %# as RFC 9380 does', async (digest) => {
    const expected = expand_message_xmd(digest, utf8ToBytes(DOMAIN), 256, sha256)
    expect(await chain.read(probe, 'expand', [bytesToHex(digest), domain])).toBe(
      bytesToHex(expected),
    )
  })

  it.each(digests)('hashes digest %# to the point that noble finds', async (digest) => {
    const expected = bls12_381.G2.hashToCurve(digest, { DST: DOMAIN })
    expect(await chain.read(probe, 'hashToG2', [bytesToHex(digest), domain])).toBe(
      toEvm(expected as InstanceType<typeof bls12_381.G2.Point>),
    )
  })

  const secret = blsSecretKey(utf8ToBytes('bls test'))
  const key = publicKeyToEvm(blsPublicKey(secret))
  const digest = keccakText('digest')
  const signature = signatureToEvm(blsSign(digest, secret))
  const verify = (k: Uint8Array, d: Uint8Array, s: Uint8Array): Promise<boolean> =>
    chain.read(probe, 'verify', [bytesToHex(k), bytesToHex(d), bytesToHex(s), domain])

  it('accepts a signature', async () => {
    expect(await verify(key, digest, signature)).toBe(true)
    const { gasUsed } = await chain.send(probe, 'verify', [
      bytesToHex(key),
      bytesToHex(digest),
      bytesToHex(signature),
      domain,
    ])
    expect(gasUsed).toBeLessThan(250_000n)
  })

  it('refuses one flipped bit anywhere', async () => {
    const flip = (bytes: Uint8Array, bit: number) =>
      bytes.map((b, i) => (i === bit >> 3 ? b ^ (1 << (bit & 7)) : b))
    for (const bit of [130, 500, 700, 1023])
      expect(await verify(flip(key, bit), digest, signature)).toBe(false)
    for (const bit of [0, 100, 255])
      expect(await verify(key, flip(digest, bit), signature)).toBe(false)
    for (const bit of [0, 200, 1000, 2047])
      expect(await verify(key, digest, flip(signature, bit))).toBe(false)
  })

  it('refuses wrong lengths and points outside the subgroup', async () => {
    expect(await verify(key.slice(1), digest, signature)).toBe(false)
    expect(await verify(key, digest, signature.slice(0, 255))).toBe(false)
    // A point of the curve of G2 that is not in the subgroup: x = 2 gives one after a few tries.
    const { Fp2 } = bls12_381.fields
    for (let i = 1n; ; i++) {
      const x = Fp2.create({ c0: i, c1: 0n })
      const rhs = Fp2.add(Fp2.mul(Fp2.sqr(x), x), Fp2.create({ c0: 4n, c1: 4n }))
      let y: typeof x
      try {
        y = Fp2.sqrt(rhs)
      } catch {
        continue
      }
      const encoded = `0x${[x.c0, x.c1, y.c0, y.c1].map((v) => v.toString(16).padStart(128, '0')).join('')}`
      expect(await verify(key, digest, hexToBytes(encoded))).toBe(false)
      return
    }
  })
})
