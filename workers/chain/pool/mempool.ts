/** Transactions that wait for a block: by sender and nonce, replaced only for a higher price, bounded. */
import type { SignedTransaction } from '../../rollup/transaction/transaction.ts'
import type { AccountReader } from '../check.ts'
import { keyOf } from '../evm/journal.ts'
import type { PooledTransaction } from './pooled.ts'
import {
  checkAdmission,
  checkReplacement,
  type PoolContext,
  TransactionRejectedError,
} from './rules.ts'
import { selectBest } from './select.ts'
import type { BlobSidecar } from './sidecar.ts'

export interface Mempool {
  /** Takes a transaction. Throws `TransactionRejectedError`. */
  add(transaction: SignedTransaction, context: PoolContext, sidecar?: BlobSidecar): void
  get(hash: Uint8Array): PooledTransaction | undefined
  remove(hash: Uint8Array): void
  /** Executable transactions, the best paying first, each sender's in order of nonce; gas limits sum up to `gasMax` at most. */
  select(context: PoolContext, gasMax: bigint): readonly SignedTransaction[]
  /** Drops what the state has overtaken. */
  prune(reader: AccountReader): void
  /** The nonce behind a sender's executable transactions. */
  nextNonce(address: Uint8Array, reader: AccountReader): bigint
  /** Executable transactions and those that wait for a nonce before them, by order of arrival. */
  content(reader: AccountReader): {
    readonly pending: readonly PooledTransaction[]
    readonly queued: readonly PooledTransaction[]
  }
  capture(): MempoolCapture
  reinstate(capture: MempoolCapture): void
}

export interface MempoolCapture {
  readonly transactions: readonly PooledTransaction[]
  readonly sequence: number
}

/** Transactions that a pool holds by default. */
const POOL_TRANSACTIONS_MAX = 16_384

export function createMempool(transactionsMax = POOL_TRANSACTIONS_MAX): Mempool {
  let senders = new Map<string, Map<bigint, PooledTransaction>>()
  let byHash = new Map<string, PooledTransaction>()
  let sequence = 0

  function insert(pooled: PooledTransaction): void {
    const { from, nonce, hash } = pooled.transaction
    const key = keyOf(from)
    const queue = senders.get(key) ?? new Map<bigint, PooledTransaction>()
    const replaced = queue.get(nonce)
    if (replaced !== undefined) byHash.delete(keyOf(replaced.transaction.hash))
    queue.set(nonce, pooled)
    senders.set(key, queue)
    byHash.set(keyOf(hash), pooled)
  }

  function drop({ transaction }: PooledTransaction): void {
    const key = keyOf(transaction.from)
    const queue = senders.get(key)
    queue?.delete(transaction.nonce)
    if (queue?.size === 0) senders.delete(key)
    byHash.delete(keyOf(transaction.hash))
  }

  const executable = (reader: AccountReader): PooledTransaction[][] =>
    [...senders.values()]
      .map((queue) => executableOf(queue, reader))
      .filter((run) => run.length > 0)

  return {
    add(transaction, context, sidecar) {
      const { from, nonce, hash } = transaction
      if (byHash.has(keyOf(hash))) {
        throw new TransactionRejectedError('alreadyKnown', 'already known')
      }
      const replaced = senders.get(keyOf(from))?.get(nonce)
      // First: the pool keeps what is included for a while, and nobody replaces that.
      checkAdmission(transaction, context, sidecar)
      if (replaced !== undefined) checkReplacement(replaced.transaction, transaction)
      if (replaced === undefined && byHash.size >= transactionsMax) {
        throw new TransactionRejectedError(
          'poolFull',
          `The pool is full: ${transactionsMax} transactions wait.`,
        )
      }
      insert({ transaction, sequence, sidecar: sidecar ?? null })
      sequence += 1
    },
    get: (hash) => byHash.get(keyOf(hash)),
    remove(hash) {
      const pooled = byHash.get(keyOf(hash))
      if (pooled !== undefined) drop(pooled)
    },
    select: (context, gasMax) => selectBest(executable(context.reader), context.baseFee, gasMax),
    prune(reader) {
      for (const pooled of [...byHash.values()]) {
        const { from, nonce } = pooled.transaction
        if (nonce < (reader.account(from)?.nonce ?? 0n)) drop(pooled)
      }
    },
    nextNonce(address, reader) {
      const queue = senders.get(keyOf(address))
      const nonce = reader.account(address)?.nonce ?? 0n
      return nonce + BigInt(queue === undefined ? 0 : executableOf(queue, reader).length)
    },
    content(reader) {
      const ready = new Set(executable(reader).flat())
      const all = [...byHash.values()].sort((left, right) => left.sequence - right.sequence)
      return {
        pending: all.filter((pooled) => ready.has(pooled)),
        queued: all.filter((pooled) => !ready.has(pooled)),
      }
    },
    capture: () => ({ transactions: [...byHash.values()], sequence }),
    reinstate(capture) {
      senders = new Map()
      byHash = new Map()
      for (const pooled of capture.transactions) insert(pooled)
      sequence = capture.sequence
    },
  }
}

/** The sender's transactions from its account's nonce on, without a gap. */
function executableOf(
  queue: ReadonlyMap<bigint, PooledTransaction>,
  reader: AccountReader,
): PooledTransaction[] {
  const first = queue.values().next().value
  if (first === undefined) return []
  const run: PooledTransaction[] = []
  let nonce = reader.account(first.transaction.from)?.nonce ?? 0n
  for (let next = queue.get(nonce); next !== undefined; next = queue.get(nonce)) {
    run.push(next)
    nonce += 1n
  }
  return run
}
