/** What LOG opcodes are about to write. */
import type { InterpreterStep } from '@ethereumjs/evm'
import { word } from '../../rollup/bytes.ts'
import type { Log } from '../types.ts'

const LOG0 = 0xa0
const LOG4 = 0xa4
/** No frame can pay for more memory than this. */
const MEMORY_MAX = 16_777_216

/** The log of a step; undefined where the opcode logs nothing. */
export function logOf({ opcode, stack, memory, address }: InterpreterStep): Log | undefined {
  if (opcode.code < LOG0 || opcode.code > LOG4) return undefined
  const top = (depth: number): bigint => stack.at(-1 - depth) ?? 0n
  const [offset, size] = [Number(top(0)), Number(top(1))]
  const data = new Uint8Array(Math.min(size, MEMORY_MAX))
  data.set(memory.subarray(offset, offset + data.length))
  const topics = Array.from({ length: opcode.code - LOG0 }, (_, at) => word(top(2 + at)))
  return { address: address.bytes, topics, data }
}
