import { beforeAll, expect, test } from 'vitest'
import { TRIE_SHAPES } from '../../../tools/conformance/trieShapes.ts'
import { openTrieLibrary, runTries } from '../../../tools/conformance/tries.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'

beforeAll(initKeccak)

test('@ethereumjs/mpt, our trie and the library agree after every edit', async () => {
  const options = { firstSeed: 1, seeds: 16, editsPerSeed: 32 }
  const { edits, refused, shapes, failures } = await runTries(await openTrieLibrary(), options)
  expect(failures).toEqual([])
  expect(edits).toBe(512)
  expect(refused).toBeGreaterThan(400)
  expect(TRIE_SHAPES.filter((shape) => shapes[shape] === undefined)).toEqual([])
})
