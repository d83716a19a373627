/** All opcodes of Osaka by their byte. */
import { ARITHMETIC } from './ops/arithmetic.ts'
import { CALLS } from './ops/calls.ts'
import { ENVIRONMENT, KECCAK } from './ops/environment.ts'
import { FLOW } from './ops/flow.ts'
import type { NumberedOpcode, Opcode } from './ops/opcode.ts'
import { STORAGE } from './ops/storage.ts'

const ALL: readonly NumberedOpcode[] = [
  ...ARITHMETIC,
  KECCAK,
  ...ENVIRONMENT,
  ...FLOW,
  ...STORAGE,
  ...CALLS,
]

/** Undefined: an unknown opcode, or INVALID. */
export const OPCODES: readonly (Opcode | undefined)[] = tableOf(ALL)

/** Mnemonic of a code byte; `INVALID` where there is none. */
export function opcodeName(byte: number): string {
  return OPCODES[byte]?.name ?? 'INVALID'
}

function tableOf(opcodes: readonly NumberedOpcode[]): (Opcode | undefined)[] {
  const table: (Opcode | undefined)[] = Array.from({ length: 256 }, () => undefined)
  for (const opcode of opcodes) table[opcode.number] = opcode
  return table
}
