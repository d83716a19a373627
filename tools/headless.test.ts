/** `npm run headless -- --data DIR` as a process of its own, stopped and killed for real. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const TOOL = fileURLToPath(new URL('headless.ts', import.meta.url))
const OPENING = ['--seed', '5', '--preset', 'classroom', '--scenario', 'quiet']

let root = ''
let data = ''
const children = new Set<ChildProcess>()
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'trex-headless-'))
  data = join(root, 'world')
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

interface Running {
  readonly child: ChildProcess
  readonly ready: string
  readonly url: string
}

function start(flags: readonly string[], keeping: readonly string[] = ['--data', data]) {
  const ports = ['--l1-port', '0', '--l2-port', '0']
  const child = spawn(process.execPath, ['--import', 'tsx', TOOL, ...ports, ...keeping, ...flags])
  children.add(child)
  return child
}

async function ready(flags: readonly string[], keeping?: readonly string[]): Promise<Running> {
  const child = start(flags, keeping)
  const line = await new Promise<string>((resolve, reject) => {
    let errors = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString()
    })
    child.stdout?.on('data', (chunk: Buffer) => resolve(chunk.toString()))
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${errors}`)))
  })
  const url = /L2 (http:\S+)/.exec(line)?.[1]
  if (url === undefined) throw new Error(`No address in: ${line}`)
  return { child, ready: line, url }
}

function ended({ child }: { readonly child: ChildProcess }): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve))
}

async function rpc({ url }: Running, method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result, error } = (await response.json()) as { result?: unknown; error?: object }
  if (error !== undefined) throw Object.assign(new Error(method), error)
  return result
}

/** Returns the hash once the receipt was given. */
async function sendTransfer(running: Running): Promise<string> {
  const [from] = (await rpc(running, 'eth_accounts', [])) as string[]
  const transfer = { from, to: `0x${'22'.repeat(20)}`, value: '0x5', gas: '0x5208' }
  const hash = (await rpc(running, 'eth_sendTransaction', [transfer])) as string
  await expect.poll(() => receipt(running, hash), { timeout: 60_000 }).not.toBeNull()
  return hash
}

const receipt = (running: Running, hash: string) =>
  rpc(running, 'eth_getTransactionReceipt', [hash])

test('a killed process loses nothing that it confirmed; a stopped one leaves a whole state', async () => {
  const first = await ready(OPENING)
  expect(first.ready).toContain(`seed 5, preset classroom, kept in ${data}`)
  const confirmed = await sendTransfer(first)
  const before = await receipt(first, confirmed)
  const killed = ended(first)
  first.child.kill('SIGKILL')
  await killed

  const second = await ready([])
  expect(second.ready).toContain(`seed 5, preset classroom, resumed from ${data} at`)
  expect(await receipt(second, confirmed)).toEqual(before)
  const later = await sendTransfer(second)

  // Two processes never share a directory.
  const intruder = start([])
  let refusal = ''
  intruder.stderr?.on('data', (chunk: Buffer) => {
    refusal += chunk.toString()
  })
  expect(await ended({ child: intruder })).toBe(2)
  expect(refusal).toContain(`Process ${second.child.pid} keeps its world in this directory.`)

  const stopped = ended(second)
  second.child.kill('SIGTERM')
  expect(await stopped).toBe(0)
  expect(existsSync(join(data, 'owner.pid'))).toBe(false)

  for (const flags of [
    ['--seed', '6'],
    ['--code-size-limit', '65536'],
  ]) {
    expect(await ended({ child: start(flags) })).toBe(2)
  }

  const third = await ready(['--seed', '5', '--code-size-limit', '24576'])
  expect(await receipt(third, confirmed)).toEqual(before)
  expect(await receipt(third, later)).not.toBeNull()
  const interrupted = ended(third)
  third.child.kill('SIGINT')
  expect(await interrupted).toBe(0)
}, 240_000)

test('a world goes on in another process from the file into which it was exported', async () => {
  const file = join(root, 'exported.world')
  const first = await ready(OPENING, ['--export', file])
  const confirmed = await sendTransfer(first)
  const before = await receipt(first, confirmed)
  const stopped = ended(first)
  first.child.kill('SIGTERM')
  expect(await stopped).toBe(0)

  const second = await ready([], ['--import', file])
  expect(second.ready).toContain(`seed 5, preset classroom, imported from ${file} at`)
  expect(await receipt(second, confirmed)).toEqual(before)
  await sendTransfer(second)
  const done = ended(second)
  second.child.kill('SIGTERM')
  expect(await done).toBe(0)

  const refused = async (flags: readonly string[]) => {
    const child = start(flags, [])
    let words = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      words += chunk.toString()
    })
    expect(await ended({ child })).toBe(2)
    return words
  }
  const bytes = readFileSync(file)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  writeFileSync(`${file}.damaged`, bytes)
  expect(await refused(['--import', `${file}.damaged`])).toContain('its checksum is wrong')
  expect(await refused(['--import', join(root, 'nowhere')])).toContain('--import: ENOENT')
  expect(await refused(['--import', file, '--seed', '6'])).toContain('leave --seed out')
  expect(await refused(['--code-size-limit', '30000'])).toContain('24576 or 65536, is "30000"')
}, 240_000)
