/** The pair that a step belongs to: what it is, and how it ended. */
import { OPCODES } from '../../workers/rollup/machine/opcodes.ts'
import { isBoundary } from '../../workers/rollup/machine/step.ts'
import {
  type MachineContext,
  type MachineState,
  PHASE,
  type PhaseName,
} from '../../workers/rollup/machine/types.ts'
import { opcodeAt, opcodeOutcome } from './opcodeOutcome.ts'
import { phaseOutcome, precompileName } from './phaseOutcome.ts'

const STEPS_PER_ITEM = 1n << 25n

/** `KIND: outcome`. */
export type Pair = string

export function pairOf(
  before: MachineState,
  after: MachineState,
  context: MachineContext,
  traceIndex = 0n,
): Pair {
  const kind = kindOf(before)
  if (before.phase === PHASE.EXEC) return `${kind}: ${opcodeOutcome(before, after, context)}`
  const phase = PHASE_NAMES[before.phase] ?? 'HALT'
  if (isBoundary(before.phase) && traceIndex % STEPS_PER_ITEM !== 0n) return `${kind}: stutter`
  return `${kind}: ${phaseOutcome(phase as Exclude<PhaseName, 'EXEC'>, before, after, context)}`
}

/** What kind of step begins in a state: `EXEC ADD`, `EXEC 0x0c`, `TX_START`, `PRECOMPILE 0x05`. */
export function kindOf({ phase, frame }: MachineState): string {
  if (frame !== null && phase === PHASE.EXEC) return opcodeKind(opcodeAt(frame))
  const name = PHASE_NAMES[phase] ?? `phase ${phase}`
  if (frame === null || phase !== PHASE.PRECOMPILE) return name
  return `${name} ${precompileName(frame.codeAddress)}`
}

/** Kind of a code byte. */
export function opcodeKind(opcode: number): string {
  return `EXEC ${OPCODES[opcode]?.name ?? `0x${opcode.toString(16).padStart(2, '0')}`}`
}

const PHASE_NAMES: Readonly<Record<number, PhaseName>> = Object.fromEntries(
  Object.entries(PHASE).map(([name, number]) => [number, name as PhaseName]),
)
