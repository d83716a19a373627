/** The machine as the dispute game sees it (`game/prover.ts`). */
import { bytesToHex } from '../bytes.ts'
import { splitTraceIndex } from '../game/position.ts'
import type { StepMachine } from '../game/prover.ts'
import { stateHash } from './hash.ts'
import { isBoundary, isFinished, step, witness } from './step.ts'
import type { MachineContext, MachineState } from './types.ts'

/** Everything that a prover of one output root needs; the root's start state is its parent's end (`boundaryState`). */
export function createMachine(context: MachineContext): StepMachine<MachineState> {
  return {
    step: (state) => step(state, context),
    isBoundary: (state) => isBoundary(state.phase),
    isFinished: (state) => isFinished(state, context),
    hash: (state) => bytesToHex(stateHash(state)),
    witness: (state, traceIndex) => {
      const isStutter = isBoundary(state.phase) && splitTraceIndex(traceIndex).step !== 0n
      return witness(state, context, isStutter)
    },
  }
}
