/** States as plain data for people: the page lays an honest and a claimed one side by side. */
import { bytesToHex, type Hex } from '../bytes.ts'
import { trieRoot } from '../trie/trie.ts'
import { getStorage } from '../trie/world.ts'
import { recordHashes, stateHash } from './hash.ts'
import { readMemory } from './memory.ts'
import { opcodeName } from './opcodes.ts'
import { SCRATCH, scratchGet, scratchKey } from './scratch.ts'
import { stackLength, stackValues } from './stack.ts'
import { type MachineState, PHASE, type PhaseName } from './types.ts'
import { wordToBytes } from './words.ts'

const STACK_SHOWN = 16
const MEMORY_SHOWN = 512
const PHASE_NAMES = Object.keys(PHASE) as PhaseName[]

export interface FrameDescription {
  readonly depth: number
  readonly self: Hex
  readonly caller: Hex
  readonly codeAddress: Hex
  readonly valueWei: bigint
  readonly isStatic: boolean
  readonly gas: number
  readonly pc: number
  /** Top first, at most 16. */
  readonly stack: readonly Hex[]
  readonly stackLength: number
  /** From offset 0, at most 512 bytes. */
  readonly memory: Hex
  readonly memoryBytes: number
  /** At most 512 bytes. */
  readonly input: Hex
  readonly inputBytes: number
  readonly returnData: Hex
  readonly returnBytes: number
}

/** A slot that the opcode at hand reads or writes, with its value in this state. */
export interface SlotDescription {
  readonly kind: 'storage' | 'transient'
  readonly address: Hex
  readonly slot: Hex
  readonly value: Hex
}

export interface StateDescription {
  readonly hash: Hex
  readonly phase: PhaseName
  /** Mnemonic of the opcode that runs next; empty outside EXEC. */
  readonly opcode: string
  readonly blockNumber: bigint
  readonly batchIndex: bigint
  /** Executed transactions of the block before this one; −1 outside transactions. */
  readonly transactionIndex: number
  readonly transactionHash: Hex
  readonly blockGasUsed: bigint
  readonly stateRoot: Hex
  readonly refund: number
  readonly logHash: Hex
  readonly records: {
    readonly block: Hex
    readonly tx: Hex
    readonly world: Hex
    readonly frame: Hex
  }
  readonly frame: FrameDescription | null
  readonly slot: SlotDescription | null
}

export function describeState(state: MachineState): StateDescription {
  const { block, tx, world } = state
  const hashes = recordHashes(state)
  return {
    hash: bytesToHex(stateHash(state)),
    phase: phaseName(state.phase),
    opcode: nextOpcode(state),
    blockNumber: block.number,
    batchIndex: block.batchIndex,
    transactionIndex: tx.source === 0 ? -1 : block.transactionCount,
    transactionHash: bytesToHex(tx.hash),
    blockGasUsed: block.gasUsed,
    stateRoot: bytesToHex(trieRoot(world.state.accounts)),
    refund: world.refund,
    logHash: bytesToHex(world.logHash),
    records: {
      block: bytesToHex(hashes.block),
      tx: bytesToHex(hashes.tx),
      world: bytesToHex(hashes.world),
      frame: bytesToHex(hashes.frame),
    },
    frame: describeFrame(state),
    slot: slotOf(state, state),
  }
}

export interface StepDescription {
  readonly before: StateDescription
  readonly after: StateDescription
  /** The slot that the step's opcode concerns, after it. */
  readonly slotAfter: SlotDescription | null
}

/** One step from `before` to `after`, whoever claims it. */
export function describeStep(before: MachineState, after: MachineState): StepDescription {
  return {
    before: describeState(before),
    after: describeState(after),
    slotAfter: slotOf(before, after),
  }
}

/** Where a step lies; the shape of `DecisiveStep` in protocol/reports.ts. */
export interface StepPlace {
  readonly phase: PhaseName
  readonly opcode: string
  readonly pc: number
  readonly blockNumber: bigint
  readonly transactionIndex: number
  readonly traceIndex: bigint
}

export function placeOf(before: MachineState, traceIndex: bigint): StepPlace {
  return {
    phase: phaseName(before.phase),
    opcode: nextOpcode(before),
    pc: before.frame?.pc ?? 0,
    blockNumber: before.block.number,
    transactionIndex: before.tx.source === 0 ? -1 : before.block.transactionCount,
    traceIndex,
  }
}

export function phaseName(phase: number): PhaseName {
  return PHASE_NAMES[phase] ?? 'HALT'
}

/** Mnemonic of the opcode that EXEC runs next; empty in other phases. */
export function nextOpcode({ phase, frame }: MachineState): string {
  if (phase !== PHASE.EXEC || frame === null) return ''
  const { bytes } = frame.code
  return frame.pc < bytes.length ? opcodeName(bytes[frame.pc] ?? 0) : 'STOP'
}

function describeFrame({ frame }: MachineState): FrameDescription | null {
  if (frame === null) return null
  const memoryBytes = 32 * frame.memoryWords
  return {
    depth: frame.depth,
    self: bytesToHex(frame.self),
    caller: bytesToHex(frame.caller),
    codeAddress: bytesToHex(frame.codeAddress),
    valueWei: frame.value,
    isStatic: frame.isStatic,
    gas: frame.gas,
    pc: frame.pc,
    stack: stackValues(frame.stack, STACK_SHOWN).map((value) => bytesToHex(wordToBytes(value))),
    stackLength: stackLength(frame.stack),
    memory: bytesToHex(readMemory(frame.memory, 0, Math.min(memoryBytes, MEMORY_SHOWN))),
    memoryBytes,
    input: bytesToHex(frame.input.bytes.subarray(0, MEMORY_SHOWN)),
    inputBytes: frame.input.bytes.length,
    returnData: bytesToHex(frame.returnData.bytes.subarray(0, MEMORY_SHOWN)),
    returnBytes: frame.returnData.bytes.length,
  }
}

/** The slot of `before`'s opcode, with its value in `now`. */
export function slotOf(before: MachineState, now: MachineState): SlotDescription | null {
  const { frame } = before
  const opcode = nextOpcode(before)
  const top = frame?.stack?.value
  if (frame === null || top === undefined) return null
  const at = { address: bytesToHex(frame.self), slot: bytesToHex(wordToBytes(top)) }
  if (opcode === 'SLOAD' || opcode === 'SSTORE') {
    const value = getStorage(now.world.state, frame.self, wordToBytes(top))
    return { kind: 'storage', ...at, value: bytesToHex(wordToBytes(value)) }
  }
  if (opcode === 'TLOAD' || opcode === 'TSTORE') {
    const key = scratchKey(SCRATCH.TRANSIENT, frame.self, top)
    const value = scratchGet(now.world.scratch, key)
    return { kind: 'transient', ...at, value: bytesToHex(wordToBytes(value)) }
  }
  return null
}
