/**
 * Random batches by three parties: @ethereumjs/evm (the chain engine), the mirror, and the contracts for some of the steps. A seed that fails is
 * named, and fails again.
 */

import fc from 'fast-check'
import { bytesToHex } from 'viem'
import { hashEntry } from '../../workers/rollup/batch/entry.ts'
import { ZERO_HASH } from '../../workers/rollup/bytes.ts'
import { stateHash } from '../../workers/rollup/machine/hash.ts'
import { isFinished, step } from '../../workers/rollup/machine/step.ts'
import { randomEntry } from '../../workers/rollup/machine/testing/randomEntry.ts'
import { type ExecutedEntry, executeEntry } from '../../workers/rollup/machine/testing/rollup.ts'
import type { MachineState } from '../../workers/rollup/machine/types.ts'
import { deployFamily, verify } from './family.ts'
import { pairOf } from './outcome.ts'
import type { Failure } from './tally.ts'

export interface FuzzReport {
  readonly seeds: readonly [first: number, count: number]
  /** Steps of the mirror, and those of them that the contracts verified. */
  readonly steps: number
  readonly verified: number
  readonly failures: readonly Failure[]
}

interface FuzzOptions {
  readonly firstSeed: number
  readonly seeds: number
  /** Steps of each seed that are given to the contracts. */
  readonly verifiedPerSeed: number
  readonly onProgress?: (line: string) => void
}

export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { firstSeed, seeds } = options
  const failures: Failure[] = []
  let steps = 0
  let verified = 0
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const one = await fuzzSeed(seed, options.verifiedPerSeed)
    steps += one.steps
    verified += one.verified
    failures.push(...one.failures)
    options.onProgress?.(`seed ${seed}: ${one.steps} steps, ${failures.length} failures in all`)
  }
  return { seeds: [firstSeed, seeds], steps, verified, failures }
}

async function fuzzSeed(seed: number, verifiedMax: number) {
  const [input] = fc.sample(randomEntry, { seed, numRuns: 1 })
  if (input === undefined) throw new RangeError(`Seed ${seed} gives no batch.`)
  const executed = await executeEntry(input)
  const states = statesOf(executed)
  const failures: Failure[] = []
  const where = `seed ${seed}`
  const end = states.at(-1) ?? executed.start
  if (bytesToHex(stateHash(end)) !== bytesToHex(stateHash(executed.expectedEnd)))
    failures.push({
      where,
      step: states.length,
      pair: 'final state',
      what: `the mirror ends in ${bytesToHex(stateHash(end))}, ethereumjs in ${bytesToHex(stateHash(executed.expectedEnd))}`,
    })
  const { context } = executed
  const entry = bytesToHex(hashEntry(context.source.entry(1n)))
  const family = await deployFamily([bytesToHex(ZERO_HASH), entry])
  const stride = Math.max(1, Math.ceil(states.length / verifiedMax))
  let verified = 0
  for (let at = seed % stride; at < states.length; at += stride) {
    const before = states[at] as MachineState
    const { result, expected, error } = await verify(family, before, context)
    verified++
    const pair = pairOf(before, step(before, context), context)
    if (result !== expected)
      failures.push({ where, step: at, pair, what: error ?? 'another result' })
  }
  return { steps: states.length, verified, failures }
}

/** All states from the start to the end of the entry. */
function statesOf({ start, context }: ExecutedEntry): readonly MachineState[] {
  const states = [start]
  for (let state = start; !isFinished(state, context); ) {
    state = step(state, context)
    states.push(state)
  }
  return states
}
