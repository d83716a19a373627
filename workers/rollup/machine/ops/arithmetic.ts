/** Arithmetic, comparison and bits. */

import { pushWord } from '../draft.ts'
import { SIGN_BIT, toSigned, WORD_MASK } from '../words.ts'
import { charge, type NumberedOpcode, pure } from './opcode.ts'

const bit = (condition: boolean): bigint => (condition ? 1n : 0n)

export const ARITHMETIC: readonly NumberedOpcode[] = [
  pure(0x01, 'ADD', 3, 2, (a, b) => (a + b) & WORD_MASK),
  pure(0x02, 'MUL', 5, 2, (a, b) => (a * b) & WORD_MASK),
  pure(0x03, 'SUB', 3, 2, (a, b) => (a - b) & WORD_MASK),
  pure(0x04, 'DIV', 5, 2, (a, b) => (b === 0n ? 0n : a / b)),
  pure(0x05, 'SDIV', 5, 2, (a, b) => (b === 0n ? 0n : (toSigned(a) / toSigned(b)) & WORD_MASK)),
  pure(0x06, 'MOD', 5, 2, (a, b) => (b === 0n ? 0n : a % b)),
  pure(0x07, 'SMOD', 5, 2, (a, b) => (b === 0n ? 0n : (toSigned(a) % toSigned(b)) & WORD_MASK)),
  pure(0x08, 'ADDMOD', 8, 3, (a, b, n) => (n === 0n ? 0n : (a + b) % n)),
  pure(0x09, 'MULMOD', 8, 3, (a, b, n) => (n === 0n ? 0n : (a * b) % n)),
  {
    number: 0x0a,
    name: 'EXP',
    pops: 2,
    pushes: 1,
    writes: false,
    run: (_draft, frame, words) => {
      const exponent = words[1] ?? 0n
      if (!charge(frame, 10 + 50 * byteLength(exponent))) return false
      pushWord(frame, power(words[0] ?? 0n, exponent))
      return true
    },
  },
  pure(0x0b, 'SIGNEXTEND', 5, 2, signExtend),
  pure(0x10, 'LT', 3, 2, (a, b) => bit(a < b)),
  pure(0x11, 'GT', 3, 2, (a, b) => bit(a > b)),
  pure(0x12, 'SLT', 3, 2, (a, b) => bit(toSigned(a) < toSigned(b))),
  pure(0x13, 'SGT', 3, 2, (a, b) => bit(toSigned(a) > toSigned(b))),
  pure(0x14, 'EQ', 3, 2, (a, b) => bit(a === b)),
  pure(0x15, 'ISZERO', 3, 1, (a) => bit(a === 0n)),
  pure(0x16, 'AND', 3, 2, (a, b) => a & b),
  pure(0x17, 'OR', 3, 2, (a, b) => a | b),
  pure(0x18, 'XOR', 3, 2, (a, b) => a ^ b),
  pure(0x19, 'NOT', 3, 1, (a) => a ^ WORD_MASK),
  pure(0x1a, 'BYTE', 3, 2, (i, a) => (i < 32n ? (a >> (248n - 8n * i)) & 0xffn : 0n)),
  pure(0x1b, 'SHL', 3, 2, (shift, a) => (shift < 256n ? (a << shift) & WORD_MASK : 0n)),
  pure(0x1c, 'SHR', 3, 2, (shift, a) => (shift < 256n ? a >> shift : 0n)),
  pure(0x1d, 'SAR', 3, 2, (shift, a) => shiftSigned(a, shift)),
  pure(0x1e, 'CLZ', 5, 1, (a) => (a === 0n ? 256n : 256n - BigInt(a.toString(2).length))),
]

function byteLength(value: bigint): number {
  return value === 0n ? 0 : Math.ceil(value.toString(16).length / 2)
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let factor = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * factor) & WORD_MASK
    factor = (factor * factor) & WORD_MASK
  }
  return result
}

function signExtend(index: bigint, value: bigint): bigint {
  if (index >= 31n) return value
  const signBit = 8n * index + 7n
  const low = (1n << (signBit + 1n)) - 1n
  return (value >> signBit) & 1n ? value | (WORD_MASK ^ low) : value & low
}

function shiftSigned(value: bigint, shift: bigint): bigint {
  const isNegative = value >= SIGN_BIT
  if (shift >= 256n) return isNegative ? WORD_MASK : 0n
  return (toSigned(value) >> shift) & WORD_MASK
}
