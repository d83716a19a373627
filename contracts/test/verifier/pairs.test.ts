/** Every declared pair of an opcode or phase and an outcome once, by the contracts; fails when the programs miss one. */
import { beforeAll, describe, expect, test } from 'vitest'
import { batchEntries, batchMessages } from '../../../tools/conformance/batches.ts'
import { deployFamily, type Family } from '../../../tools/conformance/family.ts'
import { declaredPairs } from '../../../tools/conformance/pairs.ts'
import { runPrograms } from '../../../tools/conformance/run.ts'
import { createTally, reportOf } from '../../../tools/conformance/tally.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { PHASE } from '../../../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'

describe('conformance', () => {
  let family: Family
  beforeAll(async () => {
    await Promise.all([initKeccak(), initSecp256k1()])
    family = await deployFamily(batchEntries, batchMessages)
  })

  test('declares each byte as an opcode, and each phase', () => {
    const kinds = new Set(declaredPairs().map((pair) => pair.slice(0, pair.indexOf(':'))))
    const opcodes = [...kinds].filter((kind) => kind.startsWith('EXEC '))
    expect(opcodes).toHaveLength(256)
    for (const phase of Object.keys(PHASE))
      expect([...kinds].some((kind) => kind.split(' ')[0] === phase)).toBe(true)
    expect(new Set(declaredPairs()).size).toBe(declaredPairs().length)
  })

  test('the contracts give the mirror’s result for every pair, and no pair is missing', async () => {
    const tally = createTally()
    await runPrograms(family, tally)
    const { missing, failures, covered } = reportOf(tally)
    expect({ missing, failures }).toEqual({ missing: 0, failures: [] })
    expect(covered).toBe(declaredPairs().length)
  })
})
