/** How one opcode ended, told from the state before it and from docs/specs/MACHINE.md, section 5; not from the mirror's own branches. */
import { equalBytes } from '../../workers/rollup/bytes.ts'
import { delegateOf } from '../../workers/rollup/machine/byteString.ts'
import { OPCODES } from '../../workers/rollup/machine/opcodes.ts'
import { isPrecompile } from '../../workers/rollup/machine/precompileAddress.ts'
import { SCRATCH, scratchGet, scratchKey } from '../../workers/rollup/machine/scratch.ts'
import { stackLength, stackValues } from '../../workers/rollup/machine/stack.ts'
import { partsOf } from '../../workers/rollup/machine/step.ts'
import {
  type Frame,
  type MachineContext,
  type MachineState,
  PHASE,
  type World,
} from '../../workers/rollup/machine/types.ts'
import { wordToAddress, wordToBytes } from '../../workers/rollup/machine/words.ts'
import {
  getAccount,
  getCode,
  getStorage,
  type WorldState,
} from '../../workers/rollup/trie/world.ts'

const STACK_MAX = 1_024
const DEPTH_MAX = 1_024
const SENTRY_GAS = 2_300
const MEMORY_END = 1n << 22n
const BLOCK_HASHES = 256n
const NONCE_MAX = 2n ** 64n - 1n

export const OP = {
  STOP: 0x00,
  EXTCODECOPY: 0x3c,
  RETURNDATACOPY: 0x3e,
  BLOCKHASH: 0x40,
  SLOAD: 0x54,
  SSTORE: 0x55,
  JUMP: 0x56,
  JUMPI: 0x57,
  PUSH1: 0x60,
  PUSH32: 0x7f,
  CREATE: 0xf0,
  CALL: 0xf1,
  CALLCODE: 0xf2,
  CREATE2: 0xf5,
  SELFDESTRUCT: 0xff,
} as const

/** Where an opcode's memory ranges stand among its operands: offset, and length or its fixed size. */
export const RANGES: Readonly<Record<number, readonly (readonly [number, number | bigint])[]>> = {
  32: [[0, 1]],
  55: [[0, 2]],
  57: [[0, 2]],
  60: [[1, 3]],
  62: [[0, 2]],
  81: [[0, 32n]],
  82: [[0, 32n]],
  83: [[0, 1n]],
  94: [
    [0, 2],
    [1, 2],
  ],
  160: [[0, 1]],
  161: [[0, 1]],
  162: [[0, 1]],
  163: [[0, 1]],
  164: [[0, 1]],
  240: [[1, 2]],
  241: [
    [3, 4],
    [5, 6],
  ],
  242: [
    [3, 4],
    [5, 6],
  ],
  243: [[0, 1]],
  244: [
    [2, 3],
    [4, 5],
  ],
  245: [[1, 2]],
  250: [
    [2, 3],
    [4, 5],
  ],
  253: [[0, 1]],
}

/** Opcodes that read an account which their first operand names, at EIP-2929's price. */
export const ACCOUNT_OPCODES: readonly number[] = [0x31, 0x3b, 0x3c, 0x3f]
export const CALL_OPCODES: readonly number[] = [0xf1, 0xf2, 0xf4, 0xfa]

/** An EXEC state with what classification reads of it. */
interface Exec {
  readonly state: MachineState
  readonly frame: Frame
  readonly opcode: number
  readonly words: readonly bigint[]
}

/** The code byte at pc; STOP behind the end. */
export function opcodeAt({ code, pc }: Frame): number {
  return pc < code.bytes.length ? (code.bytes[pc] ?? OP.STOP) : OP.STOP
}

export function opcodeOutcome(
  state: MachineState,
  after: MachineState,
  context: MachineContext,
): string {
  const { frame } = state
  if (frame === null) return 'no frame'
  const opcode = opcodeAt(frame)
  const words = stackValues(frame.stack, OPCODES[opcode]?.pops ?? 0)
  const exec: Exec = { state, frame, opcode, words }
  return after.phase === PHASE.HALT ? haltOf(exec, context) : successOf(exec, after)
}

