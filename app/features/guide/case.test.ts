import { expect, test } from 'vitest'
import type { FraudView, Projection, RootView } from '../../../workers/protocol/projection.ts'
import { readCase } from './case.ts'

const fraud = {
  node: 'executor-0',
  fraud: 'fraud-sstore',
  armedMs: 0,
  actedMs: 1,
  game: '0x01',
  step: null,
  over: true,
} as unknown as FraudView

function tell(status: RootView['status'], name = fraud.fraud) {
  const root = { game: '0x01', entryIndex: 3n, bondWei: 1n, status } as RootView
  const told = readCase({
    frauds: [{ ...fraud, fraud: name }],
    roots: [root],
    disputes: [],
  } as unknown as Projection)
  return { stands: told?.stands, last: told?.stages.at(-1)?.title }
}

test('a lie whose root was rejected ends with the root removed', () => {
  expect(tell('rejected')).toEqual({ stands: false, last: 'The root is removed' })
})

test.each(['defended', 'finalized'] as const)('a lie whose root is %s stands', (status) => {
  expect(tell(status)).toEqual({ stands: true, last: 'The lie stands' })
})

test('an honest root that outlives a false challenge is no lie that stands', () => {
  expect(tell('finalized', 'false-challenge')).toEqual({ stands: false, last: 'The root stands' })
})
