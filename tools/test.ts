/**
 * `npm test`: static checks, unit, contract and simulation tests, then the browser tests; one closing line
 * `N passed, N failed`. `--fast`, for the inner loop, leaves the browser and the slowest tests out. Everything runs
 * even when an earlier part failed.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { findChromium } from './chromium.ts'

interface Count {
  passed: number
  failed: number
}

const fast = process.argv.includes('--fast')
/** Whole devnets, real clients and nodes, and the verifier's corpora. */
const slow = [
  'tools/{anvil,clients,node}/**',
  'tools/{package,headless}.test.ts',
  'sdk/viem.test.ts',
  'sdk/persona/proving.test.ts',
  'workers/simulation/{committee,disputes}/**',
  'workers/rollup/data/kzg.test.ts',
  'contracts/test/anvil*.test.ts',
  'contracts/test/inbox.test.ts',
  'contracts/test/verifier/{mutations,opcodes,pairs,trieFuzz}.test.ts',
]
const outputDir = '.cache/test'
const say = (line: string): boolean => process.stdout.write(`${line}\n`)

mkdirSync(outputDir, { recursive: true })
const parts: [string, () => Count][] = [
  ['contracts', () => command('npx', ['tsx', 'tools/contracts.ts'])],
  ['check', () => command('npx', ['tsx', 'tools/check.ts'])],
  ['vitest', vitest],
]
if (!fast) {
  parts.push(['build', () => command('npx', ['vite', 'build', '--logLevel', 'warn'])])
  parts.push(['browser', playwright])
}

const total: Count = { passed: 0, failed: 0 }
for (const [name, run] of parts) {
  const startMs = Date.now()
  const count = run()
  say(
    `${name}: ${count.passed} passed, ${count.failed} failed in ${((Date.now() - startMs) / 1000).toFixed(0)} s`,
  )
  total.passed += count.passed
  total.failed += count.failed
}
say(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

function command(name: string, args: string[]): Count {
  const { status } = spawnSync(name, args, { stdio: 'inherit' })
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

function vitest(): Count {
  const file = `${outputDir}/vitest.json`
  rmSync(file, { force: true })
  const { status } = spawnSync(
    'npx',
    [
      'vitest',
      'run',
      '--reporter=default',
      '--silent',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...(fast ? slow.flatMap((pattern) => ['--exclude', pattern]) : []),
    ],
    { stdio: 'inherit' },
  )
  const report = readJson(file) as { numPassedTests?: number; numFailedTests?: number }
  return honest({ passed: report.numPassedTests ?? 0, failed: report.numFailedTests ?? 0 }, status)
}

function playwright(): Count {
  const file = `${outputDir}/playwright.json`
  rmSync(file, { force: true })
  const env = { ...process.env, CHROMIUM: findChromium(say), PLAYWRIGHT_JSON_OUTPUT_NAME: file }
  const { status } = spawnSync('npx', ['playwright', 'test'], { stdio: 'inherit', env })
  const report = readJson(file) as {
    stats?: { expected: number; unexpected: number; flaky: number }
  }
  const stats = report.stats ?? { expected: 0, unexpected: 0, flaky: 0 }
  return honest({ passed: stats.expected, failed: stats.unexpected + stats.flaky }, status)
}

/** A runner that failed without naming a failed test (a crash, a broken import, no test at all) counts as one failure. */
function honest(count: Count, status: number | null): Count {
  const sound = status === 0 && count.passed > 0
  return sound || count.failed > 0 ? count : { passed: count.passed, failed: 1 }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    say(`no report at ${file}: ${String(cause)}`)
    return {}
  }
}
