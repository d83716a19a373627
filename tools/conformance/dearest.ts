/** The opcodes whose proof takes most gas, with memory, input and code as large as a step may meet them. */
import { assert } from '../../workers/kernel/errors.ts'
import { keccak256 } from '../../workers/rollup/keccak.ts'
import { byteString } from '../../workers/rollup/machine/byteString.ts'
import { writeMemory } from '../../workers/rollup/machine/memory.ts'
import {
  FRAME_KIND,
  type Frame,
  type MachineState,
  PHASE,
} from '../../workers/rollup/machine/types.ts'
import { EMPTY_ACCOUNT, putCode, setAccount } from '../../workers/rollup/trie/world.ts'
import { executing, RICH, toWord } from './states.ts'

/** Ethereum's limit of initcode (EIP-3860). */
const INITCODE = 49_152
const PUSH1 = 0x60
const JUMP = 0x56
const JUMPDEST = 0x5b

/** What jumps may take at most: the aim of issue 3. */
export const JUMP_GAS_AIM = 3_000_000n

export const dearestOpcodes: Readonly<Record<string, () => MachineState>> = {
  'KECCAK256 of 64 KiB': () => wide(0x20, [33n, 65_535n]),
  'MCOPY of 64 KiB': () => wide(0x5e, [33n, 70_001n, 65_535n]),
  'CALLDATACOPY of 64 KiB': () => wide(0x37, [33n, 1n, 65_535n]),
  'LOG4 of 64 KiB': () => wide(0xa4, [33n, 65_535n, 1n, 2n, 3n, 4n]),
  'CREATE of 48 KiB': () => wide(0xf0, [0n, 33n, 49_152n]),
  'JUMP over 24 KiB of PUSH1': () => longJump(24_576, PUSH1),
  'JUMP over 48 KiB of PUSH1': () => longJump(INITCODE, PUSH1),
  'JUMP over 48 KiB of JUMPDEST': () => longJump(INITCODE, JUMPDEST),
}

/** What only a world with the limit of 64 KiB meets. */
export const dearestOfLargeCode: Readonly<Record<string, () => MachineState>> = {
  'CREATE of 64 KiB': () => wide(0xf0, [0n, 33n, 65_536n]),
  'CREATE2 of 64 KiB': () => wide(0xf5, [0n, 33n, 65_536n, 1n]),
  'JUMP over 64 KiB of PUSH1': () => longJump(65_536, PUSH1),
  'JUMP over 64 KiB of JUMPDEST': () => longJump(65_536, JUMPDEST),
  'EXTCODECOPY of 64 KiB': () => copyOfCode(65_536),
  'RETURN of 64 KiB of code': () => deployment(65_536),
}

/** EXTCODECOPY of all of an account's code to an odd offset. */
function copyOfCode(size: number): MachineState {
  const code = noise(size)
  const operands = [toWord(RICH), 33n, 0n, BigInt(size)]
  const state = wide(0x3c, operands)
  const account = { ...EMPTY_ACCOUNT, nonce: 1n, codeHash: keccak256(code) }
  const world = setAccount(putCode(state.world.state, code), RICH, account)
  return { ...state, world: { ...state.world, state: world } }
}

/** RETURN of a frame that creates a contract with this much code. */
export function deployment(size: number): MachineState {
  const state = inFrame(executing(0x5b, [], { gas: 16_000_000 }), () => ({
    kind: FRAME_KIND.CREATE,
    returnData: byteString(noise(size)),
  }))
  return { ...state, phase: PHASE.RETURN }
}

/** A frame whose memory is full of noise, at an odd offset, so that nothing compresses and both borders need siblings. */
function wide(opcode: number, operands: readonly bigint[]): MachineState {
  const memoryWords = 4_375
  return inFrame(executing(opcode, operands, { gas: 10_000_000 }), (frame) => ({
    memory: writeMemory(frame.memory, 0, noise(32 * memoryWords)),
    memoryWords,
    input: byteString(noise(65_000)),
  }))
}

/** A jump to the end of code that is filled with one opcode; PUSH1 is the most that has to be looked at. */
function longJump(size: number, filler: number): MachineState {
  const bytes = new Uint8Array(size).fill(filler)
  bytes[0] = JUMP
  bytes[size - 1] = JUMPDEST
  const code = { bytes, hash: keccak256(bytes) }
  const state = executing(JUMP, [BigInt(size - 1)], { gas: 1_000_000 })
  return inFrame(state, () => ({ pc: 0, code }))
}

function inFrame(state: MachineState, change: (frame: Frame) => Partial<Frame>): MachineState {
  const { frame } = state
  assert(frame !== null, 'An opcode has a frame.')
  return { ...state, frame: { ...frame, ...change(frame) } }
}

/** Bytes that are the same each time and do not compress. */
export function noise(size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let block: Uint8Array = new Uint8Array(32)
  for (let at = 0; at < size; at += 32) {
    block = Uint8Array.from(keccak256(block))
    bytes.set(block.subarray(0, Math.min(32, size - at)), at)
  }
  return bytes
}
