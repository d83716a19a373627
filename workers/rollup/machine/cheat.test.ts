import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { contract, funded, sign, testAccounts } from '../../chain/testing/accounts.ts'
import { bytesToHex, hexToBytes, word } from '../bytes.ts'
import { initKeccak } from '../keccak.ts'
import { initSecp256k1 } from '../secp256k1.ts'
import { encodeCheat } from '../transaction/cheat.ts'
import { CHEAT } from '../transaction/transaction.ts'
import { getAccount, getStorage } from '../trie/world.ts'
import { describeState } from './describe.ts'
import { stateHash } from './hash.ts'
import { isFinished, step } from './step.ts'
import { executeEntry, L1_BLOCK_STUB, runEntry } from './testing/rollup.ts'
import { type MachineState, PHASE } from './types.ts'

function accounts() {
  const [user, poor] = testAccounts(2)
  if (user === undefined || poor === undefined) throw new Error('There are two accounts.')
  return { user, poor }
}

const { user, poor } = accounts()
const chainId = 7_331_002n
const l1Block = contract('0x4200000000000000000000000000000000000015', L1_BLOCK_STUB)
/** SSTORE(0, CALLER); SSTORE(1, CALLVALUE). */
const RECORDER = '0x3360005534600155'
const VAULT = '0xc0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0'
const vault = hexToBytes(VAULT)
const BURNER = `0x${'bb'.repeat(20)}`
const nobody = new Uint8Array(20).fill(0x99)
const T0 = 1_767_225_600n

beforeAll(() => Promise.all([initKeccak(), initSecp256k1()]))

let salt = 0n
type Given = Omit<Parameters<typeof encodeCheat>[0], 'chainId' | 'salt'>
const cheat = (given: Given): Uint8Array => {
  salt += 1n
  return encodeCheat({ chainId, salt, ...given }).raw
}

function entryOf(transactions: readonly Uint8Array[], messages: readonly Uint8Array[] = []) {
  return executeEntry({
    accounts: [l1Block, funded(user), contract(VAULT, RECORDER, 3n), contract(BURNER, '0xfe')],
    messages,
    blocks: [{ timestamp: T0 + 1n, inboxCount: BigInt(messages.length), transactions }],
  })
}

