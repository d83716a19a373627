/** Chooses the step in which a cheating executor lies. */

import { STEP_BITS } from '../game/position.ts'
import type { Tampering } from '../game/prover.ts'
import { type FraudName, tamper } from '../machine/frauds.ts'
import type { MachineState } from '../machine/types.ts'
import type { L2Machine } from './traces.ts'

export interface FraudInput {
  readonly machine: L2Machine
  readonly start: MachineState
  readonly fraud: FraudName
  /** The cheater's account on L2, which profits where somebody does. */
  readonly thief: Uint8Array
}

/** A lie with what it leads to. */
export interface FoundFraud {
  readonly tampering: Tampering<MachineState>
  readonly traceIndex: bigint
  /** State before the tampered step, and what the machine makes of it. */
  readonly before: MachineState
  readonly honest: MachineState
  /** End of the trace with the lie in it. */
  readonly end: MachineState
}

/** Lies that are tried before the fraud is given up for this trace. */
const ATTEMPTS_MAX = 24
/** Steps searched: bounds the search in a trace that runs long. */
const STEPS_MAX = 20_000_000

/**
 * The first lie in the trace that changes its end; `null` if no step of it suits the fraud.
 * Rationale: a wrong word may be dropped before it matters, and a claim whose end is right is no fraud.
 */
export function chooseFraud(input: FraudInput): FoundFraud | null {
  const { machine, fraud, thief } = input
  const honestEnd = machine.hash(runToEnd(machine, input.start))
  let attempts = 0
  for (const { item, step, before, after } of walk(machine, input.start)) {
    const state = tamper(fraud, { before, after }, { thief })
    if (!state) continue
    attempts += 1
    const end = runToEnd(machine, state)
    const traceIndex = (BigInt(item) << BigInt(STEP_BITS)) + BigInt(step)
    const found = { tampering: { item, step, state }, traceIndex, before, honest: after, end }
    if (machine.hash(end) !== honestEnd) return found
    if (attempts >= ATTEMPTS_MAX) return null
  }
  return null
}

interface Step {
  readonly item: number
  readonly step: number
  readonly before: MachineState
  readonly after: MachineState
}

function* walk(machine: L2Machine, start: MachineState): Generator<Step> {
  let before = start
  let item = 0
  let step = 0
  for (let count = 0; count < STEPS_MAX && !machine.isFinished(before); count += 1) {
    const after = machine.step(before)
    yield { item, step, before, after }
    const isNext = machine.isBoundary(after)
    item += isNext ? 1 : 0
    step = isNext ? 0 : step + 1
    before = after
  }
}

function runToEnd(machine: L2Machine, start: MachineState): MachineState {
  let state = start
  for (let count = 0; count < STEPS_MAX && !machine.isFinished(state); count += 1) {
    state = machine.step(state)
  }
  return state
}
