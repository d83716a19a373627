/** Actions per second, bytes and L1 cost per action, measured on real blocks and on the entries that carried them to L1. */
import {
  ACTION_KINDS,
  type ActionBatchView,
  type ActionKind,
  type CarriageCost,
  type LoadView,
} from '../protocol/persona.ts'
import type { Json } from '../protocol/world.ts'
import type { BatchRecord, Book } from './book.ts'
import type { ReadRpc } from './chainPort.ts'
import { BATCH_ACTIONS, dueActions, type RelayState } from './relay.ts'

/** What the world's projection says of L2 blocks and of the entries of L1's inbox. */
export interface Carriage {
  readonly entryOfBlock: ReadonlyMap<number, bigint>
  readonly entries: ReadonlyMap<bigint, Entry>
  readonly gasOfTransaction: ReadonlyMap<string, bigint>
}

interface Entry {
  readonly payloadBytes: number
  readonly l1Gas: number
  readonly transactionHash: string | null
}

const WINDOW_SECONDS = 10

/** Reads what is new; what fell out of the projection's window stays known. */
export async function readCarriage(read: ReadRpc, before: Carriage): Promise<Carriage> {
  const blocks = (await read('rollup_l2Blocks', [])) as readonly { readonly [key: string]: Json }[]
  const batches = (await read('rollup_batches', [])) as readonly { readonly [key: string]: Json }[]
  const entryOfBlock = new Map(before.entryOfBlock)
  for (const { number, batchIndex } of blocks) {
    entryOfBlock.set(Number(number), BigInt(String(batchIndex)))
  }
  const entries = new Map(before.entries)
  for (const { index, payloadBytes, gasUsed, transactionHash, l1Number } of batches) {
    if (l1Number === null) continue
    entries.set(BigInt(String(index)), {
      payloadBytes: Number(payloadBytes),
      l1Gas: Number(gasUsed),
      transactionHash: transactionHash as string | null,
    })
  }
  return { ...before, entryOfBlock, entries }
}

export const NO_CARRIAGE: Carriage = {
  entryOfBlock: new Map(),
  entries: new Map(),
  gasOfTransaction: new Map(),
}

interface LoadSetting {
  readonly book: Book
  readonly relay: RelayState
  readonly carriage: Carriage
  readonly timeMs: number
  /** Unix seconds of the last block. */
  readonly headSeconds: number
}

export function loadView({ book, relay, carriage, timeMs, headSeconds }: LoadSetting): LoadView {
  const included = book.batches.reduce((sum, { actions }) => sum + actions, 0)
  const recent = book.batches
    .filter(({ source }) => source.timestamp > headSeconds - WINDOW_SECONDS)
    .reduce((sum, { actions }) => sum + actions, 0)
  const byHash = new Map(
    book.batches.map((batch) => [batch.source.transactionHash as string, batch]),
  )
  const inEntry = actionsByEntry(book, carriage)
  const batches = relay.batches.map((batch) => batchView(batch, { byHash, carriage, inEntry }))
  const gas = [...carriage.gasOfTransaction.values()].reduce((sum, one) => sum + one, 0n)
  const priced = [...carriage.gasOfTransaction.keys()].reduce(
    (sum, hash) => sum + (byHash.get(hash)?.actions ?? 0),
    0,
  )
  return {
    targetPerSecond: relay.rate,
    signed: relay.next - relay.withheld,
    relayed: relay.next - relay.withheld,
    withheld: relay.withheld,
    silent: [...book.campaigns.values()].at(-1)?.silent.size ?? 0,
    included,
    refused: book.batches.reduce((sum, { refused }) => sum + refused, 0),
    perSecond: recent / WINDOW_SECONDS,
    byKind: countKinds(book),
    open: Math.max(0, dueActions(relay, timeMs) - relay.next),
    closesAt: BATCH_ACTIONS,
    l2GasPerAction: priced === 0 ? null : Number(gas) / priced,
    onL1: costOnL1(carriage, inEntry),
    batches,
  }
}

