/** Chooses the step in which a cheating executor lies. */

import { STEP_BITS } from '../game/position.ts'
import type { Anchor, Tampering } from '../game/prover.ts'
import { type StateFraudName, tamper } from '../machine/frauds.ts'
import type { MachineState } from '../machine/types.ts'
import type { L2Machine } from './traces.ts'

export interface FraudInput {
  readonly machine: L2Machine
  /** Known states of the honest trace, from its start to its end (`anchors.ts`). */
  readonly anchors: readonly Anchor<MachineState>[]
  readonly fraud: StateFraudName
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
 * The last block's first lie that changes the end of the trace, or one of the blocks before, or one behind the end; `null` if no step suits the fraud.
 * Rationale: from the lie on the cheater must run the machine itself, so a late one is cheap; and a wrong word may be dropped before
 * it matters, but a claim whose end is right is no fraud.
 */
export function chooseFraud(input: FraudInput): FoundFraud | null {
  const { machine, anchors } = input
  const end = anchors.at(-1)
  if (!end) return null
  const honestEnd = machine.hash(end.state())
  let attempts = 0
  for (let at = anchors.length - 1; at >= 0 && attempts < ATTEMPTS_MAX; at -= 1) {
    for (const found of liesBetween(input, anchors[at], anchors[at + 1])) {
      attempts += 1
      if (machine.hash(found.end) !== honestEnd) return found
      if (attempts >= ATTEMPTS_MAX) return null
    }
  }
  return null
}

/** All lies that suit the fraud from a known state up to the next one or the end, each run to the end of the trace. */
function* liesBetween(
  { machine, fraud, thief }: FraudInput,
  from: Anchor<MachineState> | undefined,
  to: Anchor<MachineState> | undefined,
): Generator<FoundFraud> {
  if (!from) return
  for (const { item, step, before, after } of walk(machine, from)) {
    if (to && item >= to.item) return
    const state = tamper(fraud, { before, after }, { thief, run: machine.step })
    if (!state) continue
    const end = runToEnd(machine, state)
    const traceIndex = (BigInt(item) << BigInt(STEP_BITS)) + BigInt(step)
    yield { tampering: { item, step, state }, traceIndex, before, honest: after, end }
  }
}

interface Step {
  readonly item: number
  readonly step: number
  readonly before: MachineState
  readonly after: MachineState
}

/** The machine's steps, and the first in which it stands still because the trace is over. */
function* walk(machine: L2Machine, from: Anchor<MachineState>): Generator<Step> {
  let before = from.state()
  let { item } = from
  let step = 0
  for (let count = 0; count < STEPS_MAX; count += 1) {
    const after = machine.step(before)
    yield { item, step, before, after }
    if (machine.isFinished(before)) return
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
