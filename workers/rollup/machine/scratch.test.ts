import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { bytesToHex, ZERO_HASH } from '../bytes.ts'
import { initKeccak } from '../keccak.ts'
import { joinNodes } from './binaryTree.ts'
import { type Scratch, scratchGet, scratchProof, scratchRoot, scratchSet } from './scratch.ts'
import { wordToBytes } from './words.ts'

const isZero = (hash: Uint8Array): boolean => hash.every((byte) => byte === 0)
const node = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  isZero(left) && isZero(right) ? ZERO_HASH : joinNodes(left, right)

/** Root by definition: descends the whole tree, subtree by subtree. */
function naiveRoot(entries: readonly (readonly [bigint, bigint])[], height = 256): Uint8Array {
  if (entries.length === 0) return ZERO_HASH
  if (height === 0) return wordToBytes(entries[0]?.[1] ?? 0n)
  const bit = BigInt(height - 1)
  const left = entries.filter(([key]) => ((key >> bit) & 1n) === 0n)
  const right = entries.filter(([key]) => ((key >> bit) & 1n) === 1n)
  return node(naiveRoot(left, height - 1), naiveRoot(right, height - 1))
}

/** What `SparseMerkle.replace` computes. */
function rootFrom(
  key: bigint,
  value: Uint8Array,
  bitmap: bigint,
  siblings: readonly Uint8Array[],
): Uint8Array {
  let hash = value
  let used = 0
  for (let i = 0n; i < 256n; i++) {
    const sibling = (bitmap >> i) & 1n ? (siblings[used++] ?? ZERO_HASH) : ZERO_HASH
    hash = (key >> i) & 1n ? node(sibling, hash) : node(hash, sibling)
  }
  expect(used).toBe(siblings.length)
  return hash
}

/** Keys that share long prefixes and long suffixes. */
const keys = fc.oneof(
  fc.bigInt({ min: 0n, max: 15n }),
  fc.bigInt({ min: 0n, max: 15n }).map((low) => low << 252n),
  fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
)
const edits = fc.array(fc.tuple(keys, fc.bigInt({ min: 0n, max: 3n })), { maxLength: 12 })

beforeAll(initKeccak)

describe('the scratch tree', () => {
  it('has the root that its definition gives, and proves every key', () => {
    fc.assert(
      fc.property(edits, keys, (list, other) => {
        let scratch: Scratch = null
        const model = new Map<bigint, bigint>()
        for (const [key, value] of list) {
          scratch = scratchSet(scratch, wordToBytes(key), value)
          if (value === 0n) model.delete(key)
          else model.set(key, value)
        }
        const root = scratchRoot(scratch)
        expect(bytesToHex(root)).toBe(bytesToHex(naiveRoot([...model])))
        for (const key of [...model.keys(), other]) {
          const proof = scratchProof(scratch, wordToBytes(key))
          expect(bytesToHex(proof.value)).toBe(bytesToHex(wordToBytes(model.get(key) ?? 0n)))
          expect(scratchGet(scratch, wordToBytes(key))).toBe(model.get(key) ?? 0n)
          const proven = rootFrom(key, proof.value, proof.bitmap, proof.siblings)
          expect(bytesToHex(proven)).toBe(bytesToHex(root))
          const updated = rootFrom(key, wordToBytes(9n), proof.bitmap, proof.siblings)
          const set = scratchRoot(scratchSet(scratch, wordToBytes(key), 9n))
          expect(bytesToHex(updated)).toBe(bytesToHex(set))
        }
      }),
      { numRuns: 20, seed: Number(process.env['SEED'] ?? 5) },
    )
  })
})
