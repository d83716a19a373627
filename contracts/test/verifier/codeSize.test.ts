/** A world may allow code of 65,536 bytes: engine, mirror and verifier draw the line at the same byte, with and without it. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { deployment, noise } from '../../../tools/conformance/dearest.ts'
import { GAS_LIMIT } from '../../../tools/conformance/evm.ts'
import { check, deployFamily, type Family, verify } from '../../../tools/conformance/family.ts'
import {
  assemble,
  block,
  context,
  executing,
  RICH,
  SELF,
  transaction,
  worldWith,
} from '../../../tools/conformance/states.ts'
import { funded, sign, testAccounts } from '../../../workers/chain/testing/accounts.ts'
import { hashEntry } from '../../../workers/rollup/batch/entry.ts'
import { bytesToHex, concatBytes, hexToBytes, word } from '../../../workers/rollup/bytes.ts'
import { CODE_LIMITS, type CodeSizeLimit } from '../../../workers/rollup/codeLimits.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { tamper } from '../../../workers/rollup/machine/frauds.ts'
import { stateHash } from '../../../workers/rollup/machine/hash.ts'
import { isFinished, step, witness } from '../../../workers/rollup/machine/step.ts'
import { executeEntry } from '../../../workers/rollup/machine/testing/rollup.ts'
import { startOf } from '../../../workers/rollup/machine/testing/stateTest.ts'
import {
  type MachineContext,
  type MachineState,
  PHASE,
  SOURCE,
} from '../../../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'
import { createAddress } from '../../../workers/rollup/transaction/address.ts'
import { encodeCheat } from '../../../workers/rollup/transaction/cheat.ts'
import { encodeDeposit } from '../../../workers/rollup/transaction/sign.ts'
import { CHEAT } from '../../../workers/rollup/transaction/transaction.ts'

const LIMITS = [24_576, 65_536] as const
const contextOf = (limit: CodeSizeLimit): MachineContext => ({
  ...context,
  rules: { ...context.rules, ...CODE_LIMITS[limit] },
})

const families = new Map<CodeSizeLimit, Family>()
beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  for (const limit of LIMITS)
    families.set(limit, await deployFamily([], [], { codeLimits: CODE_LIMITS[limit] }))
})

/** The phase after a step, on which mirror and verifier must agree. */
async function phaseAfter(limit: CodeSizeLimit, state: MachineState): Promise<number> {
  const within = contextOf(limit)
  const { result, expected, error, transactionGas } = await verify(
    families.get(limit) as Family,
    state,
    within,
  )
  expect(error).toBeUndefined()
  expect(result).toBe(expected)
  expect(transactionGas).toBeLessThan(GAS_LIMIT)
  return step(state, within).phase
}

const creation = (size: number) =>
  transaction(Uint8Array.of(0), { to: null, data: noise(size), gasLimit: 5_000_000n })

const deposited = (size: number) => {
  const deposit = encodeDeposit({
    sourceHash: word(1),
    from: RICH,
    to: null,
    mint: 1n,
    value: 0n,
    gasLimit: 5_000_000n,
    data: noise(size),
  })
  return startOf(worldWith(Uint8Array.of(0)), block, deposit.raw, SOURCE.INBOX)
}

/** CHEAT of a cheat with so many bytes of code, whatever the limit. */
const cheating = (action: number, size: number) => {
  const gasLimit = action === CHEAT.SEND ? 5_000_000n : 0n
  const given = { chainId: BigInt(block.chainId), salt: 1n, action, from: SELF, gasLimit }
  const { raw } = encodeCheat({ ...given, data: noise(size) }, size)
  const state = startOf(worldWith(Uint8Array.of(0)), block, raw, SOURCE.PAYLOAD)
  return step(state, contextOf(65_536))
}

/** By step: its state, how many bytes are let pass with either limit, and the phases behind the last of them and one byte more. */
const LINES: Readonly<
  Record<string, [(size: number) => MachineState, number, number, pass: number, fail: number]>
> = {
  'code of a contract': [deployment, 24_576, 65_536, PHASE.TX_END, PHASE.HALT],
  'initcode of CREATE': [
    (size) => executing(0xf0, [0n, 0n, BigInt(size)], { gas: 10_000_000 }),
    49_152,
    65_536,
    PHASE.FRAME_START,
    PHASE.HALT,
  ],
  'initcode of CREATE2': [
    (size) => executing(0xf5, [0n, 0n, BigInt(size), 7n], { gas: 10_000_000 }),
    49_152,
    65_536,
    PHASE.FRAME_START,
    PHASE.HALT,
  ],
  'initcode of a transaction': [creation, 49_152, 65_536, PHASE.TX_CALL, PHASE.TX_NEXT],
  'initcode of a deposit': [deposited, 49_152, 65_536, PHASE.TX_CALL, PHASE.TX_END],
  'code that a cheat sets': [
    (size) => cheating(CHEAT.SET_CODE, size),
    49_152,
    65_536,
    PHASE.TX_END,
    PHASE.TX_NEXT,
  ],
  'initcode that a cheat sends': [
    (size) => cheating(CHEAT.SEND, size),
    49_152,
    65_536,
    PHASE.TX_CALL,
    PHASE.TX_NEXT,
  ],
}

