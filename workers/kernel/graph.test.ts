import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeGraph, encodeGraph, GraphError } from './graph.ts'

const leaf = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.bigInt(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.uint8Array({ maxLength: 40 }),
)
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 5 },
    ),
    fc.array(fc.tuple(leaf, tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    fc.array(leaf, { maxLength: 4 }).map((members) => new Set(members)),
  ),
})).value

test('what was written is read again', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(decodeGraph(encodeGraph(value))).toStrictEqual(structuredClone(value))
    }),
  )
})

test('an object that two hold is one object again, and may hold itself', () => {
  const shared = { bytes: new Uint8Array([1, 2, 3]) }
  const value = { a: shared, b: [shared], c: new Map([['k', shared]]), self: null as unknown }
  value.self = value
  const read = decodeGraph(encodeGraph(value)) as typeof value
  expect(read.a).toBe(read.b[0])
  expect(read.c.get('k')).toBe(read.a)
  expect(read.self).toBe(read)
  expect(read.a).not.toBe(shared)
})

test('values of the code come back by name', () => {
  const codec = { encode: () => new Uint8Array() }
  const named = new Map<string, unknown>([['codec', codec]])
  const read = decodeGraph(encodeGraph({ codec, n: 1 }, named), named) as { codec: unknown }
  expect(read.codec).toBe(codec)
  expect(() => decodeGraph(encodeGraph({ codec }, named))).toThrow(GraphError)
})

test('a function, a class and a nest without end are refused with their path', () => {
  class Odd {}
  expect(() => encodeGraph({ a: [() => 1] })).toThrow(/"a\.0" is the function/)
  expect(() => encodeGraph({ a: { b: new Odd() } })).toThrow(/"a\.b" is of class Odd/)
  let nest: unknown = null
  for (let depth = 0; depth < 3_000; depth++) nest = [nest]
  expect(() => encodeGraph(nest)).toThrow(/nested deeper/)
})

test('damaged bytes are refused, never a hang or another error', () => {
  const bytes = encodeGraph({ list: [1, 'two', 3n], map: new Map([[1, new Uint8Array(9)]]) })
  const damage = (at: number, flip: number) => {
    const bad = bytes.slice()
    bad[at] = (bad[at] ?? 0) ^ flip
    try {
      decodeGraph(bad)
    } catch (error) {
      expect(['GraphError', 'CanonicalError']).toContain((error as Error).name)
    }
  }
  for (let at = 0; at < bytes.length; at++) {
    for (let flip = 1; flip < 256; flip++) damage(at, flip)
  }
  for (let size = 0; size < bytes.length; size++) {
    expect(() => decodeGraph(bytes.subarray(0, size))).toThrow()
  }
})
