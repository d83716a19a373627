/** What a conformance run has seen so far. */
import type { Pair } from './outcome.ts'
import { declaredPairs } from './pairs.ts'

export interface Failure {
  /** The fixture's case, or the name of a program. */
  readonly where: string
  readonly step: number
  readonly pair: Pair
  readonly what: string
}

export interface Tally {
  readonly declared: ReadonlySet<Pair>
  readonly coveredByFixtures: Set<Pair>
  readonly coveredByPrograms: Set<Pair>
  readonly failures: Failure[]
  /** Gas of each verified step by its kind. */
  readonly gas: Map<string, number[]>
  readonly excluded: Map<string, number>
  fixtures: number
  cases: number
  /** Steps that the contracts verified. */
  steps: number
  /** Steps that the mirror executed. */
  executed: number
}

export function createTally(): Tally {
  return {
    declared: new Set(declaredPairs()),
    coveredByFixtures: new Set(),
    coveredByPrograms: new Set(),
    failures: [],
    gas: new Map(),
    excluded: new Map(),
    fixtures: 0,
    cases: 0,
    steps: 0,
    executed: 0,
  }
}

export function countExcluded({ excluded }: Tally, reason: string): void {
  excluded.set(reason, (excluded.get(reason) ?? 0) + 1)
}

export function missingPairs({ declared, coveredByFixtures, coveredByPrograms }: Tally): Pair[] {
  return [...declared].filter(
    (pair) => !coveredByFixtures.has(pair) && !coveredByPrograms.has(pair),
  )
}

const FAILURES_TOLD = 100

/** The report of `npm run conformance -- --json`. */
export function reportOf(tally: Tally): ConformanceReport {
  const missing = missingPairs(tally)
  const all = [...tally.gas.values()].flat()
  const kinds = [...tally.gas].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    fixtures: tally.fixtures,
    cases: tally.cases,
    steps: tally.steps,
    executed: tally.executed,
    covered: tally.declared.size - missing.length,
    missing: missing.length,
    disagreements: tally.failures.length,
    gas: spread(all),
    excluded: Object.fromEntries(tally.excluded),
    pairs: {
      declared: tally.declared.size,
      byFixtures: [...tally.coveredByFixtures].sort(),
      byPrograms: [...tally.coveredByPrograms].sort(),
      missing,
    },
    gasByKind: Object.fromEntries(kinds.map(([kind, gas]) => [kind, spread(gas)])),
    failures: tally.failures.slice(0, FAILURES_TOLD),
  }
}

export interface GasSpread {
  readonly steps: number
  readonly p50: number
  readonly p95: number
  readonly max: number
}

export interface ConformanceReport {
  readonly fixtures: number
  readonly cases: number
  readonly steps: number
  readonly executed: number
  readonly covered: number
  readonly missing: number
  readonly disagreements: number
  /** Of whole L1 transactions, calldata included. */
  readonly gas: GasSpread
  readonly excluded: Readonly<Record<string, number>>
  readonly pairs: {
    readonly declared: number
    readonly byFixtures: readonly Pair[]
    readonly byPrograms: readonly Pair[]
    readonly missing: readonly Pair[]
  }
  readonly gasByKind: Readonly<Record<string, GasSpread>>
  readonly failures: readonly Failure[]
}

function spread(gas: readonly number[]): GasSpread {
  const sorted = [...gas].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0
  return { steps: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) }
}
