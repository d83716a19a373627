import { beforeAll, describe, expect, test } from 'vitest'
import { deployFamily, type Family, verify } from '../../../tools/conformance/family.ts'
import { kindOf } from '../../../tools/conformance/outcome.ts'
import {
  ABSENT,
  context,
  DELEGATED,
  DELEGATED_TO_PRECOMPILE,
  executing,
  RETURNER,
  RICH,
  SELF,
  toWord,
} from '../../../tools/conformance/states.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { OPCODES } from '../../../workers/rollup/machine/opcodes.ts'
import { push, type Stack } from '../../../workers/rollup/machine/stack.ts'
import { step } from '../../../workers/rollup/machine/step.ts'
import { type MachineState, PHASE } from '../../../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'

const MAX = (1n << 256n) - 1n
/** VERIFIER_FULL=1 tries every opcode with every operand; otherwise each opcode has a share of them. */
const IS_FULL = process.env['VERIFIER_FULL'] === '1'
let family: Family

beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  family = await deployFamily()
})

const failures: string[] = []

async function expectSame(state: MachineState, note: string): Promise<void> {
  const { result, expected, error } = await verify(family, state, context)
  if (result !== expected) failures.push(`${kindOf(state)} ${note}: ${error ?? 'another result'}`)
}

/** With plenty of gas, with exactly enough, and with one less. */
async function expectSameAtGasEdges(state: MachineState, note: string): Promise<void> {
  await expectSame(state, note)
  const { frame } = state
  const after = step(state, context)
  if (frame === null || after.frame === null || after.phase === PHASE.HALT) return
  const left =
    after.phase === PHASE.FRAME_START
      ? (after.frame.parent?.gas ?? 0) + after.frame.gas
      : after.frame.gas
  const cost = frame.gas - left
  await expectSame({ ...state, frame: { ...frame, gas: cost } }, `${note}, exact gas`)
  if (cost > 0)
    await expectSame({ ...state, frame: { ...frame, gas: cost - 1 } }, `${note}, one gas less`)
}

const addresses = [SELF, RETURNER, DELEGATED, DELEGATED_TO_PRECOMPILE, RICH, ABSENT].map(toWord)
const OPERANDS: readonly (readonly bigint[])[] = [
  [0n, 0n, 0n, 0n, 0n, 0n, 0n],
  [3n, 5n, 7n, 2n, 1n, 0n, 9n],
  [64n, 32n, 31n, 96n, 20n, 8n, 4n],
  [MAX, MAX, MAX, MAX, MAX, MAX, MAX],
  [MAX - 4n, 3n, 1n << 255n, 1n, 1n, 1n, 1n],
  [1n << 255n, MAX, 1n, 0n, 0n, 0n, 0n],
  [0n, 65_536n, 65_537n, 0n, 0n, 0n, 0n],
  [(1n << 22n) - 10n, 10n, 40n, 10n, 0n, 0n, 0n],
]

