import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalDecode, canonicalEncode, isPlainEqual } from './canonical.ts'
import { CanonicalError } from './errors.ts'
import type { Plain } from './role.ts'

const plain = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
    fc.string({ unit: 'grapheme' }),
    fc.bigInt(),
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value

describe('canonical encoding', () => {
  test('round-trips every plain value', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(canonicalDecode(canonicalEncode(value))).toEqual(value)
      }),
    )
  })

  test('is one to one: what decodes encodes to the same bytes', () => {
    fc.assert(
      fc.property(plain, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, position, flip) => {
        const bytes = canonicalEncode(value)
        const index = position % bytes.length
        bytes[index] = (bytes[index] as number) ^ flip
        let decoded: Plain
        try {
          decoded = canonicalDecode(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(CanonicalError)
          return
        }
        expect(canonicalEncode(decoded)).toEqual(bytes)
      }),
    )
  })

  test('does not depend on the order of keys', () => {
    expect(canonicalEncode({ b: 1n, a: [1] })).toEqual(canonicalEncode({ a: [1], b: 1n }))
    expect(isPlainEqual({ b: 1n, a: 2 }, { a: 2, b: 1 })).toBe(false)
  })

  test('keeps the key __proto__ as data', () => {
    const value = Object.fromEntries([['__proto__', 1]])
    expect(Object.keys(canonicalDecode(canonicalEncode(value)) as object)).toEqual(['__proto__'])
  })

  test.each([
    ['undefined', { a: undefined }],
    ['NaN', [Number.NaN]],
    ['-0', -0],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a function', () => 1],
    ['a map', new Map()],
    ['a date', new Date(0)],
    ['a hole', [1, undefined, 2]],
    ['a lone surrogate', '\ud800'],
  ])('refuses %s', (_name, value) => {
    expect(() => canonicalEncode(value as Plain)).toThrow(CanonicalError)
  })

  test('names the path of what it refuses', () => {
    const value = { a: [0, { b: Number.NaN }] }
    expect(() => canonicalEncode(value)).toThrow('Path: a.1.b')
  })

  test('refuses a cycle instead of hanging', () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    expect(() => canonicalEncode(cycle as Plain)).toThrow(CanonicalError)
  })

  test.each([
    ['nothing', []],
    ['trailing bytes', [0, 0]],
    ['an unknown tag', [9]],
    ['a padded bigint', [5, 0, 0, 0, 0, 2, 0, 1]],
    ['a negative zero bigint', [5, 1, 0, 0, 0, 0]],
    ['a forged count', [7, 255, 255, 255, 255]],
    ['overlong UTF-8', [4, 0, 0, 0, 2, 0xc0, 0x80]],
    ['keys out of order', [8, 0, 0, 0, 2, 0, 0, 0, 1, 98, 0, 0, 0, 0, 1, 97, 0]],
  ])('does not decode %s', (_name, bytes) => {
    expect(() => canonicalDecode(Uint8Array.from(bytes))).toThrow(CanonicalError)
  })
})
