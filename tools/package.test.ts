/** The package as a stranger gets it: packed, installed without a network into an empty project, and used as the README says. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
/** What the project brings along; linked rather than fetched. */
const OWN = ['vitest', 'typescript', 'viem', '@types/node']

let project: string

function run(command: string, args: readonly string[], cwd = project): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'trex-devnet-'))
  const packed = run('npm', ['pack', '--json', '--pack-destination', project], REPOSITORY)
  const { filename } = JSON.parse(packed.slice(packed.indexOf('[\n')))[0] as { filename: string }
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }\n')
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${filename}`])
  mkdirSync(join(project, 'node_modules/@types'), { recursive: true })
  for (const name of OWN) {
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(project, 'node_modules', name))
  }
  writeFileSync(join(project, 'readme.test.ts'), exampleOf('README.md'))
}, 300_000)

afterAll(() => rmSync(project, { recursive: true, force: true }))

/** The first TypeScript example of a page, verbatim. */
function exampleOf(page: string): string {
  const example = /^```ts\n([\s\S]*?)^```/m.exec(readFileSync(join(REPOSITORY, page), 'utf8'))?.[1]
  if (example === undefined) throw new Error(`${page} has no example.`)
  return example
}

function vitest(file: string): { numPassedTests: number; numFailedTests: number } {
  const runner = join(REPOSITORY, 'node_modules/vitest/vitest.mjs')
  return JSON.parse(
    run(process.execPath, [runner, 'run', '--root', project, '--reporter=json', file]),
  ) as never
}

test('the example of the README has under ten lines and passes', () => {
  expect(exampleOf('README.md').trim().split('\n').filter(Boolean).length).toBeLessThan(10)
  expect(vitest('readme.test.ts')).toMatchObject({ numPassedTests: 1, numFailedTests: 0 })
}, 600_000)

test('its types are whole', () => {
  const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023']
  const checked = [
    ...options,
    '--skipLibCheck',
    'false',
    '--types',
    'node',
    '--lib',
    'es2023,dom,esnext.disposable',
  ]
  const wrong = `import { createDevnet } from 'trex-devnet'
import { trexL1, type trexL1Actions } from 'trex-devnet/viem'
const id: 7331001 = trexL1.id
const deposit: ReturnType<typeof trexL1Actions>['deposit'] | undefined = undefined
const devnet = await createDevnet({ seed: 1 })
const cause: string | undefined = (await devnet.cheat('fraud-fee')).decision?.step.phase
// @ts-expect-error no such fraud
await devnet.cheat('fraud-none')
// @ts-expect-error a seed is a number
await createDevnet({ seed: 'one' })
export { cause, deposit, id }
`
  writeFileSync(join(project, 'types.ts'), wrong)
  const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc')
  expect(run(process.execPath, [tsc, ...checked, 'types.ts'])).toBe('')
}, 120_000)

test('eight devnets at once are ready and apart', () => {
  writeFileSync(
    join(project, 'eight.test.ts'),
    `import { createDevnet } from 'trex-devnet'
import { expect, test } from 'vitest'
test('eight', { timeout: 120_000 }, async () => {
  const devnets = await Promise.all(Array.from({ length: 8 }, () => createDevnet({ serve: true })))
  const [first, ...others] = devnets
  const [from, to] = first.accounts
  await first.l2.request({ method: 'eth_sendTransaction', params: [{ from: from.address, to: to.address, value: '0x1' }] })
  const nonces = await Promise.all(devnets.map(({ l2 }) => l2.request({ method: 'eth_getTransactionCount', params: [from.address, 'latest'] })))
  expect(nonces).toEqual(['0x1', ...others.map(() => '0x0')])
  expect(new Set(devnets.flatMap(({ urls }) => [urls.l1, urls.l2])).size).toBe(16)
  await Promise.all(devnets.map((devnet) => devnet.close()))
})
`,
  )
  expect(vitest('eight.test.ts')).toMatchObject({ numPassedTests: 1, numFailedTests: 0 })
}, 180_000)

test('npx trex-devnet says once where its chains are, and answers there', async () => {
  const bin = join(project, 'node_modules/.bin/trex-devnet')
  const flags = ['--l1-port', '0', '--l2-port', '0', '--preset', 'classroom', '--paused']
  const child = spawn(bin, flags, { cwd: project, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const line = await firstLine(child)
    const [, l1, l2] = /L1 (http:\S+) L2 (http:\S+)/.exec(line) ?? []
    expect(await chainId(l1)).toBe('0x6fdcb9')
    expect(await chainId(l2)).toBe('0x6fdcba')
  } finally {
    child.kill()
  }
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0)
}, 120_000)

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    child.once('exit', (code) => reject(new Error(`It ended with code ${code}.`)))
  })
}

async function chainId(url: string | undefined): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(String(url), { method: 'POST', headers, body })
  return ((await response.json()) as { result: unknown }).result
}
