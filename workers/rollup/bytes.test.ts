import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bigintToBytes,
  bigintToMinimalBytes,
  bytesToBigint,
  bytesToHex,
  bytesToUtf8,
  compareBytes,
  concatBytes,
  hexToBytes,
  isHex,
  padLeft,
  padRight,
  trimLeft,
  utf8ToBytes,
} from './bytes.ts'

describe('bytes', () => {
  it('reads back what it wrote as hexadecimal', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(hexToBytes(bytesToHex(bytes))).toEqual(bytes)
        expect(isHex(bytesToHex(bytes), bytes.length)).toBe(true)
      }),
    )
    expect(() => hexToBytes('0xabc')).toThrow('Odd number')
    expect(() => hexToBytes('0xzz')).toThrow('"z"')
  })

  it('encodes and decodes text exactly as the platform does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8ToBytes(text)).toEqual(new TextEncoder().encode(text))
        expect(bytesToUtf8(utf8ToBytes(text))).toBe(
          new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8ToBytes(text)),
        )
      }),
    )
    expect(utf8ToBytes('\ud800')).toEqual(new TextEncoder().encode('\ud800'))
    expect(bytesToUtf8(Uint8Array.of(0xc0, 0x80, 0x41))).toBe('\ufffd\ufffdA')
  })

  it('holds integers in fixed and minimal width', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
        expect(bytesToBigint(bigintToBytes(value, 32))).toBe(value)
        expect(bigintToMinimalBytes(value)).toEqual(trimLeft(bigintToBytes(value, 32)))
      }),
    )
    expect(() => bigintToBytes(256n, 1)).toThrow('does not fit')
    expect(() => bigintToBytes(-1n, 1)).toThrow('does not fit')
  })

  it('pads, joins and orders', () => {
    expect(padLeft(Uint8Array.of(1), 3)).toEqual(Uint8Array.of(0, 0, 1))
    expect(padRight(Uint8Array.of(1), 3)).toEqual(Uint8Array.of(1, 0, 0))
    expect(concatBytes(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3))).toEqual(
      Uint8Array.of(1, 2, 3),
    )
    expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0)
    expect(compareBytes(Uint8Array.of(2), Uint8Array.of(1, 9))).toBeGreaterThan(0)
  })
})
