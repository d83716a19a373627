/** Small programs that run every byte as an opcode, with operands of several kinds, one too few, and a full stack. For tests only. */
import { OPCODES, opcodeName } from '../opcodes.ts'

export interface OpcodeProgram {
  readonly name: string
  readonly address: Uint8Array
  readonly code: Uint8Array
}

/** Operands by kind, the first being the deepest. */
const OPERANDS: readonly ((index: number) => number[])[] = [
  (index) => [0x60, index + 1],
  () => [0x7f, ...Array<number>(32).fill(0xff)],
  (index) => (index % 2 === 0 ? [0x5f] : [0x61, 0x01, 0x00]),
  (index) => [0x62, 0x01, 0x00, 3 * index],
]

export function opcodePrograms(): readonly OpcodeProgram[] {
  const list: OpcodeProgram[] = []
  const add = (name: string, code: readonly number[]): void => {
    const address = new Uint8Array(20)
    address.set([0xee, list.length >> 8, list.length & 0xff], 0)
    list.push({ name, address, code: Uint8Array.from(code) })
  }
  for (let opcode = 0; opcode < 256; opcode++) {
    const { pops = 0, pushes = 0 } = OPCODES[opcode] ?? {}
    const name = opcodeName(opcode)
    const end = pushes > 0 ? [0x5f, 0x55, 0x00] : [0x00]
    const operands = (count: number, kind: number): number[] =>
      Array.from({ length: count }, (_, i) => OPERANDS[kind]?.(i) ?? []).flat()
    for (let kind = 0; kind < (pops === 0 ? 1 : OPERANDS.length); kind++) {
      add(`${name} (0x${opcode.toString(16)}), operands ${kind}`, [
        ...operands(pops, kind),
        opcode,
        ...end,
      ])
    }
    if (pops > 0) add(`${name}, one operand missing`, [...operands(pops - 1, 0), opcode, ...end])
    if (pushes > pops)
      add(`${name}, stack full`, [...Array<number>(1_024).fill(0x5f), opcode, 0x00])
  }
  return list
}
