/** What an opcode is to the interpreter (docs/specs/MACHINE.md, section 5). */
import { type Draft, type OpenFrame, pushWord } from '../draft.ts'
import { clampNumber, wordCount } from '../words.ts'

/**
 * Runs on the frame with its words popped and its pc advanced. False: the frame halts, and the interpreter drops the draft.
 * `words` are the popped ones, top first.
 */
export type Run = (draft: Draft, frame: OpenFrame, words: readonly bigint[]) => boolean

export interface Opcode {
  readonly name: string
  readonly pops: number
  readonly pushes: number
  /** Forbidden in a static frame. */
  readonly writes: boolean
  readonly run: Run
}

export interface NumberedOpcode extends Opcode {
  readonly number: number
}

export interface MemoryRange {
  readonly offset: number
  readonly length: number
}

const MEMORY_END = 2 ** 22
const NOWHERE: MemoryRange = { offset: 0, length: 0 }

/** Takes `gas` from the frame; false if it has less. */
export function charge(frame: OpenFrame, gas: number): boolean {
  if (frame.gas < gas) return false
  frame.gas -= gas
  return true
}

/** The range that two words name; undefined where no frame may touch it. */
export function memoryRange(
  draft: Draft,
  offset: bigint | undefined,
  length: bigint | undefined,
): MemoryRange | undefined {
  if (length === undefined || offset === undefined || length === 0n) return NOWHERE
  const { rangeMax } = draft.context.rules
  const size = clampNumber(length, rangeMax + 1)
  const start = clampNumber(offset, MEMORY_END)
  if (size > rangeMax || start + size > MEMORY_END) return undefined
  return { offset: start, length: size }
}

/** Charges `gas` and the expansion to hold the ranges, and expands; false if a range or the gas does not allow it. */
export function chargeMemory(
  frame: OpenFrame,
  gas: number,
  ...ranges: readonly (MemoryRange | undefined)[]
): boolean {
  let words = frame.memoryWords
  for (const range of ranges) {
    if (range === undefined) return false
    if (range.length > 0) words = Math.max(words, wordCount(range.offset + range.length))
  }
  const expansion =
    words === frame.memoryWords ? 0 : memoryGas(words) - memoryGas(frame.memoryWords)
  if (!charge(frame, gas + expansion)) return false
  frame.memoryWords = words
  return true
}

function memoryGas(words: number): number {
  return 3 * words + Math.floor((words * words) / 512)
}

/** An opcode of fixed price that replaces its words by one. */
export function pure(
  number: number,
  name: string,
  gas: number,
  pops: number,
  compute: (a: bigint, b: bigint, c: bigint) => bigint,
): NumberedOpcode {
  return {
    number,
    name,
    pops,
    pushes: 1,
    writes: false,
    run: (_draft, frame, words) => {
      if (!charge(frame, gas)) return false
      pushWord(frame, compute(words[0] ?? 0n, words[1] ?? 0n, words[2] ?? 0n))
      return true
    },
  }
}

/** An opcode of price 2 that pushes what it reads of the state. */
export function read(
  number: number,
  name: string,
  value: (draft: Draft, frame: OpenFrame) => bigint,
): NumberedOpcode {
  return {
    number,
    name,
    pops: 0,
    pushes: 1,
    writes: false,
    run: (draft, frame) => {
      if (!charge(frame, 2)) return false
      pushWord(frame, value(draft, frame))
      return true
    },
  }
}
