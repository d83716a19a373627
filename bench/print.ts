/** The bench's result for people. */
import type { Failure, Figure } from './figure.ts'

interface Result {
  readonly date: string
  readonly machine: { readonly cores: number; readonly node: string; readonly loadBefore: number }
  readonly figures: readonly Figure[]
  readonly failures: readonly Failure[]
}

export function printTable({ date, machine, figures, failures }: Result): string {
  const head = `${date.slice(0, 10)}, ${machine.cores} cores (load ${machine.loadBefore.toFixed(1)} before), Node ${machine.node}`
  const rows = figures.map(({ name, value, unit, peer, ratio }) => [
    name,
    `${value.toLocaleString('en')} ${unit}`,
    peer === undefined ? '' : `${peer.name}: ${peer.value.toLocaleString('en')}`,
    ratio === undefined ? '' : `${ratio}×`,
  ])
  const widths = [0, 1, 2].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lines = figures.flatMap(({ note }, index) => [
    (rows[index] ?? [])
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
    `    ${note}`,
  ])
  const failed = failures.map(({ name, error }) => `FAILED ${name}: ${error}`)
  return `${[head, '', ...lines, ...failed].join('\n')}\n`
}
