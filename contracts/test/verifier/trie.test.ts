import type { EVM } from '@ethereumjs/evm'
import fc from 'fast-check'
import { bytesToHex, type Hex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { call, createMachine, type Deployed, deploy } from '../../../tools/conformance/evm.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { rlpInteger } from '../../../workers/rollup/trie/rlp.ts'
import {
  emptyTrie,
  type Trie,
  trieDelete,
  trieGet,
  trieProof,
  triePut,
  trieRoot,
  trieSibling,
} from '../../../workers/rollup/trie/trie.ts'
import { EMPTY_ACCOUNT, encodeAccount } from '../../../workers/rollup/trie/world.ts'
import { LibraryProbe } from '../../generated/test/LibraryProbe.ts'

let evm: EVM
let probe: Deployed

beforeAll(async () => {
  await initKeccak()
  evm = await createMachine()
  probe = await deploy(evm, LibraryProbe)
})

/** Keys that share many nibbles at the front, at the back, or nearly all: inline nodes, extensions, collapses. */
const keys = fc
  .tuple(
    fc.constantFrom(0, 1, 15, 31),
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0, 0x10, 0x11),
  )
  .map(([at, value, last]) => {
    const key = new Uint8Array(32)
    key[at] = value
    key[31] = (key[31] ?? 0) ^ last
    return key
  })
const values = fc.oneof(fc.bigInt(1n, 200n), fc.bigInt(1n, (1n << 256n) - 1n))
const entries = fc.array(fc.tuple(keys, values), { maxLength: 40 })

const build = (list: readonly (readonly [Uint8Array, bigint])[]) =>
  list.reduce<Trie<bigint>>(
    (trie, [key, value]) => triePut(trie, key, value),
    emptyTrie({ encode: rlpInteger }),
  )

const proofFor = (trie: Trie<bigint>, key: Uint8Array, isDeletion: boolean): Hex[] => {
  const sibling = isDeletion ? trieSibling(trie, key) : null
  return [...trieProof(trie, key), ...(sibling === null ? [] : [sibling])].map((node) =>
    bytesToHex(node),
  )
}

const edit = (trie: Trie<bigint>, key: Uint8Array, value: bigint, proof: readonly Hex[]) =>
  call(evm, probe, 'triePut', [
    bytesToHex(trieRoot(trie)),
    bytesToHex(key),
    value === 0n ? '0x' : bytesToHex(rlpInteger(value)),
    proof,
  ])

describe('MerklePatricia', () => {
  test('inserts, updates and deletes as the trie does', async () => {
    await fc.assert(
      fc.asyncProperty(
        entries,
        keys,
        fc.oneof(fc.constant(0n), values),
        fc.boolean(),
        async (list, fresh, value, useOld) => {
          const trie = build(list)
          const key = useOld && list[0] !== undefined ? list[0][0] : fresh
          const old = trieGet(trie, key)
          const after = value === 0n ? trieDelete(trie, key) : triePut(trie, key, value)
          const { result, error } = await edit(trie, key, value, proofFor(trie, key, value === 0n))
          expect(error).toBeUndefined()
          expect(result).toEqual([
            old === undefined ? '0x' : bytesToHex(rlpInteger(old)),
            bytesToHex(trieRoot(after)),
          ])
        },
      ),
      { numRuns: 150 },
    )
  })

  test('rejects a proof with a flipped, missing or surplus part', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(keys, values), { minLength: 2, maxLength: 40 }),
        fc.nat(),
        fc.nat(),
        fc.boolean(),
        async (list, n, m, isDeletion) => {
          const trie = build(list)
          const key = list[0]?.[0] ?? new Uint8Array(32)
          const proof = proofFor(trie, key, isDeletion)
          const index = n % proof.length
          const node = Uint8Array.from(Buffer.from((proof[index] ?? '0x').slice(2), 'hex'))
          node[m % node.length] = (node[m % node.length] ?? 0) ^ (1 << (m & 7))
          const flipped = proof.map((item, i) => (i === index ? bytesToHex(node) : item))
          const value = isDeletion ? 0n : 77n
          expect((await edit(trie, key, value, flipped)).error).toBeDefined()
          expect((await edit(trie, key, value, proof.slice(0, -1))).error).toBeDefined()
          expect((await edit(trie, key, value, [...proof, '0x80'])).error).toBeDefined()
        },
      ),
      { numRuns: 150 },
    )
  })

  test('costs little', async () => {
    const list = Array.from({ length: 4_000 }, (_, i) => {
      const key = new Uint8Array(32)
      new DataView(key.buffer).setUint32(0, Math.imul(i, 2_654_435_761))
      return [key, BigInt(i + 1)] as const
    })
    const trie = build(list)
    const key = list[0]?.[0] ?? new Uint8Array(32)
    const { gas } = await edit(trie, key, 5n, proofFor(trie, key, false))
    expect(gas).toBeLessThan(120_000n)
  })

  test('reads and writes account records', async () => {
    const value = bytesToHex(encodeAccount({ ...EMPTY_ACCOUNT, nonce: 3n, balance: 10n ** 18n }))
    const { result } = await call(evm, probe, 'accountRoundTrip', [value])
    expect(result).toMatchObject([{ exists: true, nonce: 3n, balance: 10n ** 18n }, value])
    expect((await call(evm, probe, 'accountRoundTrip', [`${value}00`])).error).toBeDefined()
  })
})
