import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareOrdered, createHeap } from './heap.ts'

const item = fc.record({
  timeMs: fc.nat(20),
  source: fc.constantFrom('a', 'b', 'sequencer-10', 'sequencer-2'),
  sequence: fc.nat(20),
})

test('pops in the total order whatever the order of pushes', () => {
  fc.assert(
    fc.property(fc.array(item), fc.array(item), (initial, pushed) => {
      const heap = createHeap(initial)
      for (const one of pushed) heap.push(one)
      const popped = []
      for (let next = heap.pop(); next !== undefined; next = heap.pop()) popped.push(next)
      expect(popped).toEqual([...initial, ...pushed].sort(compareOrdered))
      expect(heap.size()).toBe(0)
    }),
  )
})

test('orders by time, then source by code units, then sequence', () => {
  const at = (timeMs: number, source: string, sequence: number) => ({ timeMs, source, sequence })
  expect(compareOrdered(at(1, 'b', 9), at(2, 'a', 0))).toBeLessThan(0)
  expect(compareOrdered(at(1, 'Z', 9), at(1, 'a', 0))).toBeLessThan(0)
  expect(compareOrdered(at(1, 'a', 2), at(1, 'a', 10))).toBeLessThan(0)
})
