/**
 * `npm run check`: types (four TypeScript projects), format and lint, import rules, unused code, bundle sizes when the
 * app is built. Runs all of them, then fails if one failed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** dependency-cruiser once passed while it had read no module at all: fail below this floor. */
const MODULES_READ_MIN = 100

const failed: string[] = []
const say = (line: string): boolean => process.stdout.write(`${line}\n`)

for (const project of ['core', 'workers', 'app', 'node']) {
  run(`types (${project})`, ['tsc', '-p', `tsconfig.${project}.json`, '--noEmit'])
}
run('format and lint', ['biome', 'check', '--error-on-warnings', '--max-diagnostics=60'])
importRules()
run('unused code', ['knip'])
if (existsSync('dist/index.html')) run('bundle sizes', ['size-limit'])

say(failed.length === 0 ? 'check: all held' : `check: failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

function run(name: string, args: string[]): void {
  const startMs = Date.now()
  const { status } = spawnSync('npx', args, { stdio: 'inherit' })
  say(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - startMs) / 1000).toFixed(1)} s)`)
  if (status !== 0) failed.push(name)
}

function importRules(): void {
  const result = spawnSync(
    'npx',
    ['depcruise', '--config', '.dependency-cruiser.cjs', 'app', 'sdk', 'workers', 'tools'],
    { encoding: 'utf8' },
  )
  process.stdout.write(result.stdout)
  process.stderr.write(result.stderr)
  const modules = Number(/\((\d+) modules/.exec(result.stdout)?.[1] ?? 0)
  const sound = result.status === 0 && modules >= MODULES_READ_MIN
  say(`${sound ? 'ok  ' : 'FAIL'} import rules (${modules} modules read)`)
  if (!sound) failed.push('import rules')
}
