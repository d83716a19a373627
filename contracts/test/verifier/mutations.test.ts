import { beforeAll, expect, test } from 'vitest'
import { batchEntries, batchMessages } from '../../../tools/conformance/batches.ts'
import { deployFamily, type Family } from '../../../tools/conformance/family.ts'
import { runMutations } from '../../../tools/conformance/mutations.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'

let family: Family
beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  family = await deployFamily(batchEntries, batchMessages)
})

test('a changed witness reverts or changes nothing, for each kind of step', async () => {
  const { tried, reverted, byKind, failures } = await runMutations(family, { perKind: 6, seed: 7 })
  expect(failures).toEqual([])
  expect(Object.keys(byKind).length).toBeGreaterThan(256)
  expect(reverted).toBeGreaterThan(tried / 2)
})
