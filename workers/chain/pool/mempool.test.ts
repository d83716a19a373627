import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AccountReader } from '../check.ts'
import { sign, type TestAccount, testAccounts } from '../testing/accounts.ts'
import { createMempool } from './mempool.ts'
import { TransactionRejectedError } from './rules.ts'

const [alice, bob, carol] = testAccounts(3) as [TestAccount, TestAccount, TestAccount]
const gwei = 10n ** 9n

function context(nonces: ReadonlyMap<TestAccount, bigint> = new Map(), balance = 10n ** 24n) {
  const reader: AccountReader = {
    account(address) {
      const owner = [...nonces.keys()].find((account) => account.address.join() === address.join())
      return { nonce: (owner && nonces.get(owner)) ?? 0n, balance, codeHash: new Uint8Array(32) }
    },
    code: () => new Uint8Array(0),
  }
  return { reader, gasLimit: 30_000_000n, baseFee: gwei }
}

const transaction = (account: TestAccount, nonce: bigint, tip = gwei, extra = {}) =>
  sign(account, { nonce, maxPriorityFeePerGas: tip, maxFeePerGas: 100n * gwei, ...extra })

const reasonOf = (work: () => void) => {
  try {
    work()
    return 'taken'
  } catch (error) {
    return error instanceof TransactionRejectedError ? error.reason : error
  }
}

describe('the mempool', () => {
  it('offers the best paying first, each sender in order', () => {
    const pool = createMempool()
    const all = [
      transaction(alice, 0n, 2n * gwei),
      transaction(alice, 1n, 9n * gwei),
      transaction(bob, 0n, 5n * gwei),
      transaction(carol, 0n, 2n * gwei),
    ]
    for (const each of [all[1], all[3], all[2], all[0]]) if (each) pool.add(each, context())
    // Carol's came before Alice's first and pays the same.
    expect(pool.select(context(), 10n ** 9n)).toEqual([all[2], all[3], all[0], all[1]])
    expect(pool.select(context(), 42_000n)).toEqual([all[2], all[3]])
  })

  it('holds back what waits for a nonce or a lower base fee', () => {
    const pool = createMempool()
    pool.add(transaction(alice, 1n), context())
    pool.add(sign(bob, { maxFeePerGas: gwei / 2n, maxPriorityFeePerGas: 1n }), context())
    expect(pool.select(context(), 10n ** 9n)).toEqual([])
    expect(pool.content(context().reader).queued).toHaveLength(1)
    expect(pool.nextNonce(alice.address, context().reader)).toBe(0n)
    pool.add(transaction(alice, 0n), context())
    expect(pool.nextNonce(alice.address, context().reader)).toBe(2n)
  })

  it('calls a nonce too low that a transaction in a block used, though the pool still holds that one', () => {
    const pool = createMempool()
    pool.add(transaction(alice, 0n), context())
    const late = transaction(alice, 0n, gwei, { value: 1n })
    const included = context(new Map([[alice, 1n]]))
    expect(reasonOf(() => pool.add(late, included))).toBe('nonceTooLow')
  })

  it('replaces only for a higher price', () => {
    const pool = createMempool()
    const first = transaction(alice, 0n, 10n * gwei)
    pool.add(first, context())
    expect(reasonOf(() => pool.add(first, context()))).toBe('alreadyKnown')
    expect(reasonOf(() => pool.add(transaction(alice, 0n, 20n * gwei), context()))).toBe(
      'replacementUnderpriced',
    )
    const better = transaction(alice, 0n, 11n * gwei, { maxFeePerGas: 110n * gwei })
    pool.add(better, context())
    expect(pool.select(context(), 10n ** 9n)).toEqual([better])
    expect(pool.get(first.hash)).toBeUndefined()
  })

  it('refuses what can never be executed, and says why', () => {
    const pool = createMempool(1)
    const reason = (each: ReturnType<typeof sign>, at = context()) =>
      reasonOf(() => pool.add(each, at))
    expect(reason(transaction(alice, 0n), context(new Map([[alice, 3n]])))).toBe('nonceTooLow')
    expect(reason(transaction(alice, 0n), context(new Map(), 5n))).toBe('insufficientFunds')
    expect(reason(transaction(alice, 10_000n))).toBe('nonceTooFarAhead')
    expect(
      reason(transaction(alice, 0n, gwei, { gasLimit: 16_000_000n }), {
        ...context(),
        gasLimit: 1n,
      }),
    ).toBe('gasLimitAboveBlock')
    const blobs = {
      type: 3,
      maxFeePerBlobGas: 1n,
      blobVersionedHashes: [Uint8Array.of(1, ...Array(31).fill(0))],
    } as const
    expect(reason(transaction(alice, 0n, gwei, blobs))).toBe('missingBlobs')
    expect(reason(transaction(alice, 0n))).toBe('taken')
    expect(reason(transaction(bob, 0n))).toBe('poolFull')
  })

  it('forgets what the state has overtaken and comes back from a capture', () => {
    const pool = createMempool()
    pool.add(transaction(alice, 0n), context())
    pool.add(transaction(alice, 1n), context())
    const capture = pool.capture()
    pool.prune(context(new Map([[alice, 1n]])).reader)
    expect(pool.content(context().reader).queued).toHaveLength(1)
    pool.reinstate(capture)
    expect(pool.content(context().reader).pending).toHaveLength(2)
  })

  it('never offers a nonce before the one below it', () => {
    const one = fc.record({
      who: fc.constantFrom(alice, bob, carol),
      nonce: fc.bigInt({ min: 0n, max: 5n }),
      tip: fc.bigInt({ min: 1n, max: 50n }),
    })
    fc.assert(
      fc.property(fc.array(one, { maxLength: 14 }), (all) => {
        const pool = createMempool()
        for (const { who, nonce, tip } of all)
          reasonOf(() => pool.add(transaction(who, nonce, tip * gwei), context()))
        const next = new Map([alice, bob, carol].map((account) => [account.address.join(), 0n]))
        for (const { from, nonce } of pool.select(context(), 10n ** 12n)) {
          expect(nonce).toBe(next.get(from.join()))
          next.set(from.join(), nonce + 1n)
        }
        expect(pool.select(context(), 10n ** 12n)).toHaveLength(
          pool.content(context().reader).pending.length,
        )
      }),
      { numRuns: 30 },
    )
  })
})
