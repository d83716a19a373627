import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { bytesToHex, ZERO_HASH } from '../bytes.ts'
import { initKeccak } from '../keccak.ts'
import { joinNodes, type RangeProof, treeLevels, zeroTree } from './binaryTree.ts'
import {
  EMPTY_MEMORY,
  MEMORY_DEPTH,
  memoryProof,
  memoryRoot,
  readMemory,
  writeMemory,
} from './memory.ts'
import { EMPTY_RING, ringProof, ringRoot, ringWith } from './ring.ts'
import { wordToBytes } from './words.ts'

const SPACE_WORDS = 4_096

/** The verifier's fold: leaves of a range with the siblings of each level. */
function fold(
  depth: number,
  first: number,
  leaves: readonly Uint8Array[],
  siblings: readonly Uint8Array[],
): Uint8Array {
  let level = leaves.slice()
  let low = first
  let high = first + leaves.length - 1
  let used = 0
  const next = (): Uint8Array => siblings[used++] ?? ZERO_HASH
  for (let i = 0; i < depth; i++) {
    if (low % 2 === 1) level = [next(), ...level]
    if (high % 2 === 0) level = [...level, next()]
    level = level.flatMap((_, k) =>
      k % 2 === 0 ? [joinNodes(level[k] ?? ZERO_HASH, level[k + 1] ?? ZERO_HASH)] : [],
    )
    low >>= 1
    high >>= 1
  }
  expect(used).toBe(siblings.length)
  return level[0] ?? ZERO_HASH
}

function naiveRoot(bytes: Uint8Array): Uint8Array {
  const words = Array.from({ length: SPACE_WORDS }, (_, i) => bytes.slice(32 * i, 32 * i + 32))
  let root = treeLevels(words).at(-1)?.[0] ?? ZERO_HASH
  for (let level = 12; level < MEMORY_DEPTH; level++) root = joinNodes(root, zeroTree(level))
  return root
}

const writes = fc.array(
  fc.tuple(
    fc.nat({ max: 32 * SPACE_WORDS - 3_000 }),
    fc.uint8Array({ minLength: 1, maxLength: 3_000 }),
  ),
  { maxLength: 5 },
)

beforeAll(initKeccak)

describe('memory', () => {
  it('reads what was written, has the root of the tree over its words, and proves ranges', () => {
    fc.assert(
      fc.property(
        writes,
        fc.nat({ max: 120_000 }),
        fc.integer({ min: 1, max: 2_000 }),
        (list, at, length) => {
          const model = new Uint8Array(32 * SPACE_WORDS)
          let memory = EMPTY_MEMORY
          for (const [offset, bytes] of list) {
            memory = writeMemory(memory, offset, bytes)
            model.set(bytes, offset)
          }
          expect(bytesToHex(readMemory(memory, at, length))).toBe(
            bytesToHex(model.slice(at, at + length)),
          )
          const root = bytesToHex(memoryRoot(memory))
          expect(root).toBe(bytesToHex(naiveRoot(model)))
          const proof: RangeProof = memoryProof(memory, at, length)
          const first = Math.floor(at / 32)
          expect(bytesToHex(fold(MEMORY_DEPTH, first, proof.leaves, proof.siblings))).toBe(root)
        },
      ),
      { numRuns: 25, seed: Number(process.env['SEED'] ?? 5) },
    )
  }, 60_000)

  it('is empty at the root of the empty tree', () => {
    expect(bytesToHex(memoryRoot(EMPTY_MEMORY))).toBe(bytesToHex(zeroTree(MEMORY_DEPTH)))
  })
})

describe('the ring of block hashes', () => {
  it('proves the place of a block, also after it was taken over', () => {
    let ring = EMPTY_RING
    for (let n = 250n; n < 270n; n++) ring = ringWith(ring, n, wordToBytes(n))
    for (const n of [0n, 3n, 255n, 260n, 513n]) {
      const { leaves, siblings } = ringProof(ring, n)
      expect(bytesToHex(fold(8, Number(n % 256n), leaves, siblings))).toBe(
        bytesToHex(ringRoot(ring)),
      )
    }
    expect(bytesToHex(ringProof(ring, 0n).leaves[0] ?? ZERO_HASH)).toBe(
      bytesToHex(wordToBytes(256n)),
    )
  })
})
