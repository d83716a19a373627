/** What Solidity's two built-in errors say. */
import { bytesToBigint, bytesToHex, bytesToUtf8 } from '../../rollup/bytes.ts'

const ERROR_STRING = '0x08c379a0'
const PANIC = '0x4e487b71'

/** Text of `Error(string)` or `Panic(uint256)`; undefined for other data. */
export function revertReason(output: Uint8Array): string | undefined {
  const selector = bytesToHex(output.subarray(0, 4))
  if (selector === PANIC && output.length >= 36) {
    return `panic code 0x${bytesToBigint(output.subarray(4, 36)).toString(16).padStart(2, '0')}`
  }
  if (selector !== ERROR_STRING || output.length < 68) return undefined
  const length = bytesToBigint(output.subarray(36, 68))
  if (length > BigInt(output.length - 68)) return undefined
  return bytesToUtf8(output.subarray(68, 68 + Number(length)))
}
