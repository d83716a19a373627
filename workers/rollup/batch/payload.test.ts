import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveInboxCount, effectiveTimestamp } from './clamps.ts'
import { PAYLOAD_SIZE_MAX, TRANSACTION_SIZE_MAX, UINT64_MAX } from './geometry.ts'
import { type BatchBlock, decodePayload, encodePayload, payloadSize } from './payload.ts'
import { firstBlockOffset, readBlockHeader, readTransaction } from './reader.ts'

const uint64 = fc.bigInt({ min: 0n, max: UINT64_MAX })
const block: fc.Arbitrary<BatchBlock> = fc.record({
  timestamp: uint64,
  inboxCount: uint64,
  transactions: fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 8 }),
})

const sample: readonly BatchBlock[] = [
  { timestamp: 5n, inboxCount: 1n, transactions: [Uint8Array.of(1, 2, 3)] },
  { timestamp: 6n, inboxCount: 1n, transactions: [] },
]

describe('batch payload', () => {
  it('decodes what it encoded', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
        const payload = encodePayload(blocks)
        expect(payload.length).toBe(payloadSize(blocks))
        expect(decodePayload(payload)).toEqual(blocks)
      }),
    )
  })

  it('reads any bytes without throwing, and reads a prefix of what it read from longer bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, versioned) => {
        const payload = versioned ? Uint8Array.of(1, ...bytes) : bytes
        const blocks = decodePayload(payload)
        expect(decodePayload(encodePayload(blocks))).toEqual(blocks)
      }),
    )
  })

  it('shows any single corrupted byte before the count of an empty last block', () => {
    const payload = encodePayload(sample)
    fc.assert(
      fc.property(fc.nat(payload.length - 3), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const corrupted = payload.slice()
        corrupted[at] = (corrupted[at] ?? 0) ^ flip
        expect(decodePayload(corrupted)).not.toEqual(sample)
      }),
    )
  })

  it('has no blocks when empty or of another version', () => {
    expect(decodePayload(new Uint8Array())).toEqual([])
    const payload = encodePayload(sample)
    payload[0] = 2
    expect(decodePayload(payload)).toEqual([])
  })

  it('ends a block, and the batch, at a transaction cut short', () => {
    const payload = encodePayload(sample)
    expect(decodePayload(payload.subarray(0, 24))).toEqual([
      { timestamp: 5n, inboxCount: 1n, transactions: [] },
    ])
  })

  it('ends before a block header of fewer than 18 bytes', () => {
    const payload = encodePayload(sample)
    expect(decodePayload(payload.subarray(0, payload.length - 1))).toEqual(sample.slice(0, 1))
  })

  it('ends at a transaction length of zero or above the limit', () => {
    for (const length of [0, TRANSACTION_SIZE_MAX + 1]) {
      const payload = encodePayload([
        { timestamp: 1n, inboxCount: 0n, transactions: [new Uint8Array(TRANSACTION_SIZE_MAX)] },
      ])
      new DataView(payload.buffer).setUint32(18, length)
      expect(decodePayload(payload)[0]?.transactions).toEqual([])
    }
  })

  it('refuses to encode what a batch cannot carry, naming the field', () => {
    const refused = (part: Partial<BatchBlock>) => () =>
      encodePayload([{ timestamp: 0n, inboxCount: 0n, transactions: [], ...part }])
    expect(refused({ timestamp: -1n })).toThrow('timestamp')
    expect(refused({ inboxCount: UINT64_MAX + 1n })).toThrow('inboxCount')
    expect(refused({ transactions: [new Uint8Array()] })).toThrow('transaction length')
    const large = new Uint8Array(TRANSACTION_SIZE_MAX)
    expect(refused({ transactions: [large, large] })).toThrow(String(PAYLOAD_SIZE_MAX))
  })

  it('is walked by the cursor at the same offsets', () => {
    const payload = encodePayload(sample)
    const first = readBlockHeader(payload, firstBlockOffset(payload) ?? -1)
    expect(first).toMatchObject({ timestamp: 5n, transactionCount: 1, nextOffset: 19 })
    const transaction = readTransaction(payload, 19)
    expect(transaction).toEqual({ bytes: Uint8Array.of(1, 2, 3), nextOffset: 25 })
    expect(readBlockHeader(payload, 25)?.nextOffset).toBe(43)
    expect(readBlockHeader(payload, 43)).toBeNull()
    expect(readBlockHeader(payload, -1)).toBeNull()
    expect(readTransaction(payload, 10_000)).toBeNull()
  })
})

describe('clamps', () => {
  it('keep timestamps monotone and within an hour of the origin', () => {
    expect(effectiveTimestamp({ parent: 10n, stated: 5n, originTimestamp: 0n })).toBe(10n)
    expect(effectiveTimestamp({ parent: 10n, stated: 20n, originTimestamp: 0n })).toBe(20n)
    expect(effectiveTimestamp({ parent: 10n, stated: 9_999n, originTimestamp: 100n })).toBe(3_700n)
    expect(effectiveTimestamp({ parent: 5_000n, stated: 9_999n, originTimestamp: 100n })).toBe(
      5_000n,
    )
  })

  it('keep inbox counts monotone and at most the entry’s', () => {
    expect(effectiveInboxCount({ parent: 3n, stated: 2n, entry: 9n })).toBe(3n)
    expect(effectiveInboxCount({ parent: 3n, stated: 5n, entry: 9n })).toBe(5n)
    expect(effectiveInboxCount({ parent: 3n, stated: 50n, entry: 9n })).toBe(9n)
  })
})
