/** Each member of the family verifies its own steps and refuses all others by name; phases that no state has are refused too. */
import { bytesToHex } from 'viem'
import { beforeAll, expect, test } from 'vitest'
import { batchEntries, batchMessages } from '../../../tools/conformance/batches.ts'
import { check, deployFamily, type Family } from '../../../tools/conformance/family.ts'
import { declaredPairs } from '../../../tools/conformance/pairs.ts'
import { type ProgramStep, stepOfEach } from '../../../tools/conformance/programs.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { stateHash } from '../../../workers/rollup/machine/hash.ts'
import { step, witness } from '../../../workers/rollup/machine/step.ts'
import type { Phase } from '../../../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'

let family: Family
beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  family = await deployFamily(batchEntries, batchMessages)
})

/** One step of each kind that succeeds, or halts if it always does; no stutters, which the entry decides. */
function stepsOfKinds(): readonly ProgramStep[] {
  const first = new Map<string, string>()
  for (const pair of declaredPairs()) {
    const kind = pair.slice(0, pair.indexOf(':'))
    if (!first.has(kind)) first.set(kind, pair)
  }
  return [...stepOfEach([...first.values()]).values()]
}

test('exactly one member verifies a step', async () => {
  const names = Object.keys(family.members)
  for (const [index, { pair, before, context }] of stepsOfKinds().entries()) {
    const bytes = witness(before, context)
    const expected = bytesToHex(stateHash(step(before, context)))
    const ask = (verifier: Family['verifier']) =>
      check({ ...family, verifier }, bytesToHex(stateHash(before)), bytes, context.endEntry)
    expect((await ask(family.verifier)).result, pair).toBe(expected)
    // All members for some steps, and for each step some.
    const asked = index % 8 === 0 ? names : [names[index % names.length] ?? '']
    const answers = await Promise.all(asked.map((name) => ask(family.members[name] as never)))
    const taken = answers.filter(({ result }) => result !== undefined)
    for (const { result } of taken) expect(result, pair).toBe(expected)
    expect(taken.length, pair).toBeLessThanOrEqual(1)
    if (asked.length === names.length) expect(taken.length, pair).toBe(1)
    for (const { error } of answers.filter(({ result }) => result === undefined))
      expect(error, pair).toContain('StepBase_ForeignStep')
  }
})

test('no step begins in a phase that the machine does not have', async () => {
  const [one] = stepsOfKinds()
  if (one === undefined) throw new Error('There is no step.')
  for (const phase of [19, 20, 255]) {
    const before = { ...one.before, phase: phase as Phase }
    const bytes = witness(one.before, one.context)
    bytes[31] = phase
    const { error } = await check(family, bytesToHex(stateHash(before)), bytes, 1n)
    expect(error).toBe(`OneStepVerifier_UnknownPhase(${phase})`)
  }
})
