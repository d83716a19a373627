import { createMerkleProof, createMPT } from '@ethereumjs/mpt'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { initKeccak, keccak256 } from '../keccak.ts'
import { provenValue } from './proof.ts'
import { rlpInteger } from './rlp.ts'
import { emptyTrie, type Trie, trieProof, triePut, trieRoot } from './trie.ts'

beforeAll(initKeccak)

const keyOf = (n: number) => keccak256(Uint8Array.of(n >> 8, n & 0xff))

function trieOf(values: ReadonlyMap<number, bigint>): Trie<bigint> {
  let trie: Trie<bigint> = emptyTrie({ encode: rlpInteger })
  for (const [n, value] of values) trie = triePut(trie, keyOf(n), value)
  return trie
}

const values = fc.uniqueArray(
  fc.tuple(fc.integer({ min: 0, max: 400 }), fc.bigInt({ min: 1n, max: 1n << 255n })),
  { selector: ([n]) => n, maxLength: 80 },
)
const asked = fc.integer({ min: 0, max: 500 })

test('a proof of our trie tells the value, or that there is none', () => {
  fc.assert(
    fc.property(values, asked, (entries, n) => {
      const known = new Map(entries)
      const trie = trieOf(known)
      const value = provenValue(trieRoot(trie), keyOf(n), trieProof(trie, keyOf(n)))
      const expected = known.get(n)
      expect(value).toEqual(expected === undefined ? null : rlpInteger(expected))
    }),
  )
})

test('a proof of @ethereumjs/mpt tells the same', async () => {
  await fc.assert(
    fc.asyncProperty(values, asked, async (entries, n) => {
      const oracle = await createMPT()
      for (const [key, value] of entries) await oracle.put(keyOf(key), rlpInteger(value))
      const proof = await createMerkleProof(oracle, keyOf(n))
      const value = provenValue(oracle.root(), keyOf(n), proof)
      expect(value).toEqual(await oracle.get(keyOf(n)))
    }),
    { numRuns: 30 },
  )
})

test('a proof with one bit changed, a node less or a node more is refused', () => {
  fc.assert(
    fc.property(values, asked, fc.nat(), (entries, n, at) => {
      fc.pre(entries.length > 0)
      const trie = trieOf(new Map(entries))
      const root = trieRoot(trie)
      const nodes = trieProof(trie, keyOf(n))
      const bits = nodes.reduce((sum, node) => sum + node.length * 8, 0)
      const named = expect.objectContaining({ name: 'TrieProofError' })
      expect(() => provenValue(root, keyOf(n), flip(nodes, at % bits))).toThrow(named)
      expect(() => provenValue(root, keyOf(n), nodes.slice(0, -1))).toThrow(named)
      expect(() => provenValue(root, keyOf(n), [...nodes, Uint8Array.of(0x80)])).toThrow(named)
    }),
  )
})

function flip(nodes: readonly Uint8Array[], bit: number): Uint8Array[] {
  let rest = bit
  return nodes.map((node) => {
    const copy = node.slice()
    const byte = rest >> 3
    if (rest >= 0 && byte < copy.length) copy[byte] = (copy[byte] ?? 0) ^ (1 << (rest & 7))
    rest -= node.length * 8
    return copy
  })
}