/** The first rule that halts, in the order of the spec. */
function haltOf({ state, frame, opcode, words }: Exec, context: MachineContext): string {
  const rule = OPCODES[opcode]
  if (rule === undefined) return 'undefined'
  const length = stackLength(frame.stack)
  if (length < rule.pops) return 'stack underflow'
  if (length - rule.pops + rule.pushes > STACK_MAX) return 'stack overflow'
  const movesValue = opcode === OP.CALL && words[2] !== 0n
  if (frame.isStatic && (rule.writes || movesValue)) return 'static violation'
  const extra = extraHalt(frame, opcode, words, context.rules.initcodeSizeMax)
  if (extra !== null) return extra
  if (rangesOf(opcode, words).some((range) => isBeyondCap(range, context.rules.rangeMax)))
    return 'memory cap'
  if (opcode === OP.JUMP && frame.gas >= 8) return 'bad jump'
  if (opcode === OP.JUMPI && frame.gas >= 10) return 'bad jump'
  const { scratch, trie } = partsOf(state, context)
  return scratch.length + trie.length > 0 ? 'out of gas after proofs' : 'out of gas'
}

function extraHalt(
  frame: Frame,
  opcode: number,
  words: readonly bigint[],
  initcodeSizeMax: number,
): string | null {
  const [, second = 0n, third = 0n] = words
  if (opcode === OP.RETURNDATACOPY && second + third > BigInt(frame.returnData.bytes.length))
    return 'return data out of bounds'
  if (opcode === OP.SSTORE && frame.gas <= SENTRY_GAS) return 'gas at the sentry'
  const isCreation = opcode === OP.CREATE || opcode === OP.CREATE2
  return isCreation && third > BigInt(initcodeSizeMax) ? 'initcode too large' : null
}

interface Range {
  readonly offset: bigint
  readonly length: bigint
}

function rangesOf(opcode: number, words: readonly bigint[]): readonly Range[] {
  return (RANGES[opcode] ?? []).map(([at, length]) => ({
    offset: words[at] ?? 0n,
    length: typeof length === 'bigint' ? length : (words[length] ?? 0n),
  }))
}

function isBeyondCap({ offset, length }: Range, rangeMax: number): boolean {
  return length > 0n && (length > BigInt(rangeMax) || offset + length > MEMORY_END)
}

function successOf(exec: Exec, after: MachineState): string {
  const { state, frame, opcode, words } = exec
  const [first = 0n] = words
  if (CALL_OPCODES.includes(opcode)) return callOf(exec, after)
  if (ACCOUNT_OPCODES.includes(opcode)) return `ok, ${warmth(state, first)}${emptiness(exec)}`
  if (opcode >= OP.PUSH1 && opcode <= OP.PUSH32) {
    const isCut = frame.pc + 1 + (opcode - 0x5f) > frame.code.bytes.length
    return isCut ? 'ok, cut by the end of code' : 'ok'
  }
  switch (opcode) {
    case OP.STOP:
      return frame.pc < frame.code.bytes.length ? 'ok' : 'ok, behind the end of code'
    case OP.JUMPI:
      return words[1] === 0n ? 'ok, not taken' : 'ok, taken'
    case OP.BLOCKHASH: {
      const { number } = state.block
      const isKnown = first < number && first + BLOCK_HASHES >= number
      return isKnown ? 'ok, known' : 'ok, unknown'
    }
    case OP.SLOAD:
      return `ok, ${slotWarmth(state, frame, first)}`
    case OP.SSTORE:
      return `ok, ${slotWarmth(state, frame, first)}, ${changeOf(exec)}`
    case OP.CREATE:
    case OP.CREATE2:
      return creationOf(exec, after)
    case OP.SELFDESTRUCT:
      return destructionOf(exec)
    default:
      return `ok${emptiness(exec)}`
  }
}

