/** The production build that is measured: `dist` if it is of the present sources, otherwise a build of its own. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildHash } from '../tools/buildHash.ts'
import { MeasurementError } from './figure.ts'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
const BUILD_MS = 240_000

/** Absolute path of a folder. Throws `MeasurementError` if the page cannot be built. */
export async function builtPage(): Promise<string> {
  const hash = buildHash()
  const dist = join(REPOSITORY, 'dist')
  if (isOf(dist, hash)) return dist
  // Built aside: somebody may be serving or testing `dist`.
  const own = join(REPOSITORY, '.cache', 'bench-dist')
  if (isOf(own, hash)) return own
  process.stderr.write('bench: dist is not of the present sources, so the page is built aside\n')
  const { status } = spawnSync(
    'npx',
    ['vite', 'build', '--outDir', own, '--emptyOutDir', '--logLevel', 'error'],
    { cwd: REPOSITORY, stdio: ['ignore', 2, 2], timeout: BUILD_MS },
  )
  if (status === 0 && existsSync(join(own, 'index.html'))) return own
  throw new MeasurementError('The page could not be built. Try: npm run build')
}

function isOf(folder: string, hash: string): boolean {
  const assets = join(folder, 'assets')
  if (!existsSync(join(folder, 'index.html')) || !existsSync(assets)) return false
  return readdirSync(assets)
    .filter((name) => name.endsWith('.js'))
    .some((name) => readFileSync(join(assets, name), 'utf8').includes(hash))
}
