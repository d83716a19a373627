/**
 * Writes contracts/generated/genesis-<preset>.json (state of both chains before block 1) and genesis-<preset>.replay.json (the
 * transactions that lead there). Rebuilt only when a contract, a rule or this code changed. Called by tools/contracts.ts.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { initKeccak } from '../workers/rollup/keccak.ts'
import { PRESETS } from '../workers/rollup/parameters.ts'
import { GENERATED, REPOSITORY } from './genesis/artifacts.ts'
import { buildGenesis } from './genesis/build.ts'

/** What genesis depends on besides the artifacts. */
const SOURCES = [
  'tools/genesis',
  'tools/genesis.ts',
  'workers/chain/genesis.ts',
  'workers/chain/roots.ts',
  'workers/rollup/batch/entry.ts',
  'workers/rollup/codeLimits.ts',
  'workers/rollup/header.ts',
  'workers/rollup/keys.ts',
  'workers/rollup/l2Header.ts',
  'workers/rollup/machine/boundary.ts',
  'workers/rollup/machine/hash.ts',
  'workers/rollup/parameters.ts',
  'package-lock.json',
]

export async function buildGenesisFiles(): Promise<void> {
  const stamp = join(GENERATED, 'genesis.stamp')
  const hash = inputsHash()
  const files = Object.keys(PRESETS).map((preset) => join(GENERATED, `genesis-${preset}.json`))
  const isFresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash
  if (isFresh && files.every((file) => existsSync(file))) return
  const started = performance.now()
  await initKeccak()
  for (const parameters of Object.values(PRESETS)) {
    const { genesis, replay } = await buildGenesis(parameters)
    const name = join(GENERATED, `genesis-${parameters.preset}`)
    writeFileSync(`${name}.json`, `${JSON.stringify(genesis)}\n`)
    writeFileSync(`${name}.replay.json`, `${JSON.stringify(replay)}\n`)
  }
  writeFileSync(stamp, hash)
  process.stdout.write(`genesis: built in ${Math.round(performance.now() - started)} ms\n`)
}

function inputsHash(): string {
  const hash = createHash('sha256')
  const artifacts = readdirSync(GENERATED)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(GENERATED, name))
  const files = [...artifacts, ...SOURCES.flatMap((source) => filesBelow(join(REPOSITORY, source)))]
  for (const file of files.sort())
    hash.update(`\0${file.slice(REPOSITORY.length)}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

function filesBelow(path: string): string[] {
  if (path.endsWith('.ts') || path.endsWith('.json')) return [path]
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|json)$/.test(name) && !name.endsWith('.test.ts'))
    .map((name) => join(path, name))
}
