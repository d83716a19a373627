import fc from 'fast-check'
import { bytesToHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { call, createMachine, deploy, GAS_LIMIT } from '../../../tools/conformance/evm.ts'
import { check, deployFamily, type Family, verify } from '../../../tools/conformance/family.ts'
import {
  ABSENT,
  block,
  context,
  RICH,
  SELF,
  WRITER,
  worldWith,
} from '../../../tools/conformance/states.ts'
import { hexToBytes } from '../../../workers/rollup/bytes.ts'
import { ETHEREUM_CODE_LIMITS } from '../../../workers/rollup/codeLimits.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { stateHash } from '../../../workers/rollup/machine/hash.ts'
import { step, witness } from '../../../workers/rollup/machine/step.ts'
import { startOf } from '../../../workers/rollup/machine/testing/stateTest.ts'
import { type MachineState, PHASE, SOURCE } from '../../../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'
import { encodeCheat } from '../../../workers/rollup/transaction/cheat.ts'
import { parseTransaction } from '../../../workers/rollup/transaction/decode.ts'
import { CHEAT, InvalidTransactionError } from '../../../workers/rollup/transaction/transaction.ts'
import { TransactionDecoder } from '../../generated/TransactionDecoder.ts'

const INITCODE_SIZE_MAX = ETHEREUM_CODE_LIMITS.initcodeSizeMax

let family: Family
beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  family = await deployFamily()
})

type Given = Omit<Parameters<typeof encodeCheat>[0], 'chainId' | 'salt'>
const encode = (given: Given) => encodeCheat({ chainId: BigInt(block.chainId), salt: 1n, ...given })

/** TX_START of a cheat. */
const startOfCheat = (given: Given, source: number = SOURCE.PAYLOAD): MachineState =>
  startOf(worldWith(Uint8Array.of(0x33)), block, encode(given).raw, source)
/** CHEAT. */
const cheating = (given: Given, source?: number) => step(startOfCheat(given, source), context)

const code = (size: number) => Uint8Array.from({ length: size }, (_, at) => (at * 7 + 1) & 0xff)

const CASES: Readonly<Record<string, Given>> = {
  'a balance': { action: CHEAT.SET_BALANCE, from: RICH, value: 2n ** 256n - 1n },
  'a balance of an absent account': { action: CHEAT.SET_BALANCE, from: ABSENT, value: 1n },
  'a balance that deletes its account': { action: CHEAT.SET_BALANCE, from: RICH, value: 0n },
  'a balance of 0 of an absent account': { action: CHEAT.SET_BALANCE, from: ABSENT, value: 0n },
  'a gift that overflows': { action: CHEAT.ADD_BALANCE, from: RICH, value: 2n ** 256n - 1n },
  'a nonce': { action: CHEAT.SET_NONCE, from: SELF, value: 2n ** 64n - 2n },
  'a nonce of 0': { action: CHEAT.SET_NONCE, from: SELF, value: 0n },
  'no code': { action: CHEAT.SET_CODE, from: SELF },
  'a delegation': { action: CHEAT.SET_CODE, from: RICH, data: code(23) },
  'the longest code': { action: CHEAT.SET_CODE, from: ABSENT, data: code(INITCODE_SIZE_MAX) },
  'a new slot': { action: CHEAT.SET_STORAGE, from: SELF, slot: 99n, value: 2n ** 255n },
  'a slot': { action: CHEAT.SET_STORAGE, from: SELF, slot: 3n, value: 4n },
  'a cleared slot': { action: CHEAT.SET_STORAGE, from: SELF, slot: 3n, value: 0n },
  'a slot as it was': { action: CHEAT.SET_STORAGE, from: SELF, slot: 3n, value: 3n },
  'a slot of an absent account': { action: CHEAT.SET_STORAGE, from: ABSENT, slot: 3n, value: 3n },
  'an empty slot of an absent account': { action: CHEAT.SET_STORAGE, from: ABSENT, slot: 3n },
  'a call': { action: CHEAT.SEND, from: RICH, to: WRITER, value: 5n, gasLimit: 300_000n },
  'a call by a contract': { action: CHEAT.SEND, from: SELF, to: RICH, gasLimit: 21_000n },
  'a call without funds': {
    action: CHEAT.SEND,
    from: ABSENT,
    to: SELF,
    value: 1n,
    gasLimit: 21_000n,
  },
  'a creation': { action: CHEAT.SEND, from: SELF, gasLimit: 1_000_000n, data: code(40) },
  'the longest call': {
    action: CHEAT.SEND,
    from: RICH,
    to: SELF,
    gasLimit: 16_777_216n,
    data: code(62_000),
  },
}

