/** Names the code that a run depends on: whoever has the same hash replays the same events. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = ['workers', 'contracts/generated']
const FILES = ['package-lock.json']

/** 16 hexadecimal digits over the sources of the simulation, the contracts' artifacts and the locked dependencies. */
export function buildHash(): string {
  const hash = createHash('sha256')
  const files = SOURCES.flatMap((folder) => filesBelow(folder)).concat(FILES)
  for (const file of files.sort()) {
    // Line ends and separators of the platform must not matter.
    const text = readFileSync(join(REPOSITORY, file), 'utf8').replaceAll('\r\n', '\n')
    hash.update(`${file.split(sep).join('/')}\0${text.length}\0`).update(text)
  }
  return hash.digest('hex').slice(0, 16)
}

function filesBelow(folder: string): string[] {
  const path = join(REPOSITORY, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|json)$/.test(name) && !/\.(test|testing)\.|\.replay\.json$/.test(name))
    .map((name) => join(folder, name))
}
