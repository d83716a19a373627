/**
 * Random edits of a trie by three parties: @ethereumjs/mpt, our trie, and the verifier's library. After each edit all roots are the same; before it all
 * proofs are, and the library refuses the proof with one bit changed. A seed that fails is named, and fails again.
 */

import type { EVM } from '@ethereumjs/evm'
import { createMerkleProof, createMPT, type MerklePatriciaTrie } from '@ethereumjs/mpt'
import { bytesToHex, type Hex } from 'viem'
import { LibraryProbe } from '../../contracts/generated/test/LibraryProbe.ts'
import { createRng, type Rng } from '../../workers/kernel/rng.ts'
import { rlpInteger } from '../../workers/rollup/trie/rlp.ts'
import {
  emptyTrie,
  type Trie,
  trieDelete,
  trieGet,
  trieProof,
  triePut,
  trieRoot,
  trieSibling,
} from '../../workers/rollup/trie/trie.ts'
import { call, createMachine, type Deployed, deploy } from './evm.ts'
import { shapesOf } from './trieShapes.ts'

/** The library, opened to calls. */
interface TrieLibrary {
  readonly evm: EVM
  readonly probe: Deployed
}

interface TrieReport {
  readonly seeds: readonly [first: number, count: number]
  readonly edits: number
  readonly refused: number
  /** How many edits met each shape that `TRIE_SHAPES` names. */
  readonly shapes: Readonly<Record<string, number>>
  readonly failures: readonly string[]
}

interface TrieOptions {
  readonly firstSeed: number
  readonly seeds: number
  readonly editsPerSeed: number
  readonly onProgress?: (line: string) => void
}

interface Tally {
  edits: number
  refused: number
  readonly shapes: Record<string, number>
  readonly failures: string[]
}

export async function openTrieLibrary(): Promise<TrieLibrary> {
  const evm = await createMachine()
  return { evm, probe: await deploy(evm, LibraryProbe) }
}

export async function runTries(library: TrieLibrary, options: TrieOptions): Promise<TrieReport> {
  const { firstSeed, seeds } = options
  const tally: Tally = { edits: 0, refused: 0, shapes: {}, failures: [] }
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    await runSeed(library, seed, options.editsPerSeed, tally)
    options.onProgress?.(`seed ${seed}: ${tally.edits} edits, ${tally.failures.length} failures`)
  }
  return { seeds: [firstSeed, seeds], ...tally }
}

/** One edit; value 0 deletes. */
interface Edit {
  readonly key: Uint8Array
  readonly value: bigint
}

async function runSeed(
  library: TrieLibrary,
  seed: number,
  edits: number,
  tally: Tally,
): Promise<void> {
  const rng = createRng(seed)
  const nextEdit = editsOf(rng, edits)
  const oracle = await createMPT()
  let trie: Trie<bigint> = emptyTrie({ encode: rlpInteger })
  for (let at = 0; at < edits; at++) {
    const edit = nextEdit(at)
    const { key, value } = edit
    for (const shape of shapesOf(trie, key, value === 0n))
      tally.shapes[shape] = (tally.shapes[shape] ?? 0) + 1
    const wrong = await compareProofs(oracle, trie, key)
    const after = value === 0n ? trieDelete(trie, key) : triePut(trie, key, value)
    await (value === 0n ? oracle.del(key) : oracle.put(key, rlpInteger(value)))
    const expected = bytesToHex(oracle.root())
    const ours = bytesToHex(trieRoot(after))
    if (ours !== expected) wrong.push(`our trie’s root is ${ours}, @ethereumjs/mpt’s ${expected}`)
    wrong.push(...(await askLibrary(library, trie, edit, expected)))
    const answer = await changedProof(library, trie, edit, rng)
    if (answer === 'refused') tally.refused++
    else if (answer !== 'empty') wrong.push(answer)
    tally.failures.push(...wrong.map((what) => `seed ${seed}, edit ${at}: ${what}`))
    trie = after
    tally.edits++
  }
}

/** Later edits delete more than they insert, so that tries shrink as they grew. */
function editsOf(rng: Rng, edits: number): (at: number) => Edit {
  const nextKey = keysOf(rng)
  const known: Uint8Array[] = []
  return (at) => {
    const isDeletion = rng.nextBelow(edits) <= at
    const isOld = known.length > 0 && rng.nextBelow(4) < (isDeletion ? 3 : 1)
    const key = (isOld ? known[rng.nextBelow(known.length)] : undefined) ?? nextKey()
    if (!isDeletion) known.push(key)
    return { key, value: isDeletion ? 0n : nextValue(rng) }
  }
}

