import { bytesToHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { check, deployFamily, type Family, verify } from '../../../tools/conformance/family.ts'
import { kindOf } from '../../../tools/conformance/outcome.ts'
import { context } from '../../../tools/conformance/states.ts'
import { allCases } from '../../../tools/conformance/transactions.ts'
import { createRng } from '../../../workers/kernel/rng.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { stateHash } from '../../../workers/rollup/machine/hash.ts'
import { step, witness } from '../../../workers/rollup/machine/step.ts'
import { type MachineState, PHASE } from '../../../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'

/** How often one kind of step, told apart by what follows it, is given to the contracts. */
const PER_KIND = 5
const FLIPS_PER_STEP = 4

let family: Family
beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  family = await deployFamily()
})

interface Found {
  readonly name: string
  readonly state: MachineState
}

/** Steps of all cases, at most so many of one kind. */
function sample(perKind: number): readonly Found[] {
  const counts = new Map<string, number>()
  const found: Found[] = []
  for (const { name, start } of allCases()) {
    let state = start
    do {
      const next = step(state, context)
      // Precompiles differ by number, not by phase alone.
      const address =
        state.phase === PHASE.PRECOMPILE
          ? bytesToHex(state.frame?.codeAddress ?? new Uint8Array(20))
          : ''
      const kind = `${kindOf(state)} → ${next.phase} ${address}`
      const count = counts.get(kind) ?? 0
      counts.set(kind, count + 1)
      if (count < perKind) found.push({ name, state })
      state = next
    } while (state.phase !== PHASE.TX_NEXT)
  }
  return found
}

describe('whole transactions', () => {
  test('each kind of step gives the mirror’s result', async () => {
    const failures: string[] = []
    const phases = new Set<number>()
    for (const { name, state } of sample(PER_KIND)) {
      phases.add(state.phase)
      const { result, expected, error } = await verify(family, state, context)
      if (result !== expected)
        failures.push(`${name}: ${kindOf(state)}: ${error ?? 'another result'}`)
    }
    expect(failures).toEqual([])
    expect([...phases].sort((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, i) => i + 5))
  })

  test('a flipped bit of a witness reverts or changes nothing', async () => {
    const rng = createRng(7)
    const failures: string[] = []
    let reverted = 0
    let tried = 0
    for (const { name, state } of sample(1)) {
      const bytes = witness(state, context)
      const before = bytesToHex(stateHash(state))
      const expected = bytesToHex(stateHash(step(state, context)))
      for (let i = 0; i < FLIPS_PER_STEP; i++) {
        const flipped = bytes.slice()
        const index = rng.nextBelow(flipped.length)
        flipped[index] = (flipped[index] ?? 0) ^ (1 << rng.nextBelow(8))
        const { result, error } = await check(family, before, flipped, context.endEntry)
        tried++
        if (error !== undefined) reverted++
        else if (result !== expected) failures.push(`${name}: ${kindOf(state)}: byte ${index}`)
      }
    }
    expect(failures).toEqual([])
    expect(reverted).toBeGreaterThan(tried / 2)
  })
})
