import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENTRY_BATCH, ENTRY_DEPOSIT_ONLY, ENTRY_EMPTY, type Entry } from '../batch/entry.ts'
import { encodePayload } from '../batch/payload.ts'
import { deriveBlocks, deriveEntry, entryOrigin, INBOX_COUNT_UNKNOWN } from './derive.ts'

const ENTRY: Entry = {
  kind: ENTRY_BATCH,
  cellsRoot: new Uint8Array(32),
  payloadLength: 0n,
  inboxCount: 5n,
  originNumber: 9n,
  originHash: new Uint8Array(32).fill(1),
  originTimestamp: 10_000n,
  originBaseFee: 7n,
  originPrevrandao: new Uint8Array(32).fill(2),
  postedAt: 10_010n,
}
const PARENT = { timestamp: 9_000n, inboxCount: 2n }
const NONE = new Uint8Array(0)

describe('deriveEntry', () => {
  it('gives the blocks of a batch, the first with the attributes of L1', () => {
    const transactions = [Uint8Array.of(2, 1), Uint8Array.of(2, 2)]
    const payload = encodePayload([
      { timestamp: 9_500n, inboxCount: 3n, transactions },
      { timestamp: 9_501n, inboxCount: 3n, transactions: [] },
    ])
    const entry = { ...ENTRY, payloadLength: BigInt(payload.length) }
    const padded = new Uint8Array(126_976)
    padded.set(payload)
    const blocks = deriveEntry(4n, entry, padded, PARENT)
    expect(blocks.map((block) => [block.isFirst, block.timestamp])).toEqual([
      [true, 9_500n],
      [false, 9_501n],
    ])
    expect(blocks.map((block) => [block.inboxFrom, block.inboxTo])).toEqual([
      [2n, 3n],
      [3n, 3n],
    ])
    expect(blocks[0]?.transactions).toEqual(transactions)
  })

  it('clamps what the committee states', () => {
    const payload = encodePayload([
      { timestamp: 1n, inboxCount: 0n, transactions: [] },
      { timestamp: 1n << 60n, inboxCount: 1n << 60n, transactions: [] },
      { timestamp: 3n, inboxCount: 3n, transactions: [] },
    ])
    const entry = { ...ENTRY, payloadLength: BigInt(payload.length) }
    const blocks = deriveEntry(4n, entry, payload, PARENT)
    expect(blocks.map((block) => block.timestamp)).toEqual([9_000n, 13_600n, 13_600n])
    expect(blocks.map((block) => block.inboxTo)).toEqual([2n, 5n, 5n])
  })

  it('gives one block for a deposit-only entry and none for an expired one', () => {
    const only = deriveEntry(1n, { ...ENTRY, kind: ENTRY_DEPOSIT_ONLY }, NONE, PARENT)
    expect(only).toHaveLength(1)
    expect(only[0]).toMatchObject({ timestamp: 10_000n, inboxTo: 5n, transactions: [] })
    expect(deriveEntry(1n, { ...ENTRY, kind: ENTRY_EMPTY }, NONE, PARENT)).toEqual([])
  })

  it('never throws, never goes back in time and never takes a message twice', () => {
    const bytes = fc.uint8Array({ maxLength: 300 })
    const versioned = bytes.map((rest) => Uint8Array.of(1, ...rest))
    fc.assert(
      fc.property(fc.oneof(bytes, versioned), fc.nat(400), (payload, length) => {
        const entry = { ...ENTRY, payloadLength: BigInt(length) }
        let before = PARENT
        for (const block of deriveEntry(0n, entry, payload, PARENT)) {
          expect(block.timestamp).toBeGreaterThanOrEqual(before.timestamp)
          expect(block.inboxFrom).toBe(before.inboxCount)
          expect(block.inboxTo).toBeGreaterThanOrEqual(block.inboxFrom)
          before = { timestamp: block.timestamp, inboxCount: block.inboxTo }
        }
      }),
    )
  })

  it('derives from the order what it derives from the batch', () => {
    const stated = [
      { timestamp: 9_500n, inboxCount: 3n, transactions: [Uint8Array.of(2)] },
      { timestamp: 9_501n, inboxCount: 5n, transactions: [] },
    ]
    const payload = encodePayload(stated)
    const entry = { ...ENTRY, payloadLength: BigInt(payload.length) }
    const context = { index: 4n, origin: entryOrigin(entry), inboxCount: INBOX_COUNT_UNKNOWN }
    const [first, ...rest] = stated
    const head = deriveBlocks(context, first ? [first] : [], { parent: PARENT, blocksBefore: 0 })
    const parent = { timestamp: head[0]?.timestamp ?? 0n, inboxCount: head[0]?.inboxTo ?? 0n }
    const tail = deriveBlocks(context, rest, { parent, blocksBefore: 1 })
    expect([...head, ...tail]).toEqual(deriveEntry(4n, entry, payload, PARENT))
  })
})