describe('the machine on cheats', () => {
  it('ends where the chain engine ends, for every action and for ordinary transactions between them', async () => {
    const executed = await entryOf([
      cheat({ action: CHEAT.SET_BALANCE, from: poor.address, value: 10n ** 18n }),
      sign(poor, { nonce: 0n, to: user.address, value: 5n }).raw,
      cheat({ action: CHEAT.ADD_BALANCE, from: nobody, value: 77n }),
      cheat({ action: CHEAT.SET_NONCE, from: poor.address, value: 40n }),
      sign(poor, { nonce: 40n, to: vault, value: 5n, gasLimit: 100_000n }).raw,
      cheat({ action: CHEAT.SET_STORAGE, from: vault, slot: 5n, value: 6n }),
      cheat({ action: CHEAT.SET_STORAGE, from: vault, slot: 1n, value: 0n }),
      cheat({ action: CHEAT.SET_CODE, from: nobody, data: hexToBytes(RECORDER) }),
      cheat({ action: CHEAT.SEND, from: nobody, to: vault, value: 7n, gasLimit: 90_000n }),
      cheat({ action: CHEAT.SEND, from: vault, gasLimit: 90_000n, data: hexToBytes('0x00') }),
      cheat({ action: CHEAT.SEND, from: nobody, to: vault, value: 10n ** 30n, gasLimit: 60_000n }),
    ])
    const [block] = executed.blocks
    expect(block?.receipts.map(({ succeeded }) => succeeded)).toEqual([
      ...Array.from({ length: 10 }, () => true),
      false,
    ])
    expect(block?.receipts[0]).toMatchObject({ type: 0x7d, gasUsed: 0n })
    expect(describeState(runEntry(executed))).toEqual(describeState(executed.expectedEnd))
    const world = block?.world
    if (world === undefined) throw new Error('There is a block.')
    expect(getAccount(world, nobody)).toMatchObject({ balance: 70n, nonce: 2n })
    expect(getStorage(world, vault, word(5))).toBe(6n)
    expect(getStorage(world, vault, word(1))).toBe(7n)
    expect(getAccount(world, poor.address)?.nonce).toBe(41n)
  })

  it('keeps a slot of an account that was empty, and forgets an account that becomes empty', async () => {
    const executed = await entryOf([
      cheat({ action: CHEAT.SET_STORAGE, from: nobody, slot: 5n, value: 6n }),
      cheat({ action: CHEAT.SET_STORAGE, from: poor.address, slot: 5n, value: 0n }),
      cheat({ action: CHEAT.SET_BALANCE, from: user.address, value: 0n }),
    ])
    expect(stateHash(runEntry(executed))).toEqual(stateHash(executed.expectedEnd))
    const world = executed.blocks[0]?.world
    if (world === undefined) throw new Error('There is a block.')
    expect(getAccount(world, nobody)?.nonce).toBe(1n)
    expect(getStorage(world, nobody, word(5))).toBe(6n)
    expect(getAccount(world, poor.address)).toBeUndefined()
    expect(getAccount(world, user.address)).toBeUndefined()
  })

  it('skips a cheat from the inbox, one of another chain, and one beyond the block’s gas', async () => {
    const give = { action: CHEAT.SET_BALANCE, from: nobody, value: 9n }
    const executed = await entryOf(
      [
        encodeCheat({ ...give, chainId: 1n, salt: 1n }).raw,
        ...Array.from({ length: 4 }, () =>
          cheat({
            action: CHEAT.SEND,
            from: user.address,
            to: hexToBytes(BURNER),
            gasLimit: 16_777_216n,
          }),
        ),
      ],
      [cheat(give)],
    )
    const reasons = executed.blocks[0]?.skipped.map(({ reason }) => reason)
    expect(reasons).toEqual(['unsupportedType', 'wrongChainId', 'blockGasExhausted'])
    expect(stateHash(runEntry(executed))).toEqual(stateHash(executed.expectedEnd))
  })

  it('skips every cheat where the rules do not allow them', async () => {
    const executed = await entryOf([cheat({ action: CHEAT.ADD_BALANCE, from: nobody, value: 9n })])
    const rules = { ...executed.context.rules, allowsCheats: false }
    const context = { ...executed.context, rules }
    let state: MachineState = executed.start
    const phases = new Set<number>()
    while (!isFinished(state, context)) {
      phases.add(state.phase)
      state = step(state, context)
    }
    expect(phases).toContain(PHASE.CHEAT)
    expect(getAccount(state.world.state, nobody)).toBeUndefined()
  })

  it('ends where the chain engine ends, for random cheats', async () => {
    const account = fc.constantFrom(user.address, poor.address, vault, nobody)
    const small = fc.constantFrom(0n, 1n, 2n, 10n ** 18n, 2n ** 64n - 2n)
    const code = fc.constantFrom(RECORDER, '0x', `0xef0100${VAULT.slice(2)}`, '0x6000ff', '0x00')
    const arbitrary = fc.oneof(
      fc.record({
        action: fc.constantFrom(CHEAT.SET_BALANCE, CHEAT.ADD_BALANCE, CHEAT.SET_NONCE),
        from: account,
        value: small,
      }),
      fc.record({
        action: fc.constant(CHEAT.SET_STORAGE),
        from: account,
        slot: fc.constantFrom(0n, 1n, 5n),
        value: small,
      }),
      fc.record({
        action: fc.constant(CHEAT.SET_CODE),
        from: account,
        data: code.map((text) => hexToBytes(text)),
      }),
      fc.record({
        action: fc.constant(CHEAT.SEND),
        from: account,
        to: fc.option(account),
        value: fc.constantFrom(0n, 1n),
        gasLimit: fc.constantFrom(60_000n, 200_000n),
        data: code.map((text) => hexToBytes(text)),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(arbitrary, { minLength: 1, maxLength: 12 }), async (given) => {
        const executed = await entryOf(given.map(cheat))
        expect(executed.blocks[0]?.skipped).toEqual([])
        expect(bytesToHex(stateHash(runEntry(executed)))).toBe(
          bytesToHex(stateHash(executed.expectedEnd)),
        )
      }),
      { numRuns: 60 },
    )
  })
})
