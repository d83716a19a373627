/**
 * Compiles contracts/src and contracts/test/sol with npm's solc into typed artifacts under contracts/generated,
 * then builds the genesis files. `--only DIR` compiles one folder and skips genesis; `--no-genesis` skips genesis alone.
 *
 * A file may change its settings with a line `// solc: viaIR` or `// solc: runs=200` (both may stand in one line).
 */
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, normalize, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { VENDORED } from './vendored.ts'

export const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const GENERATED = 'contracts/generated'
const CACHE = '.cache/contracts'
/** EIP-170: what a node of Ethereum lets deploy. */
const CODE_SIZE_MAX = 24_576
const DEFAULT_RUNS = 400

interface Settings {
  readonly viaIR: boolean
  readonly runs: number
}

interface Unit {
  /** Path in the repository; also solc's source unit name. */
  readonly path: string
  readonly settings: Settings
  readonly hash: string
}

interface Artifact {
  readonly name: string
  readonly abi: unknown
  readonly bytecode: string
  readonly deployedBytecode: string
}

interface SolcError {
  readonly severity: 'error' | 'warning' | 'info'
  readonly errorCode?: string
  readonly formattedMessage: string
  readonly sourceLocation?: { readonly file: string }
}

interface SolcOutput {
  readonly errors?: readonly SolcError[]
  readonly contracts?: Record<string, Record<string, SolcContract>>
}

interface SolcContract {
  readonly abi: unknown[]
  readonly evm: {
    readonly bytecode: { readonly object: string }
    readonly deployedBytecode: { readonly object: string }
  }
}

interface Solc {
  version(): string
  compile(input: string): string
}

interface Compilation {
  /** How many files were compiled; the others came from the cache. */
  readonly compiled: number
  /** Paths of the artifacts' modules in the repository. */
  readonly modules: ReadonlySet<string>
}

/** Compiles what changed below `roots`. Throws with solc's messages. */
export function compileContracts(roots: readonly string[]): Compilation {
  const sources = new Map<string, string>()
  const units = roots.flatMap((root) => solidityFiles(root)).map((path) => unitOf(path, sources))
  const cached = new Map<string, readonly Artifact[]>()
  const dirty: Unit[] = []
  for (const unit of units) {
    const hit = readCache(unit)
    if (hit === undefined) dirty.push(unit)
    else cached.set(unit.path, hit)
  }
  for (const group of groupBySettings(dirty)) {
    for (const [path, artifacts] of compileGroup(group, sources)) cached.set(path, artifacts)
  }
  return { compiled: dirty.length, modules: emit(units, cached) }
}

/** Removes the modules of contracts that are no longer there. */
function removeStale(modules: ReadonlySet<string>): void {
  for (const folder of [GENERATED, `${GENERATED}/test`]) {
    for (const name of readdirSync(join(REPOSITORY, folder))) {
      const path = `${folder}/${name}`
      if (name.endsWith('.ts') && !modules.has(path)) rmSync(join(REPOSITORY, path))
    }
  }
}

function solidityFiles(root: string): string[] {
  const folder = join(REPOSITORY, root)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.sol'))
    .map((name) => join(root, name))
    .sort()
}

function readSource(path: string, sources: Map<string, string>): string {
  const known = sources.get(path)
  if (known !== undefined) return known
  const local = join(REPOSITORY, path)
  const content = readFileSync(
    existsSync(local) ? local : join(REPOSITORY, 'node_modules', path),
    'utf8',
  )
  sources.set(path, content)
  return content
}

