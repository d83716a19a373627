/** One step of the machine (docs/specs/MACHINE.md, section 2), and the witness that lets a contract repeat it. */
import { type Draft, openDraft } from './draft.ts'
import { encodeWitness, noParts, type Parts } from './parts.ts'
import { batchOpen, blockEnd, blockStart, system, txNext } from './phases/batch.ts'
import { cheat } from './phases/cheat.ts'
import { execute } from './phases/exec.ts'
import {
  frameHalt,
  frameReturn,
  frameRevert,
  frameStart,
  precompile,
  txCall,
} from './phases/frames.ts'
import { destruct, txClose, txEnd } from './phases/txEnd.ts'
import { access, authorize, txStart } from './phases/txStart.ts'
import { type MachineContext, type MachineState, PHASE, type Phase } from './types.ts'

/** The state after one step that is no stutter. */
export function step(state: MachineState, context: MachineContext): MachineState {
  return run(state, context, null)
}

/** Whether an item begins in this phase. */
export function isBoundary(phase: Phase): boolean {
  return phase <= PHASE.BLOCK_END
}

/** Whether the trace has reached its last entry's end. */
export function isFinished(state: MachineState, context: MachineContext): boolean {
  return state.phase === PHASE.BATCH_OPEN && state.block.batchIndex >= context.endEntry
}

/** What the step that begins in `state` takes. */
export function partsOf(state: MachineState, context: MachineContext): Parts {
  const parts = noParts()
  run(state, context, parts)
  return parts
}

/** The verifier's witness of the step that begins in `state`. A stutter's needs the state alone: `isStutter`. */
export function witness(
  state: MachineState,
  context: MachineContext,
  isStutter = false,
): Uint8Array {
  const takesNothing = isStutter || isFinished(state, context)
  return encodeWitness(state, takesNothing ? noParts() : partsOf(state, context))
}

function run(state: MachineState, context: MachineContext, parts: Parts | null): MachineState {
  if (isFinished(state, context)) return state
  const draft = openDraft(state, context, parts)
  if (state.phase === PHASE.EXEC) {
    if (!execute(draft)) return { ...state, phase: PHASE.HALT }
  } else RULES[state.phase](draft)
  const { phase, block, tx, world, frame } = draft
  return { phase, block, tx, world, frame }
}

const RULES: Readonly<Record<Phase, (draft: Draft) => void>> = {
  [PHASE.BATCH_OPEN]: batchOpen,
  [PHASE.BLOCK_START]: blockStart,
  [PHASE.TX_NEXT]: txNext,
  [PHASE.BLOCK_END]: blockEnd,
  [PHASE.SYSTEM]: system,
  [PHASE.TX_START]: txStart,
  [PHASE.ACCESS]: access,
  [PHASE.AUTHORIZE]: authorize,
  [PHASE.TX_CALL]: txCall,
  [PHASE.FRAME_START]: frameStart,
  [PHASE.EXEC]: execute,
  [PHASE.PRECOMPILE]: precompile,
  [PHASE.RETURN]: frameReturn,
  [PHASE.REVERT]: frameRevert,
  [PHASE.HALT]: frameHalt,
  [PHASE.TX_END]: txEnd,
  [PHASE.DESTRUCT]: destruct,
  [PHASE.TX_CLOSE]: txClose,
  [PHASE.CHEAT]: cheat,
}
