/** The mirror's opcodes in the shape of geth's struct logs, to be laid beside those of another implementation. */
import { bytesToHex, type Hex } from 'viem'
import { readMemory } from '../../workers/rollup/machine/memory.ts'
import { OPCODES } from '../../workers/rollup/machine/opcodes.ts'
import { stackLength, stackValues } from '../../workers/rollup/machine/stack.ts'
import { step } from '../../workers/rollup/machine/step.ts'
import {
  FRAME_KIND,
  type MachineContext,
  type MachineState,
  PHASE,
} from '../../workers/rollup/machine/types.ts'
import { opcodeAt } from './opcodeOutcome.ts'

/** What `debug_traceTransaction` says of a step. */
export interface StructLog {
  readonly pc: number
  readonly op: string
  readonly gas: number
  readonly gasCost: number
  readonly depth: number
  /** Deepest first. */
  readonly stack: readonly Hex[]
  readonly memory: readonly Hex[]
  readonly returnData: Hex
  readonly refund?: number
}

/** Where revm's tracer and the mirror rightly differ. Only these fields of a step may be null, and nothing else is let pass. */
export const MEANINGS = {
  gasCost:
    'In the step in which a frame halts, the mirror takes no gas (HALT does), revm what the opcode got to take. Of a call or creation that fails before it begins, revm takes the forwarded gas and gives it back; the mirror takes neither.',
  refund:
    'revm’s counter is that of the running frame, the mirror’s that of the transaction, from authorizations on.',
  op: 'revm keeps the name DIFFICULTY, and has names for bytes that a later hardfork defines.',
  code: 'A call of an account without code is one STOP to the mirror; revm does not run it. Both run empty initcode.',
} as const

interface Fields {
  readonly pc: number
  readonly op: string
  readonly gas: number
  readonly gasCost: number
  readonly depth: number
  readonly stack: string
  readonly memory: string
  readonly returnData: Hex
  readonly refund: number
}

/** A step of the mirror; null where the two do not mean the same. */
export type MirrorLog = {
  readonly [Name in keyof Fields]: Name extends keyof typeof MEANINGS
    ? Fields[Name] | null
    : Fields[Name]
}

export interface MirrorTrace {
  readonly logs: readonly MirrorLog[]
  readonly gasUsed: number
  readonly status: number
}

/** Runs the transaction that the state is about to start. */
export function mirrorTrace(start: MachineState, context: MachineContext): MirrorTrace {
  const logs: MirrorLog[] = []
  let [state, refundBefore] = [start, 0]
  let { tx } = state
  do {
    if (state.phase === PHASE.TX_CALL) refundBefore = state.world.refund
    const after = step(state, context)
    if (state.phase === PHASE.EXEC && !isCallWithoutCode(state))
      logs.push(logOf(state, after, refundBefore))
    if (after.phase === PHASE.TX_CLOSE) tx = after.tx
    state = after
  } while (state.phase !== PHASE.TX_NEXT)
  return { logs, gasUsed: tx.gasUsed, status: tx.status }
}

function isCallWithoutCode({ frame }: MachineState): boolean {
  return frame?.code.bytes.length === 0 && frame.kind !== FRAME_KIND.CREATE
}

function logOf(before: MachineState, after: MachineState, refundBefore: number): MirrorLog {
  const { frame, world } = before
  if (frame === null) throw new RangeError('EXEC has a frame.')
  const values = stackValues(frame.stack, stackLength(frame.stack)).reverse()
  return {
    pc: frame.pc,
    op: nameOf(opcodeAt(frame)),
    gas: frame.gas,
    gasCost: gasCostOf(before, after),
    depth: frame.depth + 1,
    stack: values.map((value) => `0x${value.toString(16)}`).join(' '),
    memory: bytesToHex(readMemory(frame.memory, 0, 32 * frame.memoryWords)).slice(2),
    returnData: bytesToHex(frame.returnData.bytes),
    refund: frame.depth === 0 ? world.refund - refundBefore : null,
  }
}

const STARTS_FRAME: ReadonlySet<number> = new Set([0xf0, 0xf1, 0xf2, 0xf4, 0xf5, 0xfa])

function gasCostOf({ frame: before }: MachineState, { phase, frame }: MachineState): number | null {
  if (before === null || frame === null || phase === PHASE.HALT) return null
  if (phase === PHASE.FRAME_START) return before.gas - (frame.parent?.gas ?? 0)
  return STARTS_FRAME.has(opcodeAt(before)) ? null : before.gas - frame.gas
}

const PREVRANDAO = 0x44
const INVALID = 0xfe

/** revm's name. */
function nameOf(opcode: number): string | null {
  if (opcode === PREVRANDAO) return 'DIFFICULTY'
  return opcode === INVALID ? 'INVALID' : (OPCODES[opcode]?.name ?? null)
}

/** Each field in which a step differs, of the first step that does; empty if the traces agree. */
export function compareLogs(ours: readonly MirrorLog[], theirs: readonly StructLog[]): string[] {
  for (let at = 0; at < Math.max(ours.length, theirs.length); at++) {
    const [mine, other] = [ours[at], theirs[at]]
    if (mine === undefined || other === undefined)
      return [`step ${at}: the mirror has ${ours.length} steps, the node ${theirs.length}`]
    const differences = differencesOf(mine, other)
    if (differences.length > 0)
      return differences.map(
        (what) => `step ${at}, ${mine.op ?? 'undefined'} at ${mine.pc}: ${what}`,
      )
  }
  return []
}

function differencesOf(mine: MirrorLog, theirs: StructLog): string[] {
  const other: Readonly<Record<keyof MirrorLog, unknown>> = {
    ...theirs,
    stack: theirs.stack.join(' '),
    memory: theirs.memory.map((word) => word.replace('0x', '')).join(''),
    refund: theirs.refund ?? 0,
  }
  return (Object.keys(mine) as (keyof MirrorLog)[])
    .filter((field) => mine[field] !== null && mine[field] !== other[field])
    .map((field) => `${field} is ${String(mine[field])}, the node’s ${String(other[field])}`)
}
