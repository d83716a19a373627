/** Transactions that wait for their place in the order: bounded, by sender and nonce, the sender that waits longest first. */
import type { TransactionForm } from './transactions.ts'

export interface PendingTransaction extends TransactionForm {
  readonly raw: Uint8Array
  /** Ascends with arrival. */
  readonly arrival: number
  /** The view in which it arrived. */
  readonly sinceView: bigint
}

/** Changed in place by the functions below; `copyMempool` for snapshots. */
export interface Mempool {
  readonly byHash: Map<string, PendingTransaction>
  /** By sender, ascending by nonce. The lists are never changed in place. */
  readonly bySender: Map<string, readonly PendingTransaction[]>
  /** Nonce after the last finalized transaction of a sender: a hint, because execution may have skipped it. */
  readonly nextNonces: Map<string, bigint>
  arrivals: number
}

export const PENDING_MAX = 16_384
export const PENDING_PER_SENDER_MAX = 1_024
const SENDERS_KNOWN_MAX = 8_192
/** Percent of the old fee that a transaction must offer to take another's nonce. */
const REPLACEMENT_PERCENT = 110n

export function createMempool(): Mempool {
  return { byHash: new Map(), bySender: new Map(), nextNonces: new Map(), arrivals: 0 }
}

export function copyMempool({ byHash, bySender, nextNonces, arrivals }: Mempool): Mempool {
  return {
    byHash: new Map(byHash),
    bySender: new Map(bySender),
    nextNonces: new Map(nextNonces),
    arrivals,
  }
}

export type NewTransaction = Omit<PendingTransaction, 'arrival'>

/** False if the transaction is known, offers too little to replace another, or finds no room. */
export function addTransaction(mempool: Mempool, transaction: NewTransaction): boolean {
  if (mempool.byHash.has(transaction.hash)) return false
  if (transaction.isOnce && mempool.nextNonces.has(transaction.sender)) return false
  const queue = mempool.bySender.get(transaction.sender) ?? []
  const rival = queue.find((pending) => pending.nonce === transaction.nonce)
  if (rival === undefined) {
    if (mempool.byHash.size >= PENDING_MAX || queue.length >= PENDING_PER_SENDER_MAX) return false
  } else if (transaction.maxFeePerGas * 100n < rival.maxFeePerGas * REPLACEMENT_PERCENT) {
    return false
  }
  const pending = { ...transaction, arrival: mempool.arrivals }
  const others = rival === undefined ? queue : queue.filter((other) => other !== rival)
  const position = others.findIndex((other) => other.nonce > pending.nonce)
  const sorted = others.toSpliced(position < 0 ? others.length : position, 0, pending)
  if (rival !== undefined) mempool.byHash.delete(rival.hash)
  mempool.byHash.set(pending.hash, pending)
  mempool.bySender.set(pending.sender, sorted)
  mempool.arrivals += 1
  return true
}

/** Forgets the transactions that were finalized and those whose nonce they used up. */
export function removeFinalized(mempool: Mempool, finalized: readonly TransactionForm[]): void {
  const used = new Map<string, Set<bigint>>()
  for (const { sender, nonce } of finalized) {
    used.set(sender, (used.get(sender) ?? new Set<bigint>()).add(nonce))
    // Set anew, so that the senders heard of longest ago come first.
    mempool.nextNonces.delete(sender)
    mempool.nextNonces.set(sender, nonce + 1n)
  }
  for (const oldest of mempool.nextNonces.keys()) {
    if (mempool.nextNonces.size <= SENDERS_KNOWN_MAX) break
    mempool.nextNonces.delete(oldest)
  }
  for (const [sender, nonces] of used) {
    const queue = mempool.bySender.get(sender) ?? []
    const kept = queue.filter((pending) => !nonces.has(pending.nonce))
    for (const pending of queue) if (nonces.has(pending.nonce)) mempool.byHash.delete(pending.hash)
    if (kept.length === 0) mempool.bySender.delete(sender)
    else mempool.bySender.set(sender, kept)
  }
}

/** Forgets transactions by hash (0x). */
export function removeTransactions(mempool: Mempool, hashes: ReadonlySet<string>): void {
  for (const hash of hashes) {
    const dropped = mempool.byHash.get(hash)
    if (dropped === undefined) continue
    mempool.byHash.delete(hash)
    const kept = mempool.bySender.get(dropped.sender)?.filter((other) => other !== dropped) ?? []
    if (kept.length === 0) mempool.bySender.delete(dropped.sender)
    else mempool.bySender.set(dropped.sender, kept)
  }
}

/** What the unfinalized ancestors of a block order already. */
export interface Ordered {
  readonly hashes: ReadonlySet<string>
  /** Nonce that follows from those ancestors, by sender. */
  readonly nonces: ReadonlyMap<string, bigint>
}

/** Views for which a transaction behind a gap in its sender's nonces is held back; then its fate is left to execution. */
const GAP_VIEWS_MAX = 10n

/**
 * The runs of transactions that may be ordered now, one per sender, in order of arrival. Nobody here executes, so the
 * first nonce of an unknown sender is taken as it comes.
 */
export function eligibleRuns(
  mempool: Mempool,
  ordered: Ordered,
  view: bigint,
): readonly (readonly PendingTransaction[])[] {
  const runs: (readonly PendingTransaction[])[] = []
  for (const [sender, queue] of mempool.bySender) {
    const waiting = queue.filter((pending) => !ordered.hashes.has(pending.hash))
    const expected = ordered.nonces.get(sender) ?? mempool.nextNonces.get(sender)
    const run = contiguousRun(waiting, expected, view)
    if (run.length > 0) runs.push(run)
  }
  return runs.sort((left, right) => (left[0]?.arrival ?? 0) - (right[0]?.arrival ?? 0))
}

function contiguousRun(
  waiting: readonly PendingTransaction[],
  expected: bigint | undefined,
  view: bigint,
): readonly PendingTransaction[] {
  const [first] = waiting
  if (first === undefined) return []
  const isBehindGap = expected !== undefined && first.nonce > expected
  if (isBehindGap && view < first.sinceView + GAP_VIEWS_MAX) return []
  const end = waiting.findIndex((pending, at) => pending.nonce !== first.nonce + BigInt(at))
  return end < 0 ? waiting : waiting.slice(0, end)
}
