/** Official KZG vectors, those of `FIXTURES_DIR`; collected only where it is set. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bytesToHex, hexToBytes } from '../bytes.ts'
import { loadKzg } from './kzg.ts'
import { recoverBlob } from './recovery.ts'

const root = join(process.env.FIXTURES_DIR ?? 'none', 'kzg')

/** Every `0x…` string of a YAML block, in order. */
const strings = (text: string) => [...text.matchAll(/0x[0-9a-f]*/g)].map(([hex]) => hex)
const section = (text: string, name: string) =>
  new RegExp(`^ *${name}:([\\s\\S]*?)(?=^ *[a-z_]+:|^output|$(?![\\s\\S]))`, 'm').exec(text)?.[1] ??
  ''
const outputOf = (text: string) => text.slice(text.search(/^output/m))
const inputOf = (text: string) => text.slice(0, text.search(/^output/m))

function cases(kind: string): { name: string; text: string }[] {
  const folder = join(root, kind, 'kzg-mainnet')
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((name) => ({
    name,
    text: readFileSync(join(folder, name, 'data.yaml'), 'utf8'),
  }))
}

function cellsOf(text: string) {
  const input = inputOf(text)
  const indices = [...section(input, 'cell_indices').matchAll(/\d+/g)].map(([digits]) =>
    Number(digits),
  )
  const proofs = strings(section(input, 'proofs'))
  return strings(section(input, 'cells')).map((hex, position) => ({
    index: indices[position] ?? -1,
    bytes: hexToBytes(hex),
    proof: hexToBytes(proofs[position] ?? '0x'),
  }))
}

describe('official vectors', () => {
  for (const { name, text } of cases('blob_to_kzg_commitment')) {
    it(name, async () => {
      const kzg = await loadKzg()
      const commit = () =>
        bytesToHex(kzg.blobToCommitment(hexToBytes(strings(inputOf(text))[0] ?? '')))
      const [expected] = strings(outputOf(text))
      if (expected === undefined) expect(commit).toThrow()
      else expect(commit()).toBe(expected)
    }, 60_000)
  }

  for (const { name, text } of cases('compute_cells')) {
    it(name, async () => {
      const kzg = await loadKzg()
      const compute = () =>
        kzg.computeCells(hexToBytes(strings(inputOf(text))[0] ?? '')).map(bytesToHex)
      const expected = strings(outputOf(text))
      if (expected.length === 0) expect(compute).toThrow()
      else expect(compute()).toEqual(expected)
    }, 60_000)
  }

  for (const { name, text } of cases('compute_cells_and_kzg_proofs')) {
    it(name, async () => {
      const kzg = await loadKzg()
      const compute = () => kzg.cellsAndProofs(hexToBytes(strings(inputOf(text))[0] ?? ''))
      const expected = strings(outputOf(text))
      if (expected.length === 0) expect(compute).toThrow()
      else {
        const cells = compute()
        expect([
          ...cells.map((cell) => bytesToHex(cell.bytes)),
          ...cells.map((cell) => bytesToHex(cell.proof)),
        ]).toEqual(expected)
      }
    }, 60_000)
  }

  for (const { name, text } of cases('recover_cells_and_kzg_proofs')) {
    it(name, async () => {
      const expected = strings(outputOf(text))
      const kzg = await loadKzg()
      const recover = () => kzg.computeCells(recoverBlob(cellsOf(text))).map(bytesToHex)
      if (expected.length === 0) expect(recover).toThrow()
      else expect(recover()).toEqual(expected.slice(0, 128))
    }, 60_000)
  }

  for (const { name, text } of cases('verify_cell_kzg_proof_batch')) {
    const commitments = new Set(strings(section(inputOf(text), 'commitments')))
    const cells = cellsOf(text)
    const isOneBlob =
      commitments.size === 1 &&
      cells.every(({ index }, at) => at === 0 || index > (cells[at - 1]?.index ?? 0))
    // Cells of many blobs are not what a batch has.
    if (!isOneBlob) continue
    it(name, async () => {
      const kzg = await loadKzg()
      const [commitment = '0x'] = commitments
      const isTrue = /^output: true/m.test(text)
      const indices = [...section(inputOf(text), 'cell_indices').matchAll(/\d+/g)]
      const isWhole = indices.length === cells.length
      expect(isWhole && kzg.verifyCells(hexToBytes(commitment), cells)).toBe(isTrue)
    }, 60_000)
  }
})
