/** Machine states for tests of single opcodes and of whole transactions, all made from constants. */
import { concatBytes, hexToBytes } from '../../workers/rollup/bytes.ts'
import { keccak256 } from '../../workers/rollup/keccak.ts'
import { byteString } from '../../workers/rollup/machine/byteString.ts'
import { writeMemory } from '../../workers/rollup/machine/memory.ts'
import { ringWith } from '../../workers/rollup/machine/ring.ts'
import { push, type Stack } from '../../workers/rollup/machine/stack.ts'
import { step } from '../../workers/rollup/machine/step.ts'
import { EMPTY_BLOCK, startOf } from '../../workers/rollup/machine/testing/stateTest.ts'
import {
  type Frame,
  L2_RULES,
  type MachineContext,
  type MachineState,
  PHASE,
} from '../../workers/rollup/machine/types.ts'
import { privateKeyToAddress } from '../../workers/rollup/secp256k1.ts'
import type { Unsigned } from '../../workers/rollup/transaction/decode.ts'
import { signTransaction } from '../../workers/rollup/transaction/sign.ts'
import {
  EMPTY_ACCOUNT,
  EMPTY_STORAGE,
  EMPTY_WORLD,
  putCode,
  putSlot,
  setAccount,
  type WorldState,
} from '../../workers/rollup/trie/world.ts'

export const context: MachineContext = {
  endEntry: 1_000n,
  rules: L2_RULES,
  source: { entry: none, payload: none, cells: none, message: none },
}

function none(): never {
  throw new Error('These tests have no L1.')
}

export const KEY = new Uint8Array(32).fill(5)
export const addressOf = (byte: number) => new Uint8Array(20).fill(byte)
export const toWord = (bytes: Uint8Array) =>
  bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)

