/** The programs of the repository: steps that together reach every declared pair. */
import { isFinished, step } from '../../workers/rollup/machine/step.ts'
import {
  type MachineContext,
  type MachineState,
  PHASE,
} from '../../workers/rollup/machine/types.ts'
import { batchContext, batchStart, brokenSystemStart } from './batches.ts'
import { opcodeStates } from './opcodeStates.ts'
import { type Pair, pairOf } from './outcome.ts'
import { dearPrecompileStates, precompileStates, rareTransactions } from './phaseStates.ts'
import { context } from './states.ts'
import { allCases } from './transactions.ts'

/** A step to be verified. */
export interface ProgramStep {
  readonly pair: Pair
  readonly before: MachineState
  readonly context: MachineContext
  readonly traceIndex: bigint
}

/** The first step of each of these pairs, as far as the programs reach them. */
export function stepOfEach(pairs: readonly Pair[]): ReadonlyMap<Pair, ProgramStep> {
  const wanted = new Set(pairs)
  const found = new Map<Pair, ProgramStep>()
  for (const one of programSteps()) {
    if (wanted.size === 0) break
    if (wanted.delete(one.pair)) found.set(one.pair, one)
  }
  return found
}

/** All steps of all programs, in a fixed order. */
export function* programSteps(): Generator<ProgramStep> {
  for (const before of opcodeStates()) yield programStep(before, context)
  for (const before of precompileStates()) yield programStep(before, context)
  for (const before of dearPrecompileStates()) yield programStep(before, context)
  for (const start of [batchStart(), brokenSystemStart()]) yield* batchSteps(start)
  for (const start of rareTransactions()) yield* transactionSteps(start)
  for (const { start } of allCases()) yield* transactionSteps(start)
}

function programStep(before: MachineState, source: MachineContext, traceIndex = 0n): ProgramStep {
  const after = step(before, source)
  return { pair: pairOf(before, after, source, traceIndex), before, context: source, traceIndex }
}

function* transactionSteps(start: MachineState): Generator<ProgramStep> {
  let state = start
  do {
    const one = programStep(state, context)
    yield one
    state = step(state, context)
  } while (state.phase !== PHASE.TX_NEXT)
}

/** A boundary state is a step of its own at the first index of an item, and a stutter elsewhere. */
function* batchSteps(start: MachineState): Generator<ProgramStep> {
  let state = start
  while (!isFinished(state, batchContext)) {
    yield programStep(state, batchContext)
    if (state.phase <= PHASE.BLOCK_END) yield programStep(state, batchContext, 1n)
    state = step(state, batchContext)
  }
  yield programStep(state, batchContext)
}
