/** A conformance report for people. */
import type { ConformanceReport } from './tally.ts'

export function printConformance(report: ConformanceReport): string {
  const { gas, pairs } = report
  const lines = [
    `${report.fixtures} fixtures with ${report.cases} cases; ${report.steps} of ${report.executed} steps given to the contracts`,
    `${report.disagreements} disagreements`,
    `${report.covered} of ${pairs.declared} pairs covered, ${pairs.byFixtures.length} by fixtures; ${report.missing} missing`,
    `gas of a step: median ${gas.p50}, 95 % ${gas.p95}, at most ${gas.max}`,
    ...Object.entries(report.excluded).map(([reason, count]) => `excluded: ${count}, ${reason}`),
    ...pairs.missing.map((pair) => `missing: ${pair}`),
    ...report.failures.map((one) => `${one.where}, step ${one.step}, ${one.pair}: ${one.what}`),
  ]
  return `${lines.join('\n')}\n`
}
