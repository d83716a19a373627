import { createMPT, verifyMPTWithMerkleProof } from '@ethereumjs/mpt'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { initKeccak, keccak256 } from '../keccak.ts'
import { rlpInteger } from './rlp.ts'
import {
  EMPTY_TRIE_ROOT,
  emptyTrie,
  type Trie,
  trieDelete,
  trieEntries,
  trieGet,
  trieProof,
  triePut,
  trieRoot,
} from './trie.ts'

const codec = { encode: rlpInteger }

/** Short keys collide in many nibbles, so that extensions, inline nodes and collapses are frequent. */
const keyOf = (n: number, size: number) => {
  const key = new Uint8Array(size)
  key[size - 1] = n & 0xff
  key[size - 2] = (n >> 8) & 0xff
  key[0] = (key[0] ?? 0) | ((n & 1) << 4)
  return key
}

async function oracleRoot(entries: Iterable<readonly [Uint8Array, bigint]>) {
  const oracle = await createMPT()
  for (const [key, value] of entries) await oracle.put(key, rlpInteger(value))
  return oracle
}

beforeAll(initKeccak)

describe('trie', () => {
  test('has the root of @ethereumjs/mpt after any edits, and is persistent', async () => {
    const edit = fc.tuple(fc.integer({ min: 0, max: 600 }), fc.bigInt({ min: 0n, max: 1n << 40n }))
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { maxLength: 60 }),
        fc.constantFrom(2, 3, 32),
        async (edits, size) => {
          let trie: Trie<bigint> = emptyTrie(codec)
          const oracle = await createMPT()
          for (const [n, value] of edits) {
            const key = keyOf(n, size)
            const before = trie
            const rootBefore = trieRoot(before)
            if (value % 3n === 0n) {
              trie = trieDelete(trie, key)
              await oracle.del(key)
            } else {
              trie = triePut(trie, key, value)
              await oracle.put(key, rlpInteger(value))
            }
            expect(trieRoot(trie)).toEqual(oracle.root())
            expect(trieRoot({ ...before })).toEqual(rootBefore)
          }
          const rebuilt = await oracleRoot(trieEntries(trie))
          expect(rebuilt.root()).toEqual(trieRoot(trie))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('proves inclusion and exclusion to @ethereumjs/mpt', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 400 }),
        async (numbers, asked) => {
          let trie: Trie<bigint> = emptyTrie(codec)
          for (const n of numbers) trie = triePut(trie, keccak256(keyOf(n, 2)), BigInt(n) + 1n)
          const key = keccak256(keyOf(asked, 2))
          const proven = await verifyMPTWithMerkleProof(
            await createMPT(),
            trieRoot(trie),
            key,
            trieProof(trie, key),
          )
          const value = trieGet(trie, key)
          expect(proven).toEqual(value === undefined ? null : rlpInteger(value))
          expect(value !== undefined).toBe(
            numbers.some((n) => keyOf(n, 2).join() === keyOf(asked, 2).join()),
          )
        },
      ),
      { numRuns: 40 },
    )
  })

  test('is empty again after its last key is deleted', () => {
    const key = keyOf(7, 32)
    const trie = trieDelete(triePut(emptyTrie(codec), key, 1n), key)
    expect(trieRoot(trie)).toEqual(EMPTY_TRIE_ROOT)
    expect(trieProof(trie, key)).toEqual([])
  })

  test('keeps identity when nothing changes', () => {
    const trie = triePut(emptyTrie(codec), keyOf(1, 32), 5n)
    expect(triePut(trie, keyOf(1, 32), 5n)).toBe(trie)
    expect(trieDelete(trie, keyOf(2, 32))).toBe(trie)
  })

  test('encodes only what changed since its last root, however many edits there were', () => {
    let encoded = 0
    const counting = {
      encode: (value: bigint) => {
        encoded += 1
        return rlpInteger(value)
      },
    }
    let trie: Trie<bigint> = emptyTrie(counting)
    for (let n = 0; n < 2_000; n++) trie = triePut(trie, keccak256(keyOf(n, 3)), BigInt(n + 1))
    trieRoot(trie)
    encoded = 0
    for (let n = 0; n < 50; n++) {
      for (let round = 1; round < 5; round++) {
        trie = triePut(trie, keccak256(keyOf(n, 3)), BigInt(n + round * 10_000))
      }
    }
    trieRoot(trie)
    trieRoot(trie)
    expect(encoded).toBe(50)
  })
})
