/** EXEC: one opcode (docs/specs/MACHINE.md, section 5). */
import { isEmptyHash } from '../byteString.ts'
import { type Draft, openFrame, takeBlob, takePops } from '../draft.ts'
import { OPCODES } from '../opcodes.ts'
import { stackLength } from '../stack.ts'

const STACK_MAX = 1_024
const STOP = 0

/** False: the frame halts. */
export function execute(draft: Draft): boolean {
  const frame = openFrame(draft)
  const { bytes, hash } = frame.code
  if (draft.parts !== null && !isEmptyHash(hash)) takeBlob(draft, bytes)
  const opcode = OPCODES[frame.pc < bytes.length ? (bytes[frame.pc] ?? STOP) : STOP]
  if (opcode === undefined) return false
  const length = stackLength(frame.stack)
  if (length < opcode.pops || length - opcode.pops + opcode.pushes > STACK_MAX) return false
  const words: bigint[] = []
  for (let i = 0; i < opcode.pops && frame.stack !== null; i++) {
    words.push(frame.stack.value)
    frame.stack = frame.stack.below
  }
  takePops(draft, frame, words)
  if (opcode.writes && frame.isStatic) return false
  frame.pc += 1
  return opcode.run(draft, frame, words)
}
