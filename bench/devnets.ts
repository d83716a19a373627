/** How soon `createDevnet()` of the built package is ready, alone and with seven others, as tests that run side by side have it. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type BenchOptions, MeasurementError, median, type Report, round } from './figure.ts'
import { buildPackage } from './package.ts'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
const TARGET_S = 2
const TOGETHER = 8

export async function measureDevnets({ isQuick }: BenchOptions, report: Report): Promise<void> {
  buildPackage()
  const rounds = isQuick ? 1 : 5
  await report.attempt('a devnet alone', async () => {
    const alone = Array.from({ length: rounds }, () => startTogether(1)).flat()
    report.figure({
      name: 'a devnet alone is ready',
      unit: 's',
      value: round(median(alone), 3),
      peer: { name: 'wanted', value: TARGET_S },
      note: `Median of ${rounds} processes, each its first devnet: createDevnet() of lib/ until the first eth_blockNumber of L2.`,
      detail: alone,
    })
  })
  await report.attempt('eight devnets at once', async () => {
    const runs = Array.from({ length: rounds }, () => startTogether(TOGETHER))
    const lastS = median(runs.map((run) => Math.max(...run)))
    report.figure({
      name: 'the last of eight devnets at once is ready',
      unit: 's',
      value: round(lastS, 3),
      peer: { name: 'wanted', value: TARGET_S },
      note: `Median of ${rounds} processes. By devnet it is ${round(lastS / TOGETHER, 3)} s; all share the machine's cores.`,
      detail: runs,
    })
  })
}

/** Seconds of each until ready, in a process of its own. */
function startTogether(count: number): readonly number[] {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', SCRIPT, String(count)],
    { cwd: REPOSITORY, encoding: 'utf8' },
  )
  if (status !== 0) throw new MeasurementError(stderr)
  return JSON.parse(stdout) as number[]
}

const SCRIPT = `import { createDevnet } from './lib/devnet.js'
const sinceMs = performance.now()
const seconds = await Promise.all(
  Array.from({ length: Number(process.argv[1]) }, async () => {
    const devnet = await createDevnet()
    await devnet.l2.request({ method: 'eth_blockNumber' })
    return (performance.now() - sinceMs) / 1000
  }),
)
process.stdout.write(JSON.stringify(seconds))
process.exit(0)
`
