import { FRAUDS, type FraudInfo } from '../../../workers/protocol/faults.ts'

const names: ReadonlySet<string> = new Set([
  'fraud-sstore',
  'fraud-arithmetic',
  'fraud-fee',
  'fraud-skip',
  'fraud-deposit',
  'false-challenge',
  'equivocate',
  'withhold',
])

/** The lies that menus offer at once; the catalogue has all of them. */
export const FEATURED: readonly FraudInfo[] = FRAUDS.filter(({ name }) => names.has(name))
