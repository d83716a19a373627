import { beforeAll, expect, test } from 'vitest'
import { runFuzz } from '../../../tools/conformance/fuzz.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'

beforeAll(() => Promise.all([initKeccak(), initSecp256k1()]))

test('ethereumjs, mirror and contracts agree on random batches', async () => {
  const options = { firstSeed: 1_000, seeds: 8, verifiedPerSeed: 40 }
  const { steps, verified, failures } = await runFuzz(options)
  expect(failures).toEqual([])
  expect(steps).toBeGreaterThan(500)
  expect(verified).toBeGreaterThan(100)
})
