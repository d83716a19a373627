/** Some steps of some state tests through the contracts; `npm run conformance` takes as many as it is told. */
import { beforeAll, expect, test } from 'vitest'
import { evenSample, fixtureFiles } from '../../../tools/conformance/corpus.ts'
import { deployFamily, type Family } from '../../../tools/conformance/family.ts'
import { runFixture } from '../../../tools/conformance/run.ts'
import { createTally, reportOf } from '../../../tools/conformance/tally.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'

const FILES = 24
const STEPS_PER_FILE = 30

let family: Family
beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  family = await deployFamily()
})

test('the contracts give the mirror’s result, and the mirror the fixture’s root', async () => {
  const tally = createTally()
  for (const file of evenSample(fixtureFiles(process.env['FIXTURES_DIR'] ?? ''), FILES))
    await runFixture(family, tally, file, STEPS_PER_FILE)
  const { steps, failures } = reportOf(tally)
  expect(failures).toEqual([])
  expect(steps).toBeGreaterThan(FILES)
}, 600_000)