describe('CHEAT', () => {
  test.each(Object.entries(CASES))('%s: the mirror’s result', async (name, given) => {
    let state = startOfCheat(given)
    const phases: number[] = []
    do {
      phases.push(state.phase)
      const { result, expected, error, transactionGas } = await verify(family, state, context)
      expect(error, name).toBeUndefined()
      expect(result, name).toBe(expected)
      expect(transactionGas, name).toBeLessThan(GAS_LIMIT)
      state = step(state, context)
    } while (state.phase !== PHASE.TX_NEXT && state.phase !== PHASE.EXEC)
    expect(phases.slice(0, 2)).toEqual([PHASE.TX_START, PHASE.CHEAT])
    expect(phases).toContain(given.action === CHEAT.SEND ? phases[2] : PHASE.TX_CLOSE)
  })

  test('a cheat from the inbox is skipped', async () => {
    const state = cheating(CASES['a balance'] as Given, SOURCE.INBOX)
    const { result, expected } = await verify(family, state, context)
    expect(result).toBe(expected)
    expect(step(state, context).phase).toBe(PHASE.TX_NEXT)
  })

  test('a send that does not fit into the block is skipped', async () => {
    const given = { action: CHEAT.SEND, from: RICH, to: SELF, gasLimit: 100_000n }
    for (const gasUsed of [block.gasLimit - 100_000n, block.gasLimit - 99_999n]) {
      const state = cheating(given)
      const full = { ...state, block: { ...state.block, gasUsed } }
      const { result, expected } = await verify(family, full, context)
      expect(result).toBe(expected)
      const isSkipped = gasUsed + 100_000n > block.gasLimit
      expect(step(full, context).phase).toBe(isSkipped ? PHASE.TX_NEXT : PHASE.TX_CALL)
    }
  })

  test('a family that was deployed without cheats skips them all, as the mirror does', async () => {
    const strict = await deployFamily([], [], { allowsCheats: false })
    const rules = { ...context.rules, allowsCheats: false }
    for (const given of Object.values(CASES)) {
      const state = cheating(given)
      const { result, expected } = await verify(strict, state, { ...context, rules })
      expect(result).toBe(expected)
      // The same step where cheats are valid leads elsewhere.
      expect(result).not.toBe(bytesToHex(stateHash(step(state, context))))
    }
  })

  test('a flipped bit of a witness reverts or changes nothing', async () => {
    const names = Object.keys(CASES).filter((name) => !name.includes('longest'))
    let reverted = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.nat(7), async (name, at, bit) => {
        const state = cheating(CASES[name] as Given)
        const bytes = witness(state, context)
        const index = at % bytes.length
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit)
        const expected = bytesToHex(stateHash(step(state, context)))
        const preState = bytesToHex(stateHash(state))
        const { result } = await check(family, preState, bytes, context.endEntry)
        if (result === undefined) reverted += 1
        else expect(result).toBe(expected)
      }),
    )
    expect(reverted).toBeGreaterThan(50)
  })
})

describe('the decoder', () => {
  test('takes what decode.ts takes, whole or with a byte changed', async () => {
    const evm = await createMachine()
    const decoder = await deploy(evm, TransactionDecoder, [INITCODE_SIZE_MAX])
    let taken = 0
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(CASES).filter(({ data }) => (data?.length ?? 0) < 100)),
        fc.option(fc.record({ at: fc.nat(), byte: fc.nat(255) })),
        async (given, change) => {
          const raw = encode(given).raw.slice()
          if (change !== null) raw[1 + (change.at % (raw.length - 1))] = change.byte
          const args = [bytesToHex(raw), BigInt(block.chainId)]
          const { result, error } = await call(evm, decoder, 'decodeCheat', args)
          const expected = read(raw)
          expect(error === undefined).toBe(expected !== undefined)
          if (expected?.kind !== 'cheat') return
          taken += 1
          expect(result).toMatchObject({
            action: BigInt(expected.action),
            slot: expected.slot,
            value: expected.value,
            gasLimit: expected.gasLimit,
            dataSize: BigInt(expected.data.length),
          })
        },
      ),
      { numRuns: 300 },
    )
    expect(taken).toBeGreaterThan(100)
  })

  test('refuses bytes that begin with another type', async () => {
    const evm = await createMachine()
    const decoder = await deploy(evm, TransactionDecoder, [INITCODE_SIZE_MAX])
    const args = ['0x7ec0', BigInt(block.chainId)]
    const { error } = await call(evm, decoder, 'decodeCheat', args)
    expect(error).toContain('TransactionDecoder_Malformed')
    expect(read(hexToBytes('0x7dc0'))).toBeUndefined()
  })
})

function read(raw: Uint8Array) {
  try {
    return parseTransaction(raw, { chainId: block.chainId })
  } catch (error) {
    if (error instanceof InvalidTransactionError) return undefined
    throw error
  }
}
