import { describe, expect, it } from 'vitest'
import {
  addTransaction,
  copyMempool,
  createMempool,
  eligibleRuns,
  type Mempool,
  PENDING_MAX,
  PENDING_PER_SENDER_MAX,
  removeFinalized,
} from './mempool.ts'

const NOTHING = { hashes: new Set<string>(), nonces: new Map<string, bigint>() }

function transaction(sender: string, nonce: bigint, maxFeePerGas = 100n) {
  const hash = `${sender}/${nonce}/${maxFeePerGas}`
  return {
    hash,
    sender,
    nonce,
    maxFeePerGas,
    gasLimit: 21_000n,
    raw: new Uint8Array(1),
    sinceView: 1n,
  }
}

const runsOf = (mempool: Mempool, ordered = NOTHING, view = 1n) =>
  eligibleRuns(mempool, ordered, view).map((run) => run.map(({ hash }) => hash))

describe('mempool', () => {
  it('gives runs of contiguous nonces, senders in order of arrival', () => {
    const mempool = createMempool()
    for (const [sender, nonce] of [
      ['b', 1n],
      ['a', 0n],
      ['b', 0n],
      ['b', 3n],
    ] as const) {
      expect(addTransaction(mempool, transaction(sender, nonce))).toBe(true)
    }
    expect(runsOf(mempool)).toEqual([['a/0/100'], ['b/0/100', 'b/1/100']])
  })

  it('leaves out what ancestors order, and goes on behind it', () => {
    const mempool = createMempool()
    for (const nonce of [0n, 1n, 2n]) addTransaction(mempool, transaction('a', nonce))
    const ordered = { hashes: new Set(['a/0/100']), nonces: new Map([['a', 1n]]) }
    expect(runsOf(mempool, ordered)).toEqual([['a/1/100', 'a/2/100']])
  })

  it('holds back what is behind a gap, for some views', () => {
    const mempool = createMempool()
    removeFinalized(mempool, [transaction('a', 4n)])
    addTransaction(mempool, transaction('a', 6n))
    expect(runsOf(mempool, NOTHING, 5n)).toEqual([])
    expect(runsOf(mempool, NOTHING, 11n)).toEqual([['a/6/100']])
  })

  it('takes a nonce again that was ordered: execution may have skipped it', () => {
    const mempool = createMempool()
    removeFinalized(mempool, [transaction('a', 4n)])
    addTransaction(mempool, transaction('a', 4n, 200n))
    expect(runsOf(mempool)).toEqual([['a/4/200']])
  })

  it('replaces a transaction for a fee that is a tenth higher, not less', () => {
    const mempool = createMempool()
    addTransaction(mempool, transaction('a', 0n, 100n))
    expect(addTransaction(mempool, transaction('a', 0n, 109n))).toBe(false)
    expect(addTransaction(mempool, transaction('a', 0n, 110n))).toBe(true)
    expect([...mempool.byHash.keys()]).toEqual(['a/0/110'])
    expect(addTransaction(mempool, transaction('a', 0n, 110n))).toBe(false)
  })

  it('forgets what was finalized, and its rivals for the nonce', () => {
    const mempool = createMempool()
    for (const nonce of [0n, 1n]) addTransaction(mempool, transaction('a', nonce))
    removeFinalized(mempool, [transaction('a', 0n, 999n)])
    expect([...mempool.byHash.keys()]).toEqual(['a/1/100'])
    expect(runsOf(mempool)).toEqual([['a/1/100']])
  })

  it('is bounded, by sender and in all', () => {
    const mempool = createMempool()
    for (let nonce = 0; nonce <= PENDING_PER_SENDER_MAX; nonce++) {
      const isTaken = addTransaction(mempool, transaction('a', BigInt(nonce)))
      expect(isTaken).toBe(nonce < PENDING_PER_SENDER_MAX)
    }
    for (let sender = 0; mempool.byHash.size < PENDING_MAX; sender++) {
      addTransaction(mempool, transaction(`s${sender}`, 0n))
    }
    expect(addTransaction(mempool, transaction('late', 0n))).toBe(false)
  })

  it('is copied without sharing what changes', () => {
    const mempool = createMempool()
    addTransaction(mempool, transaction('a', 0n))
    const copy = copyMempool(mempool)
    addTransaction(mempool, transaction('a', 1n))
    expect(runsOf(copy)).toEqual([['a/0/100']])
  })
})
