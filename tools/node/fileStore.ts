/**
 * A world kept in a directory: `world-N.bin` is a save file, `inputs-N.log` what came in after it, one record a line. A new save
 * gets the next number; it counts once it bears its final name, and then the older ones go.
 */
import { appendFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalDecode, canonicalEncode } from '../../workers/kernel/canonical.ts'
import { BaseError } from '../../workers/kernel/errors.ts'
import type { Plain } from '../../workers/kernel/role.ts'
import type { RecordedInput } from '../../workers/kernel/trace.ts'
import type { StoredWorld, WorldStore } from '../../workers/simulation/store.ts'

/** The directory belongs to another process that runs. */
export class DirectoryInUseError extends BaseError {
  override name = 'DirectoryInUseError'
}

const LOCK = 'owner.pid'
const TIME = 'time'

export function createFileStore(directory: string): WorldStore {
  const path = (name: string): string => join(directory, name)
  let generation = 0
  return {
    acquire: async () => {
      await mkdir(directory, { recursive: true })
      await takeLock(path(LOCK))
      generation = (await generations(directory)).at(-1) ?? 0
      return true
    },
    load: () => load(directory),
    put: async (file) => {
      generation += 1
      await writeDurably(path(`world-${generation}.tmp`), file)
      await writeDurably(path(`inputs-${generation}.log`), new Uint8Array(0))
      await rename(path(`world-${generation}.tmp`), path(`world-${generation}.bin`))
      for (const name of await readdir(directory)) {
        const number = numberOf(name)
        if (number !== null && number < generation) await rm(path(name), { force: true })
      }
    },
    append: async (inputs) => {
      const lines = inputs.map((input) => `${toHex(canonicalEncode(input as unknown as Plain))}\n`)
      const file = await open(path(`inputs-${generation}.log`), 'a')
      try {
        await appendFile(file, lines.join(''))
        await file.datasync()
      } finally {
        await file.close()
      }
    },
    mark: (timeMs) => writeFile(path(TIME), String(timeMs)),
    release: () => rm(path(LOCK), { force: true }),
  }
}

async function load(directory: string): Promise<StoredWorld | null> {
  const generation = (await generations(directory)).at(-1)
  if (generation === undefined) return null
  const log = await textOf(join(directory, `inputs-${generation}.log`))
  // A line that was cut off by a crash was never confirmed.
  const lines = log.split('\n').slice(0, -1)
  const inputs = lines.map((line) => canonicalDecode(fromHex(line)) as unknown as RecordedInput)
  const timeMs = Number(await textOf(join(directory, TIME)))
  return {
    file: new Uint8Array(await readFile(join(directory, `world-${generation}.bin`))),
    inputs,
    timeMs: Number.isSafeInteger(timeMs) ? timeMs : 0,
  }
}

/** Of complete saves, ascending. */
async function generations(directory: string): Promise<number[]> {
  const names = await readdir(directory)
  return names
    .filter((name) => name.endsWith('.bin'))
    .map(numberOf)
    .filter((number) => number !== null)
    .sort((a, b) => a - b)
}

function numberOf(name: string): number | null {
  const digits = /^(?:world|inputs)-(\d+)\.(?:bin|log|tmp)$/.exec(name)?.[1]
  return digits === undefined ? null : Number(digits)
}

async function takeLock(path: string): Promise<void> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' })
    return
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  }
  const owner = Number(await textOf(path))
  if (owner !== process.pid && isRunning(owner)) {
    throw new DirectoryInUseError(`Process ${owner} keeps its world in this directory.`, {
      metaMessages: ['Stop it first, or choose another directory.'],
    })
  }
  await writeFile(path, String(process.pid))
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return ''
    throw error
  }
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'))
}
