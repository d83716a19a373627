import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { contract, funded, sign, testAccounts } from '../../chain/testing/accounts.ts'
import { ENTRY_DEPOSIT_ONLY } from '../batch/entry.ts'
import { bytesToHex, word } from '../bytes.ts'
import { initKeccak } from '../keccak.ts'
import { initSecp256k1 } from '../secp256k1.ts'
import { encodeDeposit } from '../transaction/sign.ts'
import { describeState } from './describe.ts'
import { stateHash } from './hash.ts'
import { randomEntry } from './testing/randomEntry.ts'
import { executeEntry, L1_BLOCK_STUB, runEntry } from './testing/rollup.ts'

const users = testAccounts(5)
const first = users[0] ?? { key: new Uint8Array(32), address: new Uint8Array(20) }
const l1Block = contract('0x4200000000000000000000000000000000000015', L1_BLOCK_STUB)
const T0 = 1_767_225_600n

beforeAll(() => Promise.all([initKeccak(), initSecp256k1()]))

describe('the machine on an entry', () => {
  it('ends in the output root of the chain engine, for a payload with all kinds of transactions', async () => {
    const deposit = encodeDeposit({
      sourceHash: word(1),
      from: first.address,
      to: users[3]?.address ?? null,
      mint: 5n * 10n ** 18n,
      value: 10n ** 18n,
      gasLimit: 100_000n,
      data: new Uint8Array(3),
    })
    const transfer = sign(first, { nonce: 1n, to: users[1]?.address ?? null, value: 5n })
    const wrongNonce = sign(first, { nonce: 9n, to: users[1]?.address ?? null, value: 5n })
    const legacy = sign(first, { type: 0, nonce: 2n, to: users[2]?.address ?? null, value: 7n })
    const executed = await executeEntry({
      accounts: [l1Block, ...users.map((user) => funded(user))],
      messages: [deposit.raw, transfer.raw],
      blocks: [
        { timestamp: T0 + 1n, inboxCount: 1n, transactions: [transfer.raw, wrongNonce.raw] },
        {
          timestamp: T0 + 1n,
          inboxCount: 2n,
          transactions: [legacy.raw, new Uint8Array([1, 2, 3])],
        },
        { timestamp: 0n, inboxCount: 9n, transactions: [] },
      ],
    })
    expect(executed.blocks.map((block) => block.receipts.length)).toEqual([2, 1, 0])
    const end = runEntry(executed)
    expect(describeState(end)).toEqual(describeState(executed.expectedEnd))
  })

  it('ends where a deposit-only entry ends', async () => {
    const failing = encodeDeposit({
      sourceHash: word(1),
      from: first.address,
      to: null,
      mint: 1n,
      value: 10n ** 30n,
      gasLimit: 9_000_000n,
      data: new Uint8Array(9),
    })
    const creation = encodeDeposit({
      sourceHash: word(2),
      from: first.address,
      to: null,
      mint: 8n,
      value: 8n,
      gasLimit: 90_000_000n,
      data: Uint8Array.of(0x60, 0x01, 0x60, 0x00, 0xf3),
    })
    const executed = await executeEntry({
      accounts: [l1Block, funded(first)],
      messages: [failing.raw, creation.raw],
      blocks: [],
      payload: new Uint8Array(0),
      kind: ENTRY_DEPOSIT_ONLY,
    })
    expect(executed.blocks[0]?.receipts.map(({ succeeded }) => succeeded)).toEqual([false, true])
    expect(describeState(runEntry(executed))).toEqual(describeState(executed.expectedEnd))
  })

  it('reads malformed payloads as derivation does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 60 }),
          fc
            .uint8Array({ minLength: 18, maxLength: 120 })
            .map((bytes) => Uint8Array.of(1, ...bytes)),
          fc.nat({ max: 5 }).map((count) => {
            const header = new Uint8Array(18)
            header[17] = count
            return Uint8Array.of(1, ...header, 0, 0, 2, 0xaa, 0xbb, 0, 0, 3, 1)
          }),
        ),
        async (payload) => {
          const accounts = [l1Block]
          const executed = await executeEntry({ accounts, messages: [], blocks: [], payload })
          const end = runEntry(executed)
          expect(bytesToHex(stateHash(end))).toBe(bytesToHex(stateHash(executed.expectedEnd)))
        },
      ),
      { numRuns: 40, seed: Number(process.env['SEED'] ?? 3) },
    )
  })

  it('ends in the output root of the chain engine, for random programs and transactions', async () => {
    let steps = 0
    await fc.assert(
      fc.asyncProperty(randomEntry, async (input) => {
        const executed = await executeEntry(input)
        const end = runEntry(executed, () => {
          steps += 1
        })
        expect(describeState(end)).toEqual(describeState(executed.expectedEnd))
      }),
      { numRuns: Number(process.env['RUNS'] ?? 40), seed: Number(process.env['SEED'] ?? 11) },
    )
    expect(steps).toBeGreaterThan(1_000)
  }, 600_000)
})
