/** Byte strings that a record holds by their hash, and code with its jump destinations. */
import { equalBytes } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'
import { EMPTY_CODE_HASH } from '../trie/world.ts'

export interface ByteString {
  readonly bytes: Uint8Array
  /** keccak256, filled when first asked for. */
  hash: Uint8Array | null
}

export interface Code {
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
}

export const EMPTY_STRING: ByteString = { bytes: new Uint8Array(0), hash: EMPTY_CODE_HASH }
export const EMPTY_CODE: Code = { bytes: new Uint8Array(0), hash: EMPTY_CODE_HASH }

export function byteString(bytes: Uint8Array): ByteString {
  return bytes.length === 0 ? EMPTY_STRING : { bytes, hash: null }
}

export function stringHash(value: ByteString): Uint8Array {
  value.hash ??= keccak256(value.bytes)
  return value.hash
}

export function isEmptyHash(hash: Uint8Array): boolean {
  return hash === EMPTY_CODE_HASH || equalBytes(hash, EMPTY_CODE_HASH)
}

/** Delegation of EIP-7702: 0xef0100 and the address whose code runs; undefined for any other code. */
export function delegateOf(code: Uint8Array): Uint8Array | undefined {
  if (code.length !== 23 || code[0] !== 0xef || code[1] !== 0x01 || code[2] !== 0x00)
    return undefined
  return code.subarray(3)
}

const destinations = new WeakMap<Uint8Array, Uint8Array>()

/** Whether a jump may land on `target`: a JUMPDEST that is not data of a PUSH. */
export function isJumpDestination(code: Uint8Array, target: number): boolean {
  if (code[target] !== 0x5b) return false
  let marks = destinations.get(code)
  if (marks === undefined) {
    marks = findDestinations(code)
    destinations.set(code, marks)
  }
  return marks[target] === 1
}

function findDestinations(code: Uint8Array): Uint8Array {
  const marks = new Uint8Array(code.length)
  let pc = 0
  while (pc < code.length) {
    const opcode = code[pc] ?? 0
    if (opcode === 0x5b) marks[pc] = 1
    pc += opcode >= 0x60 && opcode <= 0x7f ? opcode - 0x5e : 1
  }
  return marks
}
