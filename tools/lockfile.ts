/**
 * `npx tsx tools/lockfile.ts`, after `npm install` of a dependency: completes package-lock.json with the optional packages of
 * other platforms that the registry in use did not offer. Without them `npm ci` refuses the lockfile everywhere, with
 * "Missing: NAME@ from lock file"; with them it skips what the platform does not need. It also forgets which Node the binaries of
 * Hardhat ask for, or npm would skip them under Node 20: Hardhat runs on a Node of its own (docs/decisions/0056).
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface LockedPackage {
  version?: string
  optional?: boolean
  dev?: boolean
  os?: string[]
  cpu?: string[]
  engines?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const OS_NAMES = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openharmony',
  'openbsd',
  'netbsd',
  'sunos',
  'aix',
  'win32',
]
const CPU_NAMES: readonly [RegExp, string][] = [
  [/amd64|x64/, 'x64'],
  [/arm64/, 'arm64'],
  [/ia32/, 'ia32'],
  [/arm(-|$|eabi)/, 'arm'],
  [/ppc64/, 'ppc64'],
  [/riscv64/, 'riscv64'],
  [/s390x/, 's390x'],
  [/loong64/, 'loong64'],
  [/mips64el/, 'mips64el'],
  [/wasm32/, 'wasm32'],
]

const FILE = 'package-lock.json'
const lock = JSON.parse(readFileSync(FILE, 'utf8')) as { packages: Record<string, LockedPackage> }
let added = 0
for (const [owner, { optionalDependencies, dev }] of Object.entries(lock.packages)) {
  if (owner === '') continue
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${owner}/node_modules/${name}`])
      continue
    const entry = toEntry(name, version)
    if (!entry) continue
    lock.packages[`node_modules/${name}`] = { ...entry, ...(dev ? { dev } : {}) }
    added += 1
  }
}
for (const [name, entry] of Object.entries(lock.packages)) {
  if (/@nomicfoundation\/edr-/.test(name)) delete entry.engines
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
)
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(`${added} packages of other platforms added to ${FILE}\n`)

/** Undefined where the name tells no platform or the range is not one version. */
function toEntry(name: string, version: string): LockedPackage | undefined {
  const os = OS_NAMES.find((candidate) => name.includes(candidate))
  const cpu = CPU_NAMES.find(([pattern]) => pattern.test(name))?.[1]
  if (!os || !/^\d+\.\d+\.\d+/.test(version)) return undefined
  return { version, optional: true, os: [os], ...(cpu ? { cpu: [cpu] } : {}) }
}
