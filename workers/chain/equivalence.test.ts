import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, word } from '../rollup/bytes.ts'
import { signAuthorization } from '../rollup/transaction/sign.ts'
import type { Authorization, SignedTransaction } from '../rollup/transaction/transaction.ts'
import { createChain } from './chain.ts'
import {
  contract,
  funded,
  sign,
  testAccounts,
  testConfig,
  testEnvironment,
} from './testing/accounts.ts'
import { randomCode } from './testing/code.ts'
import { createOracle } from './testing/oracle.ts'

const users = testAccounts(5)
const contractAddresses = Array.from({ length: 6 }, (_, index) => `0x${'c0'.repeat(19)}0${index}`)

const stats: Record<string, number> & { blocks: number; left: number } = { blocks: 0, left: 0 }

describe('the fast path', () => {
  it('gives the state, receipts and hash that plain @ethereumjs/vm gives, for random blocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(randomCode, { minLength: 6, maxLength: 6 }),
        fc.array(fc.array(step, { maxLength: 8 }), { minLength: 1, maxLength: 3 }),
        async (codes, blocks) => {
          const config = testConfig('l1', [
            ...users.map((user) => funded(user)),
            ...contractAddresses.map((address, index) =>
              contract(address, bytesToHex(codes[index] ?? new Uint8Array()), 7n),
            ),
          ])
          const chain = await createChain(config)
          const oracle = await createOracle(config)
          expect(chain.genesis.header.stateRoot).toEqual(await oracle.stateRoot())
          const nonces = users.map(() => 0n)
          for (const [index, steps] of blocks.entries()) {
            const transactions = steps.map((make) => make(nonces))
            // A delegation may change a nonce in a way that the generator does not follow: such a block is left out.
            const block = await chain
              .buildBlock({ environment: testEnvironment(index + 1), transactions })
              .catch(() => undefined)
            stats.blocks += 1
            if (block === undefined) {
              stats.left += 1
              return
            }
            for (const receipt of block.receipts) {
              stats[receipt.exception] = (stats[receipt.exception] ?? 0) + 1
            }
            const expected = await oracle.run(block)
            expect(block.receipts.map((receipt) => receipt.cumulativeGasUsed)).toEqual(
              expected.receipts.map((receipt) => receipt.cumulativeBlockGasUsed),
            )
            expect(bytesToHex(block.header.stateRoot)).toBe(bytesToHex(expected.stateRoot))
            expect(bytesToHex(block.header.receiptsRoot)).toBe(bytesToHex(expected.receiptsRoot))
            expect(block.header.logsBloom).toEqual(expected.logsBloom)
            expect(block.header.gasUsed).toBe(expected.gasUsed)
            expect(block.header.requestsHash).toEqual(expected.requestsHash)
          }
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 25), seed: Number(process.env.SEED ?? 7) },
    )
    expect(stats.left).toBeLessThan((stats.blocks ?? 0) / 4)
    if (process.env.STATS) process.stdout.write(JSON.stringify(stats))
  }, 120_000)
})

type Step = (nonces: bigint[]) => SignedTransaction

const step: fc.Arbitrary<Step> = fc
  .record({
    type: fc.constantFrom(0, 1, 2, 4) as fc.Arbitrary<0 | 1 | 2 | 4>,
    from: fc.nat({ max: users.length - 1 }),
    target: fc.nat({ max: contractAddresses.length + users.length }),
    value: fc.bigInt({ min: 0n, max: 1000n }),
    data: fc.uint8Array({ maxLength: 100 }),
    gasLimit: fc.bigInt({ min: 150_000n, max: 600_000n }),
    initcode: randomCode,
    authority: fc.nat({ max: users.length - 1 }),
    listed: fc.nat({ max: contractAddresses.length - 1 }),
  })
  .map((random) => (nonces) => {
    const { type, from } = random
    const user = users[from] ?? users[0]
    if (user === undefined) throw new Error('no user')
    const nonce = nonces[from] ?? 0n
    nonces[from] = nonce + 1n
    const recipients = [
      ...contractAddresses.map((address) => contract(address, '0x').address),
      ...users.map(({ address }) => address),
    ]
    const to = recipients[random.target] ?? (type === 4 ? user.address : null)
    const listed = recipients[random.listed] ?? user.address
    return sign(user, {
      type,
      nonce,
      gasLimit: random.gasLimit,
      value: random.value,
      to,
      data: to === null ? random.initcode : random.data,
      accessList: type === 0 ? [] : [{ address: listed, storageKeys: [word(0), word(1)] }],
      authorizations: type === 4 ? [authorization(random.authority, nonces, listed)] : [],
    })
  })

/** A delegation of a user to a contract, valid if the generator's idea of nonces holds. */
function authorization(index: number, nonces: bigint[], address: Uint8Array): Authorization {
  const authority = users[index] ?? users[0]
  if (authority === undefined) throw new Error('no user')
  const nonce = nonces[index] ?? 0n
  nonces[index] = nonce + 1n
  return signAuthorization({ chainId: 0n, address, nonce }, authority.key)
}
