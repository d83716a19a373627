/** Random programs that mean something often enough: operands are pushed, jumps are rare, every state opcode occurs. */
import fc from 'fast-check'

/** Opcode and how many operands it takes. */
const OPCODES: readonly (readonly [number, number])[] = [
  [0x01, 2],
  [0x02, 2],
  [0x03, 2],
  [0x04, 2],
  [0x06, 2],
  [0x08, 3],
  [0x0a, 2],
  [0x0b, 2],
  [0x10, 2],
  [0x16, 2],
  [0x1a, 2],
  [0x1b, 2],
  [0x1d, 2],
  [0x20, 2],
  [0x30, 0],
  [0x31, 1],
  [0x32, 0],
  [0x33, 0],
  [0x34, 0],
  [0x35, 1],
  [0x37, 3],
  [0x39, 3],
  [0x3b, 1],
  [0x3c, 4],
  [0x3d, 0],
  [0x3e, 3],
  [0x3f, 1],
  [0x40, 1],
  [0x41, 0],
  [0x42, 0],
  [0x44, 0],
  [0x46, 0],
  [0x47, 0],
  [0x48, 0],
  [0x4a, 0],
  [0x51, 1],
  [0x52, 2],
  [0x53, 2],
  [0x54, 1],
  [0x54, 1],
  [0x55, 2],
  [0x55, 2],
  [0x55, 2],
  [0x55, 2],
  [0x5a, 0],
  [0x5b, 0],
  [0x5c, 1],
  [0x5d, 2],
  [0x5e, 3],
  [0x5f, 0],
  [0xa0, 2],
  [0xa1, 3],
  [0xa2, 4],
  [0xf0, 3],
  [0xf5, 4],
  [0xf1, 7],
  [0xf1, 7],
  [0xf2, 7],
  [0xf4, 6],
  [0xfa, 6],
  [0xf1, 7],
  [0xf4, 6],
  [0xf5, 4],
  [0xff, 1],
  [0xf3, 2],
  [0xfd, 2],
  [0x00, 0],
]

const push = (value: number): number[] => [0x60, value]
const pushAddress = (index: number): number[] => [0x73, ...Array(19).fill(0xc0), index]

const operand: fc.Arbitrary<number[]> = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 4 }).map(push) },
  { weight: 2, arbitrary: fc.nat({ max: 70 }).map(push) },
  { weight: 2, arbitrary: fc.nat({ max: 5 }).map(pushAddress) },
  { weight: 1, arbitrary: fc.constant<number[]>([0x62, 1, 0, 0]) },
  { weight: 1, arbitrary: fc.nat({ max: 17 }).map(push) },
)

const instruction: fc.Arbitrary<number[]> = fc
  .tuple(fc.constantFrom(...OPCODES), fc.array(operand, { minLength: 7, maxLength: 7 }))
  .map(([[opcode, count], operands]) => {
    const isCall = opcode === 0xf1 || opcode === 0xf2 || opcode === 0xf4 || opcode === 0xfa
    const ordered = operands.slice(0, count)
    // The address and the gas of a call stand on top: any contract, and plenty of gas.
    if (isCall) ordered.splice(count - 2, 2, pushAddress(ordered[0]?.[1] ?? 0), [0x62, 1, 0, 0])
    return [...ordered.flat(), opcode]
  })

export const randomCode: fc.Arbitrary<Uint8Array> = fc
  .array(instruction, { maxLength: 14 })
  .map((instructions) => Uint8Array.from(instructions.flat()))
