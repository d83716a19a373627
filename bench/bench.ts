/**
 * `npm run bench`: measures the figures of docs/FIGURES.md.
 *
 *     --json          one JSON object on stdout, nothing else
 *     --only NAME     this group alone (may be repeated)
 *     --quick         small counts: whether it can be measured, not how much
 *     --minutes N     after which the page's heap is read (default 2)
 *     --list          names the groups
 *
 * Exit code 0 only if every figure that was asked for was measured.
 */
import { fork } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { integerFlag, readFlags, runTool, UsageError } from '../tools/arguments.ts'
import type { BenchOptions, Failure, Figure, Group } from './figure.ts'
import { GROUPS } from './groups.ts'
import type { InsideMessage } from './inside.ts'
import { printTable } from './print.ts'

/** Time that a group has to end its own children when it is stopped. */
const GRACE_MS = 5_000

interface Outcome {
  readonly figures: Figure[]
  readonly failures: Failure[]
}

await runTool(main)

async function main(): Promise<void> {
  const flags = readFlags({
    json: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean' },
    minutes: { type: 'string' },
    list: { type: 'boolean' },
  })
  const isJson = flags.json === true
  if (flags.list === true) return list(isJson)
  const options: BenchOptions = {
    isQuick: flags.quick === true,
    minutes: integerFlag('minutes', flags.minutes, 2, [1, 30]),
  }
  const groups = chosen((flags.only ?? []) as readonly string[])
  const before = loadavg()[0] ?? 0
  const outcome: Outcome = { figures: [], failures: [] }
  for (const group of groups) {
    process.stderr.write(`bench: ${group.name}: ${group.description}\n`)
    await runGroup(group, options, outcome)
  }
  const result = {
    date: new Date().toISOString(),
    machine: {
      cores: cpus().length,
      node: process.version,
      loadBefore: before,
      loadAfter: loadavg()[0] ?? 0,
    },
    ...options,
    ...outcome,
  }
  process.stdout.write(isJson ? `${JSON.stringify(result)}\n` : printTable(result))
  process.exitCode = outcome.failures.length === 0 ? 0 : 1
}

function list(isJson: boolean): void {
  const groups = GROUPS.map(({ name, description }) => ({ name, description }))
  if (isJson) process.stdout.write(`${JSON.stringify({ groups })}\n`)
  else
    for (const { name, description } of groups)
      process.stdout.write(`${name.padEnd(20)}${description}\n`)
}

function chosen(names: readonly string[]): readonly Group[] {
  const unknown = names.find((name) => !GROUPS.some((group) => group.name === name))
  if (unknown !== undefined) {
    const known = GROUPS.map(({ name }) => name).join(', ')
    throw new UsageError(`--only must be one of ${known}, is "${unknown}".`)
  }
  return names.length === 0 ? GROUPS : GROUPS.filter(({ name }) => names.includes(name))
}

/** In a process group of its own, which is ended whole when time is up or this process is interrupted. */
async function runGroup(group: Group, options: BenchOptions, outcome: Outcome): Promise<void> {
  const child = fork(
    fileURLToPath(new URL('inside.ts', import.meta.url)),
    [group.name, JSON.stringify(options)],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      detached: true,
    },
  )
  child.stdout?.pipe(process.stderr, { end: false })
  let count = 0
  let isLate = false
  child.on('message', (message: InsideMessage) => {
    count += 1
    if (message.kind === 'figure') outcome.figures.push(message.figure)
    else outcome.failures.push(message.failure)
  })
  const end = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal)
    } catch {
      // The process group has ended already.
    }
  }
  const interrupt = (): void => {
    end('SIGKILL')
    process.exit(130)
  }
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const timer = setTimeout(() => {
    isLate = true
    end('SIGTERM')
    setTimeout(end, GRACE_MS, 'SIGKILL').unref()
  }, group.timeoutMs)
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  clearTimeout(timer)
  end('SIGKILL')
  process.off('SIGINT', interrupt)
  process.off('SIGTERM', interrupt)
  const { name } = group
  if (isLate) outcome.failures.push({ name, error: `Stopped after ${group.timeoutMs / 1000} s.` })
  else if (code !== 0)
    outcome.failures.push({ name, error: `Its process ended with code ${code}.` })
  else if (count === 0) outcome.failures.push({ name, error: 'It measured nothing.' })
}
