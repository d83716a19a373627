/** Sizes of the built page, file by file, as they are and compressed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { builtPage } from './build.ts'
import { type BenchOptions, MeasurementError, type Report, round } from './figure.ts'

interface File {
  readonly name: string
  readonly bytes: number
  readonly gzip: number
}

const KILOBYTE = 1_000
const LARGEST = 8
/** The chunks that `.size-limit.json` counts as the page's. */
const PAGE_CHUNK = /^assets\/(index|mount)-.*\.js$/
const WORKER_ENTRY = /^assets\/.*\.worker-.*\.js$/
/** Genesis files hold compiled contracts and state; the page needs one of them. */
const GENESIS = /^assets\/genesis-.*\.js$/

export async function measureBundle(_options: BenchOptions, report: Report): Promise<void> {
  const folder = await builtPage()
  const files = filesOf(folder)
  const scripts = files.filter(({ name }) => name.endsWith('.js'))
  const page = scripts.filter(({ name }) => PAGE_CHUNK.test(name))
  if (page.length === 0) throw new MeasurementError('The build has no chunk of the page.')
  const sum = (key: 'bytes' | 'gzip'): number =>
    kilobytes(page.reduce((total, file) => total + file[key], 0))
  report.figure({
    name: 'bundle/page',
    unit: 'kB gzip',
    value: sum('gzip'),
    peer: { name: 'budget in .size-limit.json', value: pageBudget() },
    note: `the main thread's JavaScript, ${page.map(({ name }) => shortName(name)).join(' and ')}; ${sum('bytes')} kB as it is`,
  })
  tell(
    'bundle/scripts',
    'all JavaScript: page, workers, chain engine, contracts, cryptography',
    scripts,
    report,
  )
  const workers = scripts.filter(({ name }) => WORKER_ENTRY.test(name))
  tell(
    'bundle/worker entries',
    'entries of the workers, without the chunks that they load',
    workers,
    report,
  )
  const genesis = scripts.filter(({ name }) => GENESIS.test(name))
  tell('bundle/genesis', 'genesis of all presets; a visit loads one', genesis, report)
  tell(
    'bundle/everything',
    'what the service worker stores for offline use, fonts included',
    files,
    report,
  )
}

function tell(name: string, what: string, files: readonly File[], report: Report): void {
  if (files.length === 0) throw new MeasurementError(`The build has no file for ${name}.`)
  const total = (key: 'bytes' | 'gzip'): number => files.reduce((sum, file) => sum + file[key], 0)
  const largest = files.toSorted((left, right) => right.gzip - left.gzip).slice(0, LARGEST)
  const list = largest.map((file) => `${shortName(file.name)} ${kilobytes(file.gzip)}`).join(', ')
  report.figure({
    name,
    unit: 'kB gzip',
    value: kilobytes(total('gzip')),
    peer: { name: 'as it is', value: kilobytes(total('bytes')) },
    note: `${what}; ${files.length} files, largest: ${list}`,
    detail: files.map((file) => ({ ...file })),
  })
}

const kilobytes = (bytes: number): number => round(bytes / KILOBYTE, 1)

const shortName = (name: string): string =>
  name.replace(/^assets\//, '').replace(/-[\w-]{8}\.(\w+)$/, '.$1')

function filesOf(folder: string): readonly File[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const content = readFileSync(path)
      const name = path.slice(folder.length + 1).replaceAll('\\', '/')
      return { name, bytes: content.length, gzip: gzipSync(content, { level: 9 }).length }
    })
}

/** The limit in kB of the main thread's JavaScript. */
function pageBudget(): number {
  const path = new URL('../.size-limit.json', import.meta.url)
  const budgets = JSON.parse(readFileSync(path, 'utf8')) as readonly {
    readonly name: string
    readonly limit: string
  }[]
  const limit = budgets.find(({ name }) => name.includes('main thread'))?.limit ?? ''
  const kb = /^(\d+) kB$/.exec(limit)?.[1]
  if (kb === undefined) throw new MeasurementError('The budget of the page is not in kB.')
  return Number(kb)
}