describe('opcodes', () => {
  let fullStack: Stack = null
  for (let i = 0; i < 1_024; i++) fullStack = push(fullStack, 1n)

  test('each opcode, defined or not, gives the mirror’s result for many operands', async () => {
    failures.length = 0
    for (let opcode = 0; opcode < 256; opcode++) {
      const isVaried = OPCODES[opcode] !== undefined && (opcode < 0x60 || opcode > 0x9f)
      const all = isVaried ? OPERANDS : OPERANDS.slice(1, 2)
      const sets = IS_FULL
        ? all
        : all.filter((_, index) => index === 2 || (index + opcode) % 4 === 0)
      const deep =
        opcode >= 0x80 && opcode <= 0x9f ? Array.from({ length: 17 }, (_, i) => BigInt(i)) : []
      for (const operands of sets) {
        const state = executing(opcode, [...operands, ...deep])
        // The edges of gas are tried where operands are ordinary; elsewhere the result alone.
        await (operands === OPERANDS[2]
          ? expectSameAtGasEdges(state, operands.join())
          : expectSame(state, operands.join()))
      }
      await expectSame(executing(opcode, OPERANDS[1] ?? [], { stack: null }), 'empty stack')
      await expectSame(executing(opcode, OPERANDS[1] ?? [], { isStatic: true }), 'static')
      if (OPCODES[opcode] === undefined) continue
      await expectSame(executing(opcode, [], { stack: fullStack }), 'full stack')
    }
    expect(failures).toEqual([])
  })

  test('opcodes that name an account work on each kind of account', async () => {
    failures.length = 0
    const accounts = [...addresses, 1n, 0x11n, 0x100n, toWord(new Uint8Array(20).fill(0x42))]
    for (const [index, account] of accounts.entries()) {
      for (const opcode of [0x31, 0x3b, 0x3f, 0xff])
        await expectSameAtGasEdges(executing(opcode, [account]), account.toString(16))
      await expectSameAtGasEdges(executing(0x3c, [account, 7n, 1n, 40n]), account.toString(16))
      for (const opcode of IS_FULL || index % 2 === 0 ? [0xf1, 0xf2] : [0xf1]) {
        for (const value of [0n, 1n]) {
          await expectSameAtGasEdges(
            executing(opcode, [100n, account, value, 1n, 40n, 60n, 90n]),
            `${account.toString(16)} ${value}`,
          )
        }
        await expectSame(
          executing(opcode, [MAX, account, 1n << 200n, 1n, 40n, 60n, 90n]),
          account.toString(16),
        )
      }
      for (const opcode of [0xf4, 0xfa])
        await expectSameAtGasEdges(
          executing(opcode, [MAX, account, 1n, 40n, 60n, 90n]),
          account.toString(16),
        )
    }
    for (const opcode of [0xf1, 0xf2, 0xf4, 0xfa, 0xf0, 0xf5]) {
      await expectSame(
        executing(opcode, [0n, toWord(RETURNER), 0n, 0n, 0n, 0n, 0n], { depth: 1_024 }),
        'deepest frame',
      )
    }
    await expectSame(
      executing(0xf1, [0n, toWord(RICH), 1n, 0n, 0n, 0n, 0n], { isStatic: true }),
      'value in a static frame',
    )
    for (const opcode of [0xf0, 0xf5]) {
      for (const value of [0n, 1n, 1n << 200n]) {
        for (const length of [0n, 40n, 49_152n, 49_153n])
          await expectSameAtGasEdges(
            executing(opcode, [value, 1n, length, 7n]),
            `${value} ${length}`,
          )
      }
    }
    expect(failures).toEqual([])
  })

  test('storage opcodes follow the rules of original, current and new value', async () => {
    failures.length = 0
    const other = (n: number) => BigInt(n)
    for (const key of [1, 2, 100]) {
      for (const first of [0n, BigInt(key), 55n]) {
        let state = executing(0x55, [other(key), first])
        await expectSameAtGasEdges(state, `slot ${key} := ${first}`)
        state = step(state, context)
        for (const second of [0n, BigInt(key), 55n, 56n]) {
          const { frame } = state
          if (frame === null || state.phase !== PHASE.EXEC) continue
          await expectSame(
            { ...state, frame: { ...frame, pc: 1, stack: push(push(null, second), other(key)) } },
            `slot ${key} := ${first}, ${second}`,
          )
        }
      }
      for (const opcode of [0x54, 0x5c, 0x5d])
        await expectSameAtGasEdges(executing(opcode, [other(key), 9n]), `slot ${key}`)
    }
    await expectSame(executing(0x55, [1n, 1n], { gas: 2_300 }), 'stipend')
    await expectSame(executing(0x55, [1n, 1n], { gas: 2_301 }), 'above the stipend')
    expect(failures).toEqual([])
  })

  test('jumps land on destinations outside push data, and block hashes reach back 256 blocks', async () => {
    failures.length = 0
    for (const target of [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, MAX]) {
      await expectSameAtGasEdges(executing(0x56, [target]), `to ${target}`)
      for (const condition of [0n, MAX])
        await expectSameAtGasEdges(
          executing(0x57, [target, condition]),
          `to ${target} if ${condition}`,
        )
    }
    for (const number of [0n, 43n, 44n, 45n, 299n, 300n, 301n, MAX])
      await expectSameAtGasEdges(executing(0x40, [number]), `block ${number}`)
    for (const pc of [5, 6, 7, 8, 1_000]) await expectSame(executing(0x00, [], { pc }), `at ${pc}`)
    expect(failures).toEqual([])
  })
})
