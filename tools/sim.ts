/**
 * `npm run sim -- --scenario NAME --seed N --json`: runs a scenario to its end and reports what it came to.
 *
 *     --scenario steady --seed 7 --preset demo --host threads|inline --json --verbose
 *     --l1 anvil   a real Ethereum node as the L1 instead of the product's own, in one thread
 *     --until MS   stops at that virtual time instead of the scenario's goal
 *     --list       names the scenarios
 *
 * Exit code 0 when the scenario reached its goal and every invariant holds, otherwise 1. A scenario that is there to show what breaks
 * (`fraud-unwatched`) names it in `expectedBroken`: it exits with 0 when exactly those invariants are broken.
 */
import { SCENARIOS } from '../workers/simulation/scenarios/catalogue.ts'
import { type AnvilL1, createAnvilL1 } from './anvil/l1.ts'
import { integerFlag, presetFlag, readFlags, runTool, SEED_RANGE, UsageError } from './arguments.ts'
import type { HostKind } from './node/world.ts'
import { printReport, reportToJson } from './sim/report.ts'
import { runScenario } from './sim/run.ts'

await runTool(main)

async function main(): Promise<void> {
  const flags = readFlags({
    scenario: { type: 'string' },
    seed: { type: 'string' },
    preset: { type: 'string' },
    host: { type: 'string' },
    l1: { type: 'string' },
    until: { type: 'string' },
    list: { type: 'boolean' },
    json: { type: 'boolean' },
    verbose: { type: 'boolean' },
  })
  const isJson = flags.json === true
  if (flags.list === true) return list(isJson)
  const l1 = l1Flag(flags.l1)
  const report = await runScenario({
    scenario: String(flags.scenario ?? 'steady'),
    seed: integerFlag('seed', flags.seed, 7, SEED_RANGE),
    preset: presetFlag(flags.preset),
    host: hostFlag(flags.host, l1),
    ...(l1 === null ? {} : { l1: l1.factory }),
    untilMs: flags.until === undefined ? null : integerFlag('until', flags.until, 0, [0, 1e12]),
    isVerbose: flags.verbose === true,
  })
  await l1?.close()
  process.stdout.write(isJson ? `${reportToJson(report)}\n` : printReport(report))
  const isWell =
    report.complaints.length === 0 &&
    Object.entries(report.invariants).every(
      ([name, holds]) => holds !== report.expectedBroken.includes(name),
    )
  process.exit(isWell ? 0 : 1)
}

function list(isJson: boolean): void {
  const scenarios = SCENARIOS.map(({ name, description }) => ({ name, description }))
  if (isJson) process.stdout.write(`${JSON.stringify({ scenarios })}\n`)
  else
    for (const { name, description } of scenarios)
      process.stdout.write(`${name.padEnd(24)}${description}\n`)
}

function hostFlag(value: unknown, l1: AnvilL1 | null): HostKind {
  if (value === 'inline' || (value === undefined && l1 !== null)) return 'inline'
  if (l1 !== null) throw new UsageError('--l1 anvil runs in one thread: --host must be "inline".')
  if (value === undefined || value === 'threads') return 'threads'
  throw new UsageError(`--host must be "threads" or "inline", is "${String(value)}".`)
}

function l1Flag(value: unknown): AnvilL1 | null {
  if (value === undefined || value === 'own') return null
  if (value === 'anvil') return createAnvilL1()
  throw new UsageError(`--l1 must be "own" or "anvil", is "${String(value)}".`)
}