function countKinds(book: Book): Readonly<Record<ActionKind, number>> {
  const counts = { microReward: 0, gameMove: 0, social: 0 }
  for (const { byKind } of book.campaigns.values()) {
    for (const [lane, kind] of ACTION_KINDS.entries()) counts[kind] += byKind[lane] ?? 0
  }
  return counts
}

function actionsByEntry(book: Book, { entryOfBlock }: Carriage): ReadonlyMap<bigint, number> {
  const counts = new Map<bigint, number>()
  for (const { actions, source } of book.batches) {
    const entry = entryOfBlock.get(source.blockNumber)
    if (entry !== undefined) counts.set(entry, (counts.get(entry) ?? 0) + actions)
  }
  return counts
}

function costOnL1({ entries }: Carriage, inEntry: ReadonlyMap<bigint, number>): LoadView['onL1'] {
  const posted = [...inEntry].flatMap(([index, actions]) => {
    const entry = entries.get(index)
    return entry === undefined || actions === 0 ? [] : [{ ...entry, actions }]
  })
  const fullest = posted.reduce<(typeof posted)[number] | undefined>(
    (most, one) => (most !== undefined && most.actions >= one.actions ? most : one),
    undefined,
  )
  if (fullest === undefined) return null
  return { all: shareAmong(posted), fullest: shareAmong([fullest]) }
}

function shareAmong(
  posted: readonly (Pick<Entry, 'payloadBytes' | 'l1Gas'> & { readonly actions: number })[],
): CarriageCost {
  const sum = (read: (one: (typeof posted)[number]) => number) =>
    posted.reduce((total, one) => total + read(one), 0)
  const actions = sum((one) => one.actions)
  return {
    actions,
    bytesPerAction: sum(({ payloadBytes }) => payloadBytes) / actions,
    l1GasPerAction: sum(({ l1Gas }) => l1Gas) / actions,
  }
}

/** Actions a virtual second from the first block with one to the last. */
export function meanRate({ batches }: Book): number | null {
  const [first, last] = [batches[0], batches.at(-1)]
  if (first === undefined || last === undefined) return null
  const seconds = last.source.timestamp - first.source.timestamp + 1
  return batches.reduce((sum, { actions }) => sum + actions, 0) / seconds
}

interface BatchSetting {
  readonly byHash: ReadonlyMap<string, BatchRecord>
  readonly carriage: Carriage
  readonly inEntry: ReadonlyMap<bigint, number>
}

function batchView(
  { number, actions, closedMs, hashes }: RelayState['batches'][number],
  { byHash, carriage, inEntry }: BatchSetting,
): ActionBatchView {
  const records = hashes.flatMap((hash) => byHash.get(hash) ?? [])
  const isIncluded = records.length === hashes.length && records.length > 0
  const lastBlock = isIncluded ? Math.max(...records.map(({ source }) => source.blockNumber)) : null
  const entryIndex = lastBlock === null ? undefined : carriage.entryOfBlock.get(lastBlock)
  const entry = entryIndex === undefined ? undefined : carriage.entries.get(entryIndex)
  const carried = entryIndex === undefined ? 0 : (inEntry.get(entryIndex) ?? 0)
  const isPosted = entry !== undefined && carried > 0
  const l1Gas = isPosted ? entry.l1Gas / carried : null
  return {
    number,
    actions,
    transactions: hashes.length,
    closedMs,
    lastBlock: lastBlock === null ? null : BigInt(lastBlock),
    l2Gas: hashes.reduce((sum, hash) => sum + (carriage.gasOfTransaction.get(hash) ?? 0n), 0n),
    entryIndex: isPosted ? (entryIndex ?? null) : null,
    bytesPerAction: isPosted ? entry.payloadBytes / carried : null,
    l1GasPerAction: l1Gas,
    l1TransactionHash: isPosted ? entry.transactionHash : null,
  }
}
