import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { payloadToBlob } from '../batch/blob.ts'
import { CELL_COUNT } from '../batch/geometry.ts'
import { bytesToHex } from '../bytes.ts'
import { cellLeaf, cellsRoot, rangePath, verifyRange } from './cellsRoot.ts'
import { columnsOfNode, nodeOfColumn } from './columns.ts'
import { dataJobs, PROVE_JOB, VERIFY_CELLS_JOB } from './jobs.ts'
import { type Kzg, loadKzg, type ProvenCell } from './kzg.ts'
import { recoverBlob } from './recovery.ts'
import { versionedHash } from './versionedHash.ts'

const payload = Uint8Array.from({ length: 20_000 }, (_, index) => (index * 7_919) >> 3)
const blob = payloadToBlob(payload)
const at = <Value>(values: readonly Value[], index: number): Value => {
  const value = values[index]
  if (value === undefined) throw new RangeError(`no element ${index}`)
  return value
}
const flip = (bytes: Uint8Array, position: number) =>
  bytes.map((byte, index) => (index === position ? byte ^ 1 : byte))

let kzg: Kzg
let cells: readonly ProvenCell[]
beforeAll(async () => {
  kzg = await loadKzg()
  cells = kzg.cellsAndProofs(blob)
}, 60_000)

describe('cells of a blob', () => {
  it('begin with the blob itself, and are the same without proofs', () => {
    expect(cells.length).toBe(CELL_COUNT)
    expect(cells.slice(0, 64).flatMap((cell) => [...cell.bytes])).toEqual([...blob])
    expect(kzg.computeCells(blob)).toEqual(cells.map((cell) => cell.bytes))
  })

  it('verify against the commitment, and fail with one bit corrupted anywhere', () => {
    const commitment = kzg.blobToCommitment(blob)
    const some = [3, 64, 65, 127].map((index) => at(cells, index))
    const corrupted = (part: (cell: ProvenCell) => Partial<ProvenCell>) =>
      some.map((cell, index) => (index === 2 ? { ...cell, ...part(cell) } : cell))
    expect(kzg.verifyCells(commitment, some)).toBe(true)
    expect(kzg.verifyCells(flip(commitment, 47), some)).toBe(false)
    expect(
      kzg.verifyCells(
        commitment,
        corrupted((cell) => ({ bytes: flip(cell.bytes, 31) })),
      ),
    ).toBe(false)
    expect(
      kzg.verifyCells(
        commitment,
        corrupted((cell) => ({ proof: flip(cell.proof, 47) })),
      ),
    ).toBe(false)
    expect(
      kzg.verifyCells(
        commitment,
        corrupted(() => ({ index: 66 })),
      ),
    ).toBe(false)
    expect(
      kzg.verifyCells(
        commitment,
        corrupted((cell) => ({ proof: cell.proof.slice(1) })),
      ),
    ).toBe(false)
    expect(kzg.verifyCells(commitment, [...some].reverse())).toBe(false)
    expect(kzg.verifyCells(commitment, [])).toBe(false)
  })

  it('recover the blob from any 64 of 128', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...Array(CELL_COUNT).keys()], { minLength: 64, maxLength: 100 }),
        (kept) => {
          const some = kept.sort((left, right) => left - right).map((index) => at(cells, index))
          expect(bytesToHex(recoverBlob(some))).toBe(bytesToHex(blob))
        },
      ),
      { numRuns: 4 },
    )
    expect(recoverBlob(cells)).toEqual(blob)
    expect(recoverBlob(cells.slice(0, 64))).toEqual(blob)
    expect(recoverBlob(cells.slice(64))).toEqual(blob)
  })

  it('do not recover from 63, out of order, or when one of more than 64 is corrupted', () => {
    expect(() => recoverBlob(cells.slice(0, 63))).toThrow('64')
    expect(() => recoverBlob([...cells].reverse())).toThrow('ascend')
    const corrupted = cells.map((cell) =>
      cell.index === 70 ? { ...cell, bytes: flip(cell.bytes, 5) } : cell,
    )
    expect(() => recoverBlob(corrupted)).toThrow('one blob')
    expect(() => recoverBlob(corrupted.slice(20, 90))).toThrow('one blob')
    const invalid = cells.map((cell) =>
      cell.index === 70 ? { ...cell, bytes: new Uint8Array(2048).fill(255) } : cell,
    )
    expect(() => recoverBlob(invalid)).toThrow('canonical')
  })

  it('are computed and checked by the jobs as by the functions', async () => {
    const commitment = kzg.blobToCommitment(blob)
    const input = { commitment, cells: cells.slice(0, 2).map((cell) => ({ ...cell })) }
    expect(await dataJobs[VERIFY_CELLS_JOB]?.(input)).toBe(true)
    await expect(dataJobs[PROVE_JOB]?.({})).rejects.toThrow('payload')
  })
})

describe('commitment', () => {
  it('refuses blobs of a wrong size or with an element above the modulus', () => {
    expect(() => kzg.blobToCommitment(new Uint8Array(5))).toThrow('131072')
    expect(() => kzg.blobToCommitment(new Uint8Array(blob.length).fill(255))).toThrow('canonical')
  })

  it('has a versioned hash that begins with 1', () => {
    expect(versionedHash(kzg.blobToCommitment(blob))[0]).toBe(1)
  })
})

describe('cells root', () => {
  const leaves = Array.from({ length: CELL_COUNT }, (_, index) => cellLeaf(Uint8Array.of(index)))
  const root = cellsRoot(Array.from({ length: CELL_COUNT }, (_, index) => Uint8Array.of(index)))

  it('proves aligned ranges, and nothing that differs', () => {
    for (const [first, count] of [
      [0, 8],
      [120, 8],
      [32, 32],
      [77, 1],
      [0, 128],
    ] as const) {
      const range = { first, count }
      const proof = {
        root,
        ...range,
        leaves: leaves.slice(first, first + count),
        path: rangePath(leaves, range),
      }
      expect(verifyRange(proof)).toBe(true)
      expect(
        verifyRange({ ...proof, leaves: [...proof.leaves.slice(1), flip(at(proof.leaves, 0), 3)] }),
      ).toBe(false)
      expect(verifyRange({ ...proof, root: flip(root, 0) })).toBe(false)
      if (count < CELL_COUNT)
        expect(verifyRange({ ...proof, first: (first + count) % CELL_COUNT })).toBe(false)
      expect(verifyRange({ ...proof, path: [...proof.path, root] })).toBe(false)
    }
  })
})

describe('columns', () => {
  it('are split among the nodes, each to one', () => {
    for (const nodes of [4, 16]) {
      const all = Array.from({ length: nodes }, (_, node) => columnsOfNode(node, nodes)).flat()
      expect(all).toEqual([...Array(CELL_COUNT).keys()])
      expect(
        all.every((column) => columnsOfNode(nodeOfColumn(column, nodes), nodes).includes(column)),
      ).toBe(true)
    }
    expect(() => columnsOfNode(0, 7)).toThrow('power of two')
    expect(() => columnsOfNode(4, 4)).toThrow('outside')
  })
})
