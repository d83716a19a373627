/** Builds what `npm pack` packs, for figures of it. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { MeasurementError } from './figure.ts'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))

/** Writes `lib/`. Throws `MeasurementError` if it cannot be built. */
export function buildPackage(): void {
  const options = { cwd: REPOSITORY, encoding: 'utf8' } as const
  const { status, stderr } = spawnSync('npx', ['tsx', 'tools/package.ts'], options)
  if (status !== 0) throw new MeasurementError(`The package was not built: ${stderr}`)
}