/** Keys that leave a few bases after 0 to 63 shared nibbles, more often late than by chance: as ground keys do, and nodes get short. */
function keysOf(rng: Rng): () => Uint8Array {
  const bases = Array.from({ length: 1 + rng.nextBelow(2) }, () => rng.nextBytes(32))
  return () => {
    const key = (bases[rng.nextBelow(bases.length)] ?? new Uint8Array(32)).slice()
    const changes = 1 + rng.nextBelow(3)
    for (let i = 0; i < changes; i++) {
      const nibble = rng.nextBelow(4) > 0 ? 60 + rng.nextBelow(4) : rng.nextBelow(64)
      key[nibble >> 1] = (key[nibble >> 1] ?? 0) ^ (rng.nextBelow(16) << (nibble % 2 === 0 ? 4 : 0))
    }
    return key
  }
}

/** Most of one byte, so that nodes near the end of a key are shorter than a hash. */
function nextValue(rng: Rng): bigint {
  if (rng.nextBelow(4) > 0) return BigInt(1 + rng.nextBelow(140))
  return BigInt(bytesToHex(rng.nextBytes(1 + rng.nextBelow(32)))) + 1n
}

/** @ethereumjs/mpt lists short nodes too, which stand in their parent; `eth_getProof` leaves them out, as we do. */
async function compareProofs(
  oracle: MerklePatriciaTrie,
  trie: Trie<bigint>,
  key: Uint8Array,
): Promise<string[]> {
  const nodes = await createMerkleProof(oracle, key)
  const expected = nodes.filter((node, i) => i === 0 || node.length >= 32).map(toHex)
  return expected.join() === trieProof(trie, key).map(toHex).join() ? [] : ['the proofs differ']
}

const toHex = (bytes: Uint8Array): Hex => bytesToHex(bytes)

/** What the library says otherwise than @ethereumjs/mpt's root after the edit and the trie's value before it. */
async function askLibrary(
  library: TrieLibrary,
  trie: Trie<bigint>,
  edit: Edit,
  expected: Hex,
): Promise<readonly string[]> {
  const { evm, probe } = library
  const old = trieGet(trie, edit.key)
  const oldValue = old === undefined ? '0x' : bytesToHex(rlpInteger(old))
  const root = bytesToHex(trieRoot(trie))
  const proof = trieProof(trie, edit.key).map(toHex)
  const read = await call(evm, probe, 'trieGet', [root, bytesToHex(edit.key), proof])
  const put = await putByLibrary(library, trie, edit, editProof(trie, edit))
  const [before, after] = (put.result ?? []) as readonly Hex[]
  const wrong: string[] = []
  if (read.result !== oldValue)
    wrong.push(`the library reads ${read.error ?? read.result}, not ${oldValue}`)
  if (before !== oldValue)
    wrong.push(`the library replaces ${put.error ?? before}, not ${oldValue}`)
  if (after !== expected)
    wrong.push(`the library’s root is ${put.error ?? after}, @ethereumjs/mpt’s ${expected}`)
  return wrong
}

/** What the library does with a proof of which one bit is changed: `refused`, or what is wrong; `empty`: there is no bit. */
async function changedProof(
  library: TrieLibrary,
  trie: Trie<bigint>,
  edit: Edit,
  rng: Rng,
): Promise<string> {
  const proof = editProof(trie, edit)
  const index = proof.length === 0 ? 0 : rng.nextBelow(proof.length)
  const node = proof[index]?.slice()
  if (node === undefined) return 'empty'
  const bit = rng.nextBelow(8 * node.length)
  node[bit >> 3] = (node[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  const changed = proof.map((one, i) => (i === index ? node : one))
  const { error } = await putByLibrary(library, trie, edit, changed)
  return error === undefined ? `the library takes node ${index} with bit ${bit} changed` : 'refused'
}

function editProof(trie: Trie<bigint>, { key, value }: Edit): readonly Uint8Array[] {
  const sibling = value === 0n ? trieSibling(trie, key) : null
  return [...trieProof(trie, key), ...(sibling === null ? [] : [sibling])]
}

function putByLibrary(
  { evm, probe }: TrieLibrary,
  trie: Trie<bigint>,
  { key, value }: Edit,
  proof: readonly Uint8Array[],
) {
  return call(evm, probe, 'triePut', [
    bytesToHex(trieRoot(trie)),
    bytesToHex(key),
    value === 0n ? '0x' : bytesToHex(rlpInteger(value)),
    proof.map(toHex),
  ])
}
