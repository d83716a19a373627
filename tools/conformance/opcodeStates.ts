/** States before one opcode that together end it in every way that `pairs.ts` declares. */
import { keccak256 } from '../../workers/rollup/keccak.ts'
import { OPCODES } from '../../workers/rollup/machine/opcodes.ts'
import { SCRATCH, scratchKey, scratchSet } from '../../workers/rollup/machine/scratch.ts'
import { push, type Stack } from '../../workers/rollup/machine/stack.ts'
import { step } from '../../workers/rollup/machine/step.ts'
import type { Frame, MachineState } from '../../workers/rollup/machine/types.ts'
import { EMPTY_ACCOUNT, getAccount, setAccount } from '../../workers/rollup/trie/world.ts'
import { ACCOUNT_OPCODES, CALL_OPCODES, OP, RANGES } from './opcodeOutcome.ts'
import {
  ABSENT,
  addressOf,
  context,
  DELEGATED,
  DELEGATED_TO_PRECOMPILE,
  executing,
  RETURNER,
  RICH,
  SELF,
  toWord,
} from './states.ts'

const STACK_MAX = 1_024
const MEMORY_END = 1n << 22n
const PRECOMPILE = 4n

export function* opcodeStates(): Generator<MachineState> {
  for (let opcode = 0; opcode < 256; opcode++) {
    yield* ordinaryStates(opcode)
    yield* haltingStates(opcode)
    yield* (SPECIAL[opcode] ?? nothing)(opcode)
  }
}

function* nothing(): Generator<MachineState> {}

/** Small operands, enough for every opcode: as many as SWAP16 has. */
function smallOperands(): bigint[] {
  return [1n, 3n, 7n, 2n, 1n, 0n, 9n, ...Array.from({ length: 10 }, (_, i) => BigInt(i))]
}

function* ordinaryStates(opcode: number): Generator<MachineState> {
  yield executing(opcode, smallOperands(), { code: codeWith(opcode, 40) })
  yield executing(opcode, smallOperands(), { code: codeWith(opcode, 0) })
  // Every range empty.
  yield executing(opcode, [0n, 0n, 0n, 0n, 0n, 0n, 0n])
}

/** JUMPDEST, the opcode, and zeros. */
function codeWith(opcode: number, zeros: number): Frame['code'] {
  const bytes = Uint8Array.of(0x5b, opcode, ...new Uint8Array(zeros))
  return { bytes, hash: keccak256(bytes) }
}

function* haltingStates(opcode: number): Generator<MachineState> {
  if (OPCODES[opcode] === undefined) return
  yield executing(opcode, [], { stack: null })
  yield executing(opcode, [], { stack: fullStack() })
  yield executing(opcode, smallOperands(), { isStatic: true })
  yield executing(opcode, smallOperands(), { gas: 0 })
  const [range] = RANGES[opcode] ?? []
  if (range === undefined) return
  const operands = Array<bigint>(7).fill(0n)
  operands[range[0]] = MEMORY_END
  if (typeof range[1] === 'number') operands[range[1]] = 1n
  yield executing(opcode, operands)
  operands[range[0]] = 5_000n
  yield executing(opcode, operands, { gas: 30 })
}

function fullStack(): Stack {
  let stack: Stack = null
  for (let i = 0; i < STACK_MAX; i++) stack = push(stack, 1n)
  return stack
}

const SPECIAL: Readonly<Record<number, (opcode: number) => Generator<MachineState>>> = {
  ...Object.fromEntries(ACCOUNT_OPCODES.map((opcode) => [opcode, accountStates])),
  ...Object.fromEntries(CALL_OPCODES.map((opcode) => [opcode, callStates])),
  [OP.STOP]: function* () {
    yield executing(OP.STOP, [], { pc: 1_000 })
  },
  [OP.RETURNDATACOPY]: function* () {
    yield executing(OP.RETURNDATACOPY, [0n, 50n, 1n])
  },
  [OP.BLOCKHASH]: function* () {
    for (const number of [43n, 44n, 299n, 300n]) yield executing(OP.BLOCKHASH, [number])
  },
  [OP.SLOAD]: function* () {
    const cold = executing(OP.SLOAD, [1n])
    yield cold
    yield again(step(cold, context), [1n])
    yield executing(OP.SLOAD, [1n], { gas: 2_099 })
  },
  [OP.SSTORE]: storeStates,
  [OP.JUMP]: function* () {
    for (const target of [0n, 1n, 3n, 5n]) yield executing(OP.JUMP, [target])
  },
  [OP.JUMPI]: function* () {
    for (const target of [0n, 1n, 3n]) yield executing(OP.JUMPI, [target, 1n])
    yield executing(OP.JUMPI, [0n, 0n])
  },
  [OP.CREATE]: creationStates,
  [OP.CREATE2]: creationStates,
  [OP.SELFDESTRUCT]: destructionStates,
}