/** Told apart because nothing of memory is taken then. */
function emptiness({ opcode, words }: Exec): string {
  const ranges = rangesOf(opcode, words)
  return ranges.length > 0 && ranges.every(({ length }) => length === 0n) ? ', empty range' : ''
}

function warmth({ tx, block, world }: MachineState, word: bigint): 'warm' | 'cold' {
  const address = wordToAddress(word)
  const isAlways =
    isPrecompile(address) ||
    [tx.to, tx.origin, block.coinbase].some((other) => equalBytes(other, address))
  return isAlways || isMarked(world, SCRATCH.WARM_ADDRESS, address, 0n) ? 'warm' : 'cold'
}

function slotWarmth({ world }: MachineState, frame: Frame, slot: bigint): 'warm' | 'cold' {
  return isMarked(world, SCRATCH.WARM_SLOT, frame.self, slot) ? 'warm' : 'cold'
}

function isMarked(world: World, kind: number, address: Uint8Array, slot: bigint): boolean {
  return scratchGet(world.scratch, scratchKey(kind, address, slot)) === 1n
}

function changeOf({ state, frame, words }: Exec): string {
  const [slot = 0n, next = 0n] = words
  const key = wordToBytes(slot)
  const current = getStorage(state.world.state, frame.self, key)
  const original = getStorage(state.tx.committed ?? state.world.state, frame.self, key)
  if (next === current) return 'no change'
  if (original !== current) return next === original ? 'back to the original' : 'changed again'
  if (original === 0n) return 'set'
  return next === 0n ? 'cleared' : 'changed'
}

/** What a call meets at its address. */
export function calleeKind(world: WorldState, address: Uint8Array): string {
  if (isPrecompile(address)) return 'a precompile'
  const code = codeOf(world, address)
  const delegate = delegateOf(code)
  if (delegate === undefined) return code.length > 0 ? 'a contract' : 'no code'
  return isPrecompile(delegate) ? 'a delegation to a precompile' : 'a delegation'
}

/** Code of an account; empty for an absent one. */
export function codeOf(world: WorldState, address: Uint8Array): Uint8Array {
  const account = getAccount(world, address)
  const code = account === undefined ? undefined : getCode(world, account.codeHash)
  return code ?? new Uint8Array(0)
}

function callOf({ state, frame, opcode, words }: Exec, after: MachineState): string {
  const hasValue = opcode === OP.CALL || opcode === OP.CALLCODE
  const value = hasValue ? (words[2] ?? 0n) : 0n
  if (after.phase !== PHASE.FRAME_START)
    return frame.depth === DEPTH_MAX ? 'ok, too deep' : 'ok, too poor'
  const kind = calleeKind(state.world.state, wordToAddress(words[1] ?? 0n))
  return `ok, of ${kind}${value === 0n ? '' : ' with value'}`
}

function creationOf({ state, frame }: Exec, after: MachineState): string {
  if (after.phase === PHASE.FRAME_START) return 'ok'
  if (frame.depth === DEPTH_MAX) return 'ok, too deep'
  const nonce = getAccount(state.world.state, frame.self)?.nonce
  return nonce === NONCE_MAX ? 'ok, nonce at its end' : 'ok, too poor'
}

function destructionOf({ state, frame, words }: Exec): string {
  const { world } = state
  const isNew = isMarked(world, SCRATCH.CREATED, frame.self, 0n)
  const heir = wordToAddress(words[0] ?? 0n)
  const balance = getAccount(world.state, frame.self)?.balance ?? 0n
  const whose = isNew ? 'of a new contract' : 'of an old contract'
  if (balance === 0n) return `ok, ${whose}, nothing to move`
  if (equalBytes(heir, frame.self)) return `ok, ${whose}, to itself`
  const isAbsent = getAccount(world.state, heir) === undefined
  return `ok, ${whose}, to ${isAbsent ? 'an absent account' : 'another'}`
}