function importsOf(path: string, content: string): string[] {
  const code = content.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const found = [...code.matchAll(/^\s*import\s+(?:[^;'"]*?\sfrom\s+)?["']([^"']+)["']/gm)]
  return found.map(([, target = '']) =>
    target.startsWith('.') ? normalize(join(dirname(path), target)) : target,
  )
}

function closureOf(path: string, sources: Map<string, string>): string[] {
  const seen = new Set<string>()
  const queue = [path]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    queue.push(...importsOf(next, readSource(next, sources)))
  }
  return [...seen].sort()
}

function unitOf(path: string, sources: Map<string, string>): Unit {
  const directive = /^\/\/ solc:(.*)$/m.exec(readSource(path, sources))?.[1] ?? ''
  const runs = /runs=(\d+)/.exec(directive)?.[1]
  const settings = {
    viaIR: directive.includes('viaIR'),
    runs: runs === undefined ? DEFAULT_RUNS : Number(runs),
  }
  const hash = createHash('sha256').update(JSON.stringify(['1', settings, solcVersion()]))
  for (const name of closureOf(path, sources))
    hash.update(`\0${name}\0${readSource(name, sources)}`)
  return { path, settings, hash: hash.digest('hex').slice(0, 32) }
}

function groupBySettings(units: readonly Unit[]): Unit[][] {
  const groups = new Map<string, Unit[]>()
  for (const unit of units) {
    const key = JSON.stringify(unit.settings)
    groups.set(key, [...(groups.get(key) ?? []), unit])
  }
  return [...groups.values()]
}

const require = createRequire(import.meta.url)

/** solc is loaded only when something changed: parsing its 9 MB of WASM takes a second. */
function loadSolc(): Solc {
  return require('solc') as Solc
}

function solcVersion(): string {
  const manifest = readFileSync(join(REPOSITORY, 'node_modules/solc/package.json'), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

function compileGroup(
  units: readonly Unit[],
  sources: Map<string, string>,
): Map<string, Artifact[]> {
  const [first] = units
  if (first === undefined) return new Map()
  const names = new Set(units.flatMap((unit) => closureOf(unit.path, sources)))
  const selection = ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object']
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(
      [...names].map((name) => [name, { content: readSource(name, sources) }]),
    ),
    settings: {
      evmVersion: 'osaka',
      viaIR: first.settings.viaIR,
      optimizer: { enabled: true, runs: first.settings.runs },
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: Object.fromEntries(units.map((unit) => [unit.path, { '*': selection }])),
    },
  }
  const output = JSON.parse(loadSolc().compile(JSON.stringify(input))) as SolcOutput
  reportErrors(output.errors ?? [])
  const result = new Map<string, Artifact[]>()
  for (const unit of units) {
    const artifacts = Object.entries(output.contracts?.[unit.path] ?? {}).map(([name, contract]) =>
      toArtifact(name, contract),
    )
    assertCodeSize(unit.path, artifacts)
    writeAtomically(join(CACHE, `${unit.hash}.json`), JSON.stringify(artifacts))
    result.set(unit.path, artifacts)
  }
  return result
}

function toArtifact(name: string, contract: SolcContract): Artifact {
  const { bytecode, deployedBytecode } = contract.evm
  return {
    name,
    abi: contract.abi,
    bytecode: `0x${bytecode.object}`,
    deployedBytecode: `0x${deployedBytecode.object}`,
  }
}

function reportErrors(errors: readonly SolcError[]): void {
  const fatal = errors.filter((error) => error.severity === 'error')
  // 5574 is the code size warning, which assertCodeSize turns into an error for product code.
  const own = errors.filter((error) => error.sourceLocation?.file.startsWith('contracts/') === true)
  const others = own.filter((error) => error.severity !== 'error' && error.errorCode !== '5574')
  for (const error of others) process.stderr.write(`${error.formattedMessage}\n`)
  if (fatal.length > 0) throw new Error(fatal.map((error) => error.formattedMessage).join('\n'))
}

function assertCodeSize(path: string, artifacts: readonly Artifact[]): void {
  if (!path.startsWith('contracts/src')) return
  for (const artifact of artifacts) {
    const size = (artifact.deployedBytecode.length - 2) / 2
    if (size > CODE_SIZE_MAX)
      throw new Error(
        `${path}: ${artifact.name} has ${size} bytes of code; at most ${CODE_SIZE_MAX}`,
      )
  }
}

function readCache(unit: Unit): readonly Artifact[] | undefined {
  const path = join(REPOSITORY, CACHE, `${unit.hash}.json`)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Artifact[]) : undefined
}

function emit(
  units: readonly Unit[],
  artifacts: ReadonlyMap<string, readonly Artifact[]>,
): Set<string> {
  const owners = new Map<string, string>()
  for (const unit of units) {
    const folder = unit.path.startsWith('contracts/test') ? `${GENERATED}/test` : GENERATED
    for (const artifact of artifacts.get(unit.path) ?? []) {
      if ((artifact.abi as unknown[]).length === 0) continue
      const target = `${folder}/${artifact.name}.ts`
      const owner = owners.get(target)
      if (owner !== undefined)
        throw new Error(`${artifact.name} is declared in ${owner} and in ${unit.path}`)
      owners.set(target, unit.path)
      writeAtomically(target, moduleOf(unit.path, artifact))
    }
  }
  return new Set(owners.keys())
}

/** A contract whose package ships what its authors compiled; ours would be other bytes than those on the public chains. */
function emitVendored(name: string, path: string): string {
  const text = readFileSync(join(REPOSITORY, 'node_modules', path), 'utf8')
  const { abi, bytecode, deployedBytecode } = JSON.parse(text) as Record<string, string>
  const strip = (code = '') => code.replace(/^0x/, '')
  const artifact = {
    name,
    abi,
    bytecode: `0x${strip(bytecode)}`,
    deployedBytecode: `0x${strip(deployedBytecode)}`,
  }
  const target = `${GENERATED}/${name}.ts`
  writeAtomically(target, moduleOf(path, artifact))
  return target
}

function moduleOf(path: string, artifact: Artifact): string {
  return [
    `// Generated from ${path} by tools/contracts.ts.`,
    `export const abi = [\n${(artifact.abi as unknown[]).map((item) => `  ${JSON.stringify(item)},\n`).join('')}] as const`,
    `export const bytecode: \`0x\${string}\` = '${artifact.bytecode}'`,
    '/** Immutables read as zero here. */',
    `export const deployedBytecode: \`0x\${string}\` = '${artifact.deployedBytecode}'`,
    `export const ${artifact.name} = { abi, bytecode, deployedBytecode } as const`,
    '',
  ].join('\n')
}

/** Two processes may compile at once; a reader never sees half a file. Unchanged files keep their time stamp. */
function writeAtomically(path: string, content: string): void {
  const target = join(REPOSITORY, path)
  if (existsSync(target) && readFileSync(target, 'utf8') === content) return
  mkdirSync(dirname(target), { recursive: true })
  const temporary = `${target}.${process.pid}`
  writeFileSync(temporary, content)
  renameSync(temporary, target)
}

async function main(): Promise<void> {
  const only = process.argv.indexOf('--only')
  const folder = only === -1 ? undefined : process.argv[only + 1]
  const started = performance.now()
  const { compiled, modules } = compileContracts(
    folder === undefined ? ['contracts/src', 'contracts/test/sol'] : [folder],
  )
  const vendored = Object.entries(VENDORED).map(([name, path]) => emitVendored(name, path))
  if (folder === undefined) removeStale(new Set([...modules, ...vendored]))
  process.stdout.write(
    `contracts: ${compiled} files compiled in ${Math.round(performance.now() - started)} ms\n`,
  )
  if (folder !== undefined || process.argv.includes('--no-genesis')) return
  const genesis = join(REPOSITORY, 'tools/genesis.ts')
  if (!existsSync(genesis)) return
  const { buildGenesisFiles } = (await import(genesis)) as {
    buildGenesisFiles: () => Promise<void>
  }
  await buildGenesisFiles()
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}
