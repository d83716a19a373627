import { bytesToHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  batchContext,
  batchEntries,
  batchMessages,
  batchStart,
} from '../../../tools/conformance/batches.ts'
import { deployFamily, type Family, verify } from '../../../tools/conformance/family.ts'
import { kindOf } from '../../../tools/conformance/outcome.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { stateHash } from '../../../workers/rollup/machine/hash.ts'
import { isFinished, step } from '../../../workers/rollup/machine/step.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'

describe('a whole trace from batch to batch', () => {
  let family: Family
  beforeAll(async () => {
    await Promise.all([initKeccak(), initSecp256k1()])
    family = await deployFamily(batchEntries, batchMessages)
  })

  test('each step has the mirror’s result', async () => {
    let state = batchStart()
    const failures: string[] = []
    for (let i = 0; !isFinished(state, batchContext) && i < 2_000; i++) {
      const kind = kindOf(state)
      const { result, expected, error } = await verify(family, state, batchContext)
      if (result !== expected) failures.push(`step ${i} ${kind}: ${error ?? 'another result'}`)
      state = step(state, batchContext)
    }
    expect(failures).toEqual([])
    expect(isFinished(state, batchContext)).toBe(true)
    expect(state.block.number).toBe(261n)
    expect(state.block.inboxCount).toBe(6n)
  })

  test('boundary phases wait for the next item and a finished trace stays', async () => {
    let state = batchStart()
    const stutter = await verify(family, state, batchContext, 5n)
    expect(stutter.result).toBe(bytesToHex(stateHash(state)))
    while (!isFinished(state, batchContext)) state = step(state, batchContext)
    const finished = await verify(family, state, batchContext, 1n << 25n)
    expect(finished.result).toBe(bytesToHex(stateHash(state)))
    expect(
      (await verify(family, state, { ...batchContext, endEntry: batchContext.endEntry - 1n }, 0n))
        .result,
    ).toBe(finished.result)
  })
})
