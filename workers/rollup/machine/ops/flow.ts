/** Stack, memory and control flow. */
import { byteString, EMPTY_STRING, isJumpDestination } from '../byteString.ts'
import { type Draft, type OpenFrame, pushWord, putMemory, takeMemory } from '../draft.ts'
import { push } from '../stack.ts'
import { PHASE, type Phase } from '../types.ts'
import { clampNumber, readWord, wordCount, wordToBytes } from '../words.ts'
import { charge, chargeMemory, memoryRange, type NumberedOpcode, read } from './opcode.ts'

const CODE_SIZE_LIMIT = 2 ** 20

export const FLOW: readonly NumberedOpcode[] = [
  {
    number: 0x00,
    name: 'STOP',
    pops: 0,
    pushes: 0,
    writes: false,
    run: (draft, frame) => {
      frame.pc -= 1
      frame.returnData = EMPTY_STRING
      draft.phase = PHASE.RETURN
      return true
    },
  },
  simple(0x50, 'POP', 1, 2, () => true),
  { number: 0x51, name: 'MLOAD', pops: 1, pushes: 1, writes: false, run: loadWord },
  { number: 0x52, name: 'MSTORE', pops: 2, pushes: 0, writes: false, run: storeWord },
  { number: 0x53, name: 'MSTORE8', pops: 2, pushes: 0, writes: false, run: storeByte },
  simple(0x56, 'JUMP', 1, 8, (frame, [target]) => jump(frame, target)),
  simple(0x57, 'JUMPI', 2, 10, (frame, [target, condition]) => {
    return condition === 0n || jump(frame, target)
  }),
  read(0x58, 'PC', (_d, f) => BigInt(f.pc - 1)),
  read(0x59, 'MSIZE', (_d, f) => BigInt(32 * f.memoryWords)),
  read(0x5a, 'GAS', (_d, f) => BigInt(f.gas)),
  simple(0x5b, 'JUMPDEST', 0, 1, () => true),
  { number: 0x5e, name: 'MCOPY', pops: 3, pushes: 0, writes: false, run: copyMemory },
  read(0x5f, 'PUSH0', () => 0n),
  ...count(32).map(pushOpcode),
  ...count(16).map(dupOpcode),
  ...count(16).map(swapOpcode),
  ending(0xf3, 'RETURN', PHASE.RETURN),
  ending(0xfd, 'REVERT', PHASE.REVERT),
]

function simple(
  number: number,
  name: string,
  pops: number,
  gas: number,
  act: (frame: OpenFrame, words: readonly bigint[]) => boolean,
): NumberedOpcode {
  return {
    number,
    name,
    pops,
    pushes: 0,
    writes: false,
    run: (_draft, frame, words) => charge(frame, gas) && act(frame, words),
  }
}

function jump(frame: OpenFrame, target: bigint | undefined): boolean {
  const destination = clampNumber(target ?? 0n, CODE_SIZE_LIMIT)
  if (!isJumpDestination(frame.code.bytes, destination)) return false
  frame.pc = destination
  return true
}

function loadWord(draft: Draft, frame: OpenFrame, words: readonly bigint[]): boolean {
  const range = memoryRange(draft, words[0], 32n)
  if (range === undefined || !chargeMemory(frame, 3, range)) return false
  pushWord(frame, readWord(takeMemory(draft, frame, range.offset, 32), 0))
  return true
}

function storeWord(draft: Draft, frame: OpenFrame, words: readonly bigint[]): boolean {
  const range = memoryRange(draft, words[0], 32n)
  if (range === undefined || !chargeMemory(frame, 3, range)) return false
  putMemory(draft, frame, range.offset, wordToBytes(words[1] ?? 0n))
  return true
}

function storeByte(draft: Draft, frame: OpenFrame, words: readonly bigint[]): boolean {
  const range = memoryRange(draft, words[0], 1n)
  if (range === undefined || !chargeMemory(frame, 3, range)) return false
  putMemory(draft, frame, range.offset, wordToBytes(words[1] ?? 0n).subarray(31))
  return true
}

function copyMemory(draft: Draft, frame: OpenFrame, words: readonly bigint[]): boolean {
  const to = memoryRange(draft, words[0], words[2])
  const from = memoryRange(draft, words[1], words[2])
  if (to === undefined || from === undefined) return false
  if (!chargeMemory(frame, 3 + 3 * wordCount(to.length), to, from)) return false
  putMemory(draft, frame, to.offset, takeMemory(draft, frame, from.offset, from.length))
  return true
}

function count(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1)
}

function pushOpcode(size: number): NumberedOpcode {
  return {
    number: 0x5f + size,
    name: `PUSH${size}`,
    pops: 0,
    pushes: 1,
    writes: false,
    run: (_draft, frame) => {
      if (!charge(frame, 3)) return false
      pushWord(frame, immediate(frame.code.bytes, frame.pc, size))
      frame.pc += size
      return true
    },
  }
}

/** `size` bytes of code, with zeros beyond its end. */
function immediate(code: Uint8Array, start: number, size: number): bigint {
  if (size <= 6) {
    let value = 0
    for (let i = start; i < start + size; i++) value = value * 256 + (code[i] ?? 0)
    return BigInt(value)
  }
  return readWord(code, start) >> BigInt(8 * (32 - size))
}

function dupOpcode(depth: number): NumberedOpcode {
  return {
    number: 0x7f + depth,
    name: `DUP${depth}`,
    pops: depth,
    pushes: depth + 1,
    writes: false,
    run: (draft, frame, words) => {
      if (!charge(frame, 3)) return false
      // The old stack's items keep their hashes: only one is new.
      frame.stack = push(draft.before.frame?.stack ?? null, words[depth - 1] ?? 0n)
      return true
    },
  }
}

function swapOpcode(depth: number): NumberedOpcode {
  return {
    number: 0x8f + depth,
    name: `SWAP${depth}`,
    pops: depth + 1,
    pushes: depth + 1,
    writes: false,
    run: (_draft, frame, words) => {
      if (!charge(frame, 3)) return false
      pushWord(frame, words[0] ?? 0n)
      for (let i = depth - 1; i > 0; i--) pushWord(frame, words[i] ?? 0n)
      pushWord(frame, words[depth] ?? 0n)
      return true
    },
  }
}

function ending(number: number, name: string, phase: Phase): NumberedOpcode {
  return {
    number,
    name,
    pops: 2,
    pushes: 0,
    writes: false,
    run: (draft, frame, words) => {
      const range = memoryRange(draft, words[0], words[1])
      if (range === undefined || !chargeMemory(frame, 0, range)) return false
      frame.returnData = byteString(takeMemory(draft, frame, range.offset, range.length))
      frame.pc -= 1
      draft.phase = phase
      return true
    },
  }
}
