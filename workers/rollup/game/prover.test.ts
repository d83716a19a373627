import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hex } from '../bytes.ts'
import { STEP_BITS } from './position.ts'
import { createProver, type StepMachine } from './prover.ts'

/** Counts down through items of given lengths; `salt` tells a tampered machine apart. */
interface Toy {
  readonly item: number
  readonly step: number
  readonly salt: number
}

function toyMachine(lengths: readonly number[]): StepMachine<Toy> {
  return {
    step: (state) =>
      state.step + 1 >= (lengths[state.item] ?? 1)
        ? { ...state, item: state.item + 1, step: 0 }
        : { ...state, step: state.step + 1 },
    isBoundary: (state) => state.step === 0,
    isFinished: (state) => state.item >= lengths.length,
    hash: (state) => `0x${state.item}.${state.step}.${state.salt}` as Hex,
    witness: (state) => Uint8Array.of(state.item, state.step & 0xff),
  }
}

/** State at an index by the definition: one step per index, stuttering at boundaries until the next multiple. */
function stateByDefinition(lengths: readonly number[], index: bigint, salt = 0): Hex {
  const item = Number(index >> BigInt(STEP_BITS))
  const step = Number(index & ((1n << BigInt(STEP_BITS)) - 1n))
  if (item >= lengths.length) return `0x${lengths.length}.0.${salt}`
  if (step >= (lengths[item] ?? 1)) return `0x${item + 1}.0.${salt}`
  return `0x${item}.${step}.${salt}`
}

const START = { item: 0, step: 0, salt: 0 }
const lengthsArbitrary = fc.array(fc.integer({ min: 1, max: 1_500 }), {
  minLength: 1,
  maxLength: 6,
})
const indexArbitrary = fc
  .tuple(fc.nat(8), fc.oneof(fc.nat(2_000), fc.constant((1 << STEP_BITS) - 1)))
  .map(([item, step]) => (BigInt(item) << BigInt(STEP_BITS)) + BigInt(step))

describe('the prover', () => {
  it('gives the state of every index, in any order of questions', async () => {
    await fc.assert(
      fc.asyncProperty(lengthsArbitrary, fc.array(indexArbitrary), async (lengths, indices) => {
        const prover = createProver({ machine: toyMachine(lengths), start: START })
        for (const index of indices) {
          expect(await prover.stateHashAt(index)).toBe(stateByDefinition(lengths, index + 1n))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('gives the same states from known ones as from the start', async () => {
    const known = fc.array(fc.nat(7), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(
        lengthsArbitrary,
        known,
        fc.array(indexArbitrary),
        async (lengths, items, indices) => {
          const inside = [...new Set(items)].filter((item) => item <= lengths.length)
          const anchors = inside
            .sort((left, right) => left - right)
            .map((item) => ({ item, state: () => ({ item, step: 0, salt: 0 }) }))
          const prover = createProver({ machine: toyMachine(lengths), start: START, anchors })
          for (const index of indices) {
            expect(await prover.stateHashAt(index)).toBe(stateByDefinition(lengths, index + 1n))
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('differs from the honest trace from the tampered step on, and not before', async () => {
    const lengths = [3, 700, 5]
    const state = { item: 1, step: 301, salt: 9 }
    const honest = createProver({ machine: toyMachine(lengths), start: START })
    const tampering = { item: 1, step: 300, state }
    const machine = toyMachine(lengths)
    const anchors = [1, 2, 3].map((item) => ({ item, state: () => ({ item, step: 0, salt: 0 }) }))
    const liar = createProver({ machine, start: START, anchors, tampering })
    const at = (1n << BigInt(STEP_BITS)) + 300n
    expect(await liar.stateHashAt(at - 1n)).toBe(await honest.stateHashAt(at - 1n))
    expect(await liar.stateHashAt(at)).toBe('0x1.301.9')
    expect(await liar.stateHashAt((1n << 46n) - 1n)).toBe('0x3.0.9')
    expect(await honest.stateHashAt((1n << 46n) - 1n)).toBe('0x3.0.0')
  })

  it('goes on for one step where the lie is that the trace is not over', async () => {
    const machine = toyMachine([3, 5])
    const anchors = [1, 2].map((item) => ({ item, state: () => ({ item, step: 0, salt: 0 }) }))
    const tampering = { item: 2, step: 0, state: { item: 2, step: 0, salt: 9 } }
    const honest = createProver({ machine, start: START, anchors })
    const liar = createProver({ machine, start: START, anchors, tampering })
    const end = 2n << BigInt(STEP_BITS)
    const far = [end, end + 1n, end + (7n << BigInt(STEP_BITS)) + 3n, (1n << 46n) - 1n]
    for (const index of far) {
      expect(await liar.stateHashAt(index)).toBe('0x2.0.9')
      expect(await honest.stateHashAt(index)).toBe('0x2.0.0')
    }
    expect(await liar.stateHashAt(end - 1n)).toBe(await honest.stateHashAt(end - 1n))
  })
})
