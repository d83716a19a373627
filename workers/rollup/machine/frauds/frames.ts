/** Lies about how frames end, and about what a precompile gives. */
import { concatBytes } from '../../bytes.ts'
import { keccak256 } from '../../keccak.ts'
import { putCode } from '../../trie/world.ts'
import { byteString } from '../byteString.ts'
import { FRAME_KIND, type Frame, PHASE, SOURCE } from '../types.ts'
import { addressToWord } from '../words.ts'
import { accountOf, putAccount, type Tamper, withState, withTop } from './edit.ts'

const CREATE2 = 0xf5
const PUSH20 = 0x73
const SELFDESTRUCT = 0xff

/** A frame reverts, yet what it wrote stays. */
export const keepReverted: Tamper = ({ before, after }) => {
  if (before.phase !== PHASE.REVERT || before.tx.source === SOURCE.SYSTEM) return null
  if (before.world.state === after.world.state) return null
  return withState(after, before.world.state)
}

/** CREATE2 tells its caller another address than the one it created at. */
export const tamperCreated: Tamper = ({ before, after }, { thief }) => {
  if (before.phase !== PHASE.RETURN || after.phase !== PHASE.EXEC) return null
  if (!isCreatedBy(before.frame, CREATE2)) return null
  return withTop(after, () => addressToWord(thief))
}

/** A contract is deployed with code that gives everything it holds to the thief. */
export const tamperCode: Tamper = ({ before, after }, { thief }) => {
  const { frame } = before
  if (before.phase !== PHASE.RETURN || frame === null || frame.kind !== FRAME_KIND.CREATE)
    return null
  if (after.phase === PHASE.HALT || frame.returnData.bytes.length === 0) return null
  const code = concatBytes(Uint8Array.of(PUSH20), thief, Uint8Array.of(SELFDESTRUCT))
  const world = putCode(after.world.state, code)
  const account = { ...accountOf(world, frame.self), codeHash: keccak256(code) }
  return withState(after, putAccount(world, frame.self, account))
}

/** A precompile's output with one bit flipped. */
export const tamperPrecompile: Tamper = ({ before, after }) => {
  if (before.phase !== PHASE.PRECOMPILE || after.phase !== PHASE.RETURN) return null
  const { frame } = after
  if (frame === null || frame.returnData.bytes.length === 0) return null
  const output = frame.returnData.bytes.slice()
  output[0] = (output[0] ?? 0) ^ 1
  return { ...after, frame: { ...frame, returnData: byteString(output) } }
}

/** Whether the frame was opened by this opcode of its parent. */
function isCreatedBy(frame: Frame | null, opcode: number): boolean {
  if (frame === null || frame.kind !== FRAME_KIND.CREATE || frame.parent === null) return false
  const { code, pc } = frame.parent
  return code.bytes[pc - 1] === opcode
}
