/** The corpora's judge: revm inside Anvil says what @ethereumjs/evm says, to the gas, and changed witnesses are told apart. */
import { bytesToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AnvilJudge, createAnvilJudge, flipBits } from '../../tools/conformance/anvilJudge.ts'
import { batchEntries, batchMessages } from '../../tools/conformance/batches.ts'
import {
  check,
  deployFamily,
  encodeStep,
  type Family,
  verify,
  WITNESS_OFFSET,
} from '../../tools/conformance/family.ts'
import { runFlips } from '../../tools/conformance/flips.ts'
import { type ProgramStep, programSteps } from '../../tools/conformance/programs.ts'
import { ZERO_HASH } from '../../workers/rollup/bytes.ts'
import { initKeccak } from '../../workers/rollup/keccak.ts'
import { stateHash } from '../../workers/rollup/machine/hash.ts'
import { step, witness } from '../../workers/rollup/machine/step.ts'
import { initSecp256k1 } from '../../workers/rollup/secp256k1.ts'

const STEPS = 60
/** One of so many pairs, and one bit of each byte; `npm run mutate` changes all. */
const PARTS = 40

let judge: AnvilJudge
let byAnvil: Family
let byOurs: Family
let steps: readonly ProgramStep[]
beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  judge = await createAnvilJudge()
  byAnvil = await deployFamily(batchEntries, batchMessages, { judge })
  byOurs = await deployFamily(batchEntries, batchMessages)
  const all = [...programSteps()]
  steps = Array.from({ length: STEPS }, (_, i) => all[Math.floor((i * all.length) / STEPS)]).filter(
    (one) => one !== undefined,
  )
}, 60_000)
afterAll(() => judge.close())

describe('the judge inside Anvil', () => {
  test('finds the same state after each step, for the same gas', async () => {
    for (const { before, context, traceIndex, pair } of steps) {
      const [anvil, ours] = await Promise.all([
        verify(byAnvil, before, context, traceIndex),
        verify(byOurs, before, context, traceIndex),
      ])
      expect({ pair, ...anvil }).toEqual({ pair, ...ours })
    }
  })

  test('refuses a wrong state in the same words', async () => {
    const [{ before, context }] = steps as [ProgramStep]
    const bytes = witness(before, context)
    const wrong = bytesToHex(ZERO_HASH)
    const { error } = await check(byAnvil, wrong, bytes, context.endEntry)
    expect(error).toBe('OneStepVerifier_WrongPreState()')
    expect((await check(byOurs, wrong, bytes, context.endEntry)).error).toBe(error)
  })

  test('tells what was accepted from what changed nothing', async () => {
    const { before, context, traceIndex } = steps.find(({ pair }) =>
      pair.startsWith('EXEC'),
    ) as ProgramStep
    const bytes = witness(before, context)
    const preState = bytesToHex(stateHash(before))
    const call = { preState, bytes, endEntry: context.endEntry, traceIndex }
    const data = encodeStep(byAnvil.inbox, call)
    const [from, count, bits] = [WITNESS_OFFSET, bytes.length, 8]
    const right = bytesToHex(stateHash(step(before, context)))
    const flips = await flipBits(judge, byAnvil.verifier, {
      data,
      honest: right,
      from,
      count,
      bits,
    })
    expect(flips.accepted).toEqual([])
    expect(flips.reverted + flips.unchanged).toBe(8 * count)
    expect(flips.unchanged).toBeGreaterThan(0)
    const wrong = bytesToHex(ZERO_HASH)
    const other = await flipBits(judge, byAnvil.verifier, {
      data,
      honest: wrong,
      from,
      count,
      bits,
    })
    expect(other.accepted).toHaveLength(flips.unchanged)
  })

  test('accepts no witness with a byte changed', async () => {
    const report = await runFlips(judge, { shard: [1, PARTS], bits: 1 })
    expect(report.failures).toEqual([])
    expect(report.steps).toBeGreaterThan(20)
    expect(report.tried).toBe(report.bytes)
    expect(report.reverted).toBeGreaterThan(report.tried / 2)
  }, 120_000)
})