describe.each(Object.entries(LINES))('%s', (_, [make, usual, large, pass, fail]) => {
  it('ends where Ethereum ends it', async () => {
    expect(await phaseAfter(24_576, make(usual))).toBe(pass)
    expect(await phaseAfter(24_576, make(usual + 1))).toBe(fail)
  })

  it('ends at 65,536 bytes in a world that allows it', async () => {
    expect(await phaseAfter(65_536, make(usual + 1))).toBe(pass)
    expect(await phaseAfter(65_536, make(large))).toBe(pass)
    expect(await phaseAfter(65_536, make(large + 1))).toBe(fail)
  })
})

it('a verifier of the other limit proves another state', async () => {
  const state = deployment(61_440)
  const { result, expected } = await verify(
    families.get(24_576) as Family,
    state,
    contextOf(65_536),
  )
  expect(result).not.toBe(expected)
})

it('a flipped bit in the witness of a deployment reverts or changes nothing', async () => {
  const state = deployment(61_440)
  const within = contextOf(65_536)
  const honest = witness(state, within)
  const expected = bytesToHex(stateHash(step(state, within)))
  const preState = bytesToHex(stateHash(state))
  let reverted = 0
  await fc.assert(
    fc.asyncProperty(fc.nat(honest.length - 1), fc.nat(7), async (at, bit) => {
      const bytes = honest.slice()
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
      const { result } = await check(
        families.get(65_536) as Family,
        preState,
        bytes,
        within.endEntry,
      )
      if (result === undefined) reverted += 1
      else expect(result).toBe(expected)
    }),
    { numRuns: 40 },
  )
  expect(reverted).toBeGreaterThan(30)
})

describe('a contract of 60 KiB', () => {
  const [alice] = testAccounts(1) as [ReturnType<typeof testAccounts>[number]]
  const SIZE = 61_440
  /** What the lie looks for: an ERC-20's transfer. */
  const TRANSFER = concatBytes(hexToBytes('0xa9059cbb'), word(1), word(2))
  /** A jump over 60 KiB of push data to what it does: it stores its caller's value. */
  const end = assemble(0x5b, 0x34, 7n, 0x55, 0x00)
  const start = assemble(BigInt(SIZE - end.length), 0x56)
  const filler = new Uint8Array(SIZE - start.length - end.length)
  const runtime = concatBytes(start, filler, end)
  const prefix = assemble(BigInt(SIZE), 0x80, 11n, 0x5f, 0x39, 0x5f, 0xf3)
  const initcode = concatBytes(prefix, new Uint8Array(11 - prefix.length).fill(0x5b), runtime)

  const executed = (limit: CodeSizeLimit) =>
    executeEntry({
      accounts: [funded(alice)],
      messages: [],
      codeLimits: CODE_LIMITS[limit],
      blocks: [
        {
          timestamp: 1_767_225_601n,
          inboxCount: 0n,
          transactions: [
            sign(alice, { to: null, data: initcode, gasLimit: 16_000_000n }).raw,
            sign(alice, {
              to: createAddress(alice.address, 0n),
              nonce: 1n,
              value: 42n,
              data: TRANSFER,
              gasLimit: 100_000n,
            }).raw,
          ],
        },
      ],
    })

  it('is deployed and called by engine, mirror and verifier alike, and a lie in it is contradicted', async () => {
    const { context: within, start: from, expectedEnd, blocks } = await executed(65_536)
    expect(blocks[0]?.receipts.map(({ succeeded }) => succeeded)).toEqual([true, true])
    const entry = bytesToHex(hashEntry(within.source.entry(1n)))
    const family = await deployFamily([entry, entry], [], { codeLimits: CODE_LIMITS[65_536] })
    let lies = 0
    let state = from
    while (!isFinished(state, within)) {
      const after = step(state, within)
      const { result, error, transactionGas } = await verify(family, state, within)
      expect(error).toBeUndefined()
      expect(result).toBe(bytesToHex(stateHash(after)))
      expect(transactionGas).toBeLessThan(GAS_LIMIT)
      const run = (one: MachineState) => step(one, within)
      const claimed = tamper('fraud-sstore', { before: state, after }, { thief: RICH, run })
      if (claimed !== null && state.frame?.code.bytes.length === SIZE) {
        expect(bytesToHex(stateHash(claimed))).not.toBe(result)
        lies += 1
      }
      state = after
    }
    expect(lies).toBe(1)
    expect(bytesToHex(stateHash(state))).toBe(bytesToHex(stateHash(expectedEnd)))
  })

  it('is not even ordered where the limit is Ethereum’s', async () => {
    const { blocks, context: within, start: from, expectedEnd } = await executed(24_576)
    expect(blocks[0]?.skipped).toEqual([
      { index: 0, reason: 'initcodeTooLarge' },
      { index: 1, reason: 'nonceTooHigh' },
    ])
    let state = from
    while (!isFinished(state, within)) state = step(state, within)
    expect(bytesToHex(stateHash(state))).toBe(bytesToHex(stateHash(expectedEnd)))
  })
})
