/** Hardhat's own node as a peer, from the workspace in tools/clients/hardhat, which has the Node that Hardhat wants. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MeasurementError } from './figure.ts'

const MODULES = fileURLToPath(new URL('../tools/clients/hardhat/node_modules', import.meta.url))
/** Hardhat starts in a project alone: this one has no plugins. */
const PROJECT = fileURLToPath(new URL('../.cache/hardhat-node', import.meta.url))
const READY = /server at http:\/\/[\d.]+:(\d+)/
const START_MS = 60_000

export interface HardhatNode {
  readonly port: number
  readonly close: () => void
}

/** Rejects with what the process said if it does not come up. */
export async function startHardhat(): Promise<HardhatNode> {
  const cli = join(MODULES, 'hardhat/dist/src/cli.js')
  if (!existsSync(cli)) throw new MeasurementError('npm installed no Hardhat.')
  writeProject()
  const flags = ['node', '--hostname', '127.0.0.1', '--port', '0']
  const child = spawn(join(MODULES, 'node/bin/node'), [cli, ...flags], {
    cwd: PROJECT,
    env: { ...process.env, NO_COLOR: '1', HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const close = () => void child.kill('SIGKILL')
  process.once('exit', close)
  child.once('exit', () => process.off('exit', close))
  try {
    return { port: await portOf(child), close }
  } catch (error) {
    close()
    throw error
  }
}

function writeProject(): void {
  rmSync(PROJECT, { recursive: true, force: true })
  mkdirSync(PROJECT, { recursive: true })
  writeFileSync(join(PROJECT, 'package.json'), '{ "private": true, "type": "module" }\n')
  writeFileSync(join(PROJECT, 'hardhat.config.js'), 'export default {}\n')
  symlinkSync(MODULES, join(PROJECT, 'node_modules'))
}

/** Output is read to the end of the process: it logs every request, and a full pipe would hold it up. */
function portOf(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = ''
    let isReady = false
    const fail = (why: string) => reject(new MeasurementError(`Hardhat ${why}: ${text}`))
    const timer = setTimeout(() => fail('did not start in time'), START_MS)
    const hear = (chunk: Buffer): void => {
      if (isReady) return
      text += chunk.toString()
      const port = READY.exec(text)?.[1]
      if (port === undefined) return
      isReady = true
      clearTimeout(timer)
      resolve(Number(port))
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('error', ({ message }) => fail(message))
    child.once('exit', () => {
      clearTimeout(timer)
      fail('ended')
    })
  })
}