/** Bytes of an assembly of opcodes (numbers), pushed words (bigint), pushed addresses and raw hex. */
export function assemble(...items: readonly (number | bigint | Uint8Array | string)[]): Uint8Array {
  return concatBytes(
    ...items.map((item) => {
      if (typeof item === 'number') return Uint8Array.of(item)
      if (typeof item === 'string') return hexToBytes(item)
      const digits = item instanceof Uint8Array ? toWord(item).toString(16) : item.toString(16)
      const bytes = hexToBytes(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}`)
      return Uint8Array.of(0x5f + bytes.length, ...bytes)
    }),
  )
}

/** Stores raw bytes (at most 32) at memory 0, left-aligned. */
export const stored = (code: Uint8Array): readonly (bigint | number)[] => [
  toWord(Uint8Array.from([...code, ...new Uint8Array(32 - code.length)])),
  0n,
  0x52,
]

const slot = (n: number) => {
  const bytes = new Uint8Array(32)
  bytes[31] = n
  return bytes
}

export const SELF = addressOf(0xcc)
export const RETURNER = addressOf(0x31)
export const REVERTER = addressOf(0x32)
export const BREAKER = addressOf(0x33)
export const WRITER = addressOf(0x34)
export const DESTROYER = addressOf(0x35)
export const DELEGATED = addressOf(0x36)
export const RICH = addressOf(0x37)
export const ABSENT = addressOf(0x38)
export const DELEGATED_TO_PRECOMPILE = addressOf(0x39)

/** Every account of `worldWith` but the sender. */
export const PROGRAM_ADDRESSES: readonly Uint8Array[] = [
  SELF,
  RETURNER,
  REVERTER,
  BREAKER,
  WRITER,
  DESTROYER,
  DELEGATED,
  RICH,
  DELEGATED_TO_PRECOMPILE,
]

const CODES: readonly (readonly [Uint8Array, Uint8Array])[] = [
  [RETURNER, assemble(0x36, 0n, 0n, 0x37, ...stored(new Uint8Array(31).fill(9)), 70n, 0n, 0xf3)],
  [REVERTER, assemble(7n, 1n, 0x55, ...stored(new Uint8Array(31).fill(8)), 5n, 3n, 0xfd)],
  [BREAKER, assemble(7n, 1n, 0x55, 0xfe)],
  [WRITER, assemble(7n, 1n, 0x55, 1n, 2n, 3n, 4n, 0n, 0n, 0xa4, 5n, 1n, 0x5d)],
  [DESTROYER, assemble(RICH, 0xff)],
  [DELEGATED, concatBytes(hexToBytes('0xef0100'), RETURNER)],
  [
    DELEGATED_TO_PRECOMPILE,
    concatBytes(hexToBytes('0xef0100'), new Uint8Array(19), Uint8Array.of(4)),
  ],
]

/** A small world in which every kind of account exists. */
export function worldWith(self: Uint8Array): WorldState {
  let world = setAccount(EMPTY_WORLD, privateKeyToAddress(KEY), {
    ...EMPTY_ACCOUNT,
    balance: 10n ** 20n,
  })
  world = setAccount(world, RICH, { ...EMPTY_ACCOUNT, balance: 10n ** 18n })
  for (const [address, code] of CODES) {
    world = setAccount(putCode(world, code), address, {
      ...EMPTY_ACCOUNT,
      nonce: 1n,
      balance: 3n,
      codeHash: keccak256(code),
    })
  }
  let storage = EMPTY_STORAGE
  for (let i = 1; i < 9; i++) storage = putSlot(storage, slot(i), BigInt(i))
  return setAccount(putCode(world, self), SELF, {
    nonce: 1n,
    balance: 1_000n,
    codeHash: keccak256(self),
    storage,
  })
}

export const block = {
  ...EMPTY_BLOCK,
  chainId: 7_331_002,
  number: 300n,
  coinbase: addressOf(0x42),
  ring: ringWith(ringWith(EMPTY_BLOCK.ring, 299n, slot(77)), 44n, slot(78)),
}

/** TX_START of a transaction with these fields, from `KEY`, in a world where `SELF` has the code. */
export function transaction(self: Uint8Array, fields: Partial<Unsigned> = {}): MachineState {
  const unsigned: Unsigned = {
    kind: 'signed',
    type: 2,
    chainId: 7_331_002n,
    nonce: 0n,
    gasLimit: 3_000_000n,
    maxFeePerGas: 100n,
    maxPriorityFeePerGas: 2n,
    to: SELF,
    value: 5n,
    data: new Uint8Array(40).fill(6),
    accessList: [],
    authorizations: [],
    maxFeePerBlobGas: 0n,
    blobVersionedHashes: [],
    ...fields,
  }
  return startOf(worldWith(self), block, signTransaction(unsigned, KEY).raw)
}

/** EXEC of one opcode with these operands (top first), in a frame with some memory, input and return data. */
export function executing(
  opcode: number,
  operands: readonly bigint[],
  fields: Partial<Frame> = {},
): MachineState {
  const state = firstOpcode(opcode)
  const { frame } = state
  if (frame === null) throw new Error('EXEC has a frame.')
  let stack: Stack = push(push(null, 1n << 200n), 12n)
  for (const value of [...operands].reverse()) stack = push(stack, value)
  const memory = writeMemory(
    writeMemory(frame.memory, 0, new Uint8Array(96).fill(0xab)),
    96,
    new Uint8Array(32).fill(0xcd),
  )
  const returnData = byteString(new Uint8Array(50).fill(4))
  return {
    ...state,
    frame: { ...frame, pc: 1, stack, memory, memoryWords: 4, returnData, ...fields },
  }
}

const firstOpcodes = new Map<number, MachineState>()

function firstOpcode(opcode: number): MachineState {
  const known = firstOpcodes.get(opcode)
  if (known !== undefined) return known
  let state = transaction(Uint8Array.of(0x5b, opcode, 0x61, 0x5b, 0x5b, 0x5b, 0x00))
  while (state.phase !== PHASE.EXEC) state = step(state, context)
  firstOpcodes.set(opcode, state)
  return state
}
