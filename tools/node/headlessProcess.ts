/** `npm run headless` as a process of its own, on ports that the system chooses: for benches, and for attacks. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ChainName } from '../../workers/protocol/world.ts'

export interface HeadlessProcess {
  readonly ports: Readonly<Record<ChainName, number>>
  /** Memory of the process in MB; 0 where the system does not tell. */
  rssMb(): number
  /** Why it is no longer there; null while it is. */
  ended(): string | null
  close(): Promise<void>
}

const TOOL = fileURLToPath(new URL('../headless.ts', import.meta.url))
const BUILT = fileURLToPath(new URL('../../lib/headless.js', import.meta.url))
const READY = /L1 http:\/\/127\.0\.0\.1:(\d+) L2 http:\/\/127\.0\.0\.1:(\d+)/
const END_MS = 10_000

/** From the TypeScript sources, or as the built package has it. Rejects with what the process said if it does not come up. */
export async function startHeadless(
  flags: readonly string[],
  from: 'sources' | 'package' = 'sources',
): Promise<HeadlessProcess> {
  const tool = from === 'package' ? [BUILT] : ['--import', 'tsx', TOOL]
  const command = [...tool, '--l1-port', '0', '--l2-port', '0', ...flags]
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] })
  let [end, errors]: [string | null, string] = [null, '']
  child.stderr.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-2_000)
  })
  const exited = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      end = `The process ended with ${signal ?? code}: ${errors}`
      resolve()
    }),
  )
  const [, l1, l2] = await readiness(child, exited, () => end ?? errors)
  return {
    ports: { l1: Number(l1), l2: Number(l2) },
    rssMb: () => (end === null ? residentMb(child.pid) : 0),
    ended: () => end,
    close: async () => {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS)
      await exited
      clearTimeout(timer)
    },
  }
}

function readiness(
  child: ChildProcess,
  exited: Promise<void>,
  why: () => string,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const found = READY.exec(text)
      if (found !== null) resolve(found)
    })
    void exited.then(() => reject(new Error(why())))
  })
}

function residentMb(pid: number | undefined): number {
  try {
    const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Math.round(Number(kb ?? 0) / 1024)
  } catch {
    return 0
  }
}
