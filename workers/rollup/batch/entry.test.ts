import { bytesToHex, encodeAbiParameters, keccak256 as viemKeccak } from 'viem'
import { describe, expect, it } from 'vitest'
import { type Entry, encodeEntry, hashEntry } from './entry.ts'
import { hashBatchHeader } from './header.ts'
import { encodeWords } from './words.ts'

const hex = (bytes: Uint8Array) => bytesToHex(bytes)
const fill = (byte: number) => new Uint8Array(32).fill(byte)

const entry: Entry = {
  kind: 0,
  cellsRoot: fill(1),
  payloadLength: 126_976n,
  inboxCount: 7n,
  originNumber: 12n,
  originHash: fill(2),
  originTimestamp: 1_767_225_600n,
  originBaseFee: (1n << 200n) + 5n,
  originPrevrandao: fill(3),
  postedAt: 1_767_225_700n,
}

describe('inbox entry', () => {
  it('is encoded and hashed as Solidity does', () => {
    const expected = encodeAbiParameters(
      [
        'uint8',
        'bytes32',
        'uint64',
        'uint64',
        'uint64',
        'bytes32',
        'uint64',
        'uint256',
        'bytes32',
        'uint64',
      ].map((type) => ({ type })),
      [
        0,
        hex(fill(1)),
        126_976n,
        7n,
        12n,
        hex(fill(2)),
        1_767_225_600n,
        entry.originBaseFee,
        hex(fill(3)),
        entry.postedAt,
      ],
    )
    expect(hex(encodeEntry(entry))).toBe(expected)
    expect(hex(hashEntry(entry))).toBe(viemKeccak(expected))
  })

  it('has another hash when one bit differs', () => {
    expect(hashEntry({ ...entry, postedAt: entry.postedAt ^ 1n })).not.toEqual(hashEntry(entry))
  })

  it('refuses a hash of a wrong size', () => {
    expect(() => encodeEntry({ ...entry, cellsRoot: new Uint8Array(31) })).toThrow('31 bytes')
    expect(() => encodeWords([-1n])).toThrow('-1')
  })
})

describe('batch header', () => {
  it('is hashed as Solidity does', () => {
    const header = {
      index: 3n,
      parent: fill(9),
      versionedHash: fill(8),
      cellsRoot: fill(7),
      payloadLength: 100n,
      inboxCount: 2n,
      originNumber: 4n,
      firstView: 10n,
      lastView: 20n,
    }
    const types = [
      'uint64',
      'bytes32',
      'bytes32',
      'bytes32',
      'uint64',
      'uint64',
      'uint64',
      'uint64',
      'uint64',
    ]
    const expected = encodeAbiParameters(
      types.map((type) => ({ type })),
      [3n, hex(fill(9)), hex(fill(8)), hex(fill(7)), 100n, 2n, 4n, 10n, 20n],
    )
    expect(hex(hashBatchHeader(header))).toBe(viemKeccak(expected))
  })
})