/** The same opcode once more, on the state that it left. */
function again(after: MachineState, operands: readonly bigint[]): MachineState {
  const { frame } = after
  if (frame === null) return after
  let stack: Stack = push(null, 5n)
  for (const value of operands.toReversed()) stack = push(stack, value)
  return { ...after, frame: { ...frame, pc: 1, stack } }
}

function* accountStates(opcode: number): Generator<MachineState> {
  const range =
    opcode === OP.EXTCODECOPY
      ? [
          [1n, 0n, 40n],
          [0n, 0n, 0n],
        ]
      : [[]]
  for (const rest of range) {
    for (const address of [toWord(RETURNER), toWord(SELF), PRECOMPILE])
      yield executing(opcode, [address, ...rest])
    yield executing(opcode, [toWord(RETURNER), ...rest], { gas: 2_599 })
    yield executing(opcode, [PRECOMPILE, ...rest], { gas: 99 })
  }
}

function* callStates(opcode: number): Generator<MachineState> {
  const hasValue = opcode === OP.CALL || opcode === OP.CALLCODE
  const operands = (address: bigint, value: bigint) => [
    50_000n,
    address,
    ...(hasValue ? [value] : []),
    ...[1n, 40n, 60n, 90n],
  ]
  const callees = [RETURNER, RICH, ABSENT, DELEGATED, DELEGATED_TO_PRECOMPILE].map(toWord)
  for (const address of [...callees, PRECOMPILE])
    for (const value of hasValue ? [0n, 1n] : [0n])
      yield executing(opcode, operands(address, value))
  const callee = toWord(RETURNER)
  yield executing(opcode, operands(callee, 0n), { depth: 1_024 })
  yield executing(opcode, operands(callee, 1n << 200n))
  yield executing(opcode, operands(callee, 0n), { gas: 200 })
  yield executing(opcode, operands(callee, 1n), { isStatic: true })
}

/** Two writes to a slot of which the transaction began with another value. */
function* storeStates(): Generator<MachineState> {
  for (const slot of [1n, 100n]) {
    const original = slot === 1n ? 1n : 0n
    for (const first of [original, 0n, 55n]) {
      const state = executing(OP.SSTORE, [slot, first])
      yield state
      const after = step(state, context)
      for (const second of [original, 0n, 56n]) yield again(after, [slot, second])
    }
  }
  yield executing(OP.SSTORE, [1n, 1n], { gas: 2_300 })
  yield executing(OP.SSTORE, [100n, 1n], { gas: 2_301 })
}

function* creationStates(opcode: number): Generator<MachineState> {
  const operands = (value: bigint, size: bigint) => [value, 1n, size, 7n]
  for (const size of [0n, 40n]) yield executing(opcode, operands(1n, size))
  yield executing(opcode, operands(0n, 49_153n))
  yield executing(opcode, operands(1n << 200n, 40n))
  yield executing(opcode, operands(0n, 40n), { depth: 1_024 })
  yield withSelf(executing(opcode, operands(0n, 40n)), { nonce: 2n ** 64n - 1n })
}

function* destructionStates(): Generator<MachineState> {
  const heirs = [SELF, RICH, ABSENT].map(toWord)
  for (const heir of heirs) {
    const state = executing(OP.SELFDESTRUCT, [heir])
    const key = scratchKey(SCRATCH.CREATED, SELF, 0n)
    const scratch = scratchSet(state.world.scratch, key, 1n)
    const created = { ...state, world: { ...state.world, scratch } }
    for (const one of [state, created]) {
      yield one
      yield withSelf(one, { balance: 0n })
    }
  }
  yield executing(OP.SELFDESTRUCT, [toWord(addressOf(0x55))], { gas: 7_599 })
  yield executing(OP.SELFDESTRUCT, heirs, { gas: 4_999 })
}

/** The state with these fields of the running contract's account. */
function withSelf(
  state: MachineState,
  fields: { readonly nonce?: bigint; readonly balance?: bigint },
): MachineState {
  const account = getAccount(state.world.state, SELF) ?? EMPTY_ACCOUNT
  const world = setAccount(state.world.state, SELF, { ...account, ...fields })
  return { ...state, world: { ...state.world, state: world } }
}
