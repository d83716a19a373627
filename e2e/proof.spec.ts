/** The project's proof in real Chromium: through the page's providers, then again through the bridge of `npm start`. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, type Page, test } from '@playwright/test'
import { createStaticServer } from '../tools/staticServer.ts'
import type { World } from '../workers/protocol/world.ts'
import type { PresetName } from '../workers/rollup/parameters.ts'
import type { Request } from './proof/bridge.ts'
import { runProof } from './proof/proof.ts'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
/** The classroom has the same contracts, roles and proofs with fewer nodes and shorter windows; PROOF_PRESET=demo runs the default. */
const PRESET = (process.env['PROOF_PRESET'] ?? 'classroom') as PresetName
const PORTS = { page: 15_173, l1: 18_545, l2: 19_545 } as const

/** A replay has all of the run to compute again. */
const REPLAY_MS = 600_000

test.describe.configure({ timeout: 1_500_000 })

const say = (line: string): void => {
  process.stdout.write(`  ${line}\n`)
}

/** Lets the page's own world go and runs a fresh one. */
async function playFresh(page: Page, preset: PresetName): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(async () => (await window.trex?.world.status().catch(() => null))?.phase),
    )
    .toBe('playing')
  await page.evaluate(async (given) => {
    const { world } = window.trex as unknown as { world: World }
    await world.open({ seed: 11, preset: given, scenario: 'quiet' })
    await world.play()
  }, preset)
}

/** EIP-1193 of the page, as viem calls it; errors keep their `code` and `data` on the way out of the page. */
function provider(page: Page, chain: 'l1' | 'l2'): Request {
  return async (method, params) => {
    const answer = await page.evaluate(
      async ([door, name, values]) => {
        try {
          const request = { method: name, params: values as never }
          return { result: await window.trex?.[door].request(request) }
        } catch (caught) {
          const { message, code, data } = caught as {
            message: string
            code?: number
            data?: unknown
          }
          return { error: { message, code, data } }
        }
      },
      [chain, method, params] as const,
    )
    if (answer.error)
      throw Object.assign(new Error(`${method}: ${answer.error.message}`), answer.error)
    return answer.result
  }
}

function http(port: number): Request {
  return async (method, params) => {
    const response = await fetch(`http://127.0.0.1:${port}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = (await response.json()) as {
      result?: unknown
      error?: { message: string; code: number }
    }
    if (error) throw Object.assign(new Error(`${method}: ${error.message}`), error)
    return result
  }
}

test("the whole job through the page's providers", async ({ page }) => {
  const server = createStaticServer(`${REPOSITORY}dist`)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await playFresh(page, PRESET)
  const result = await runProof({ l1: provider(page, 'l1'), l2: provider(page, 'l2'), say })
  expect(result).toMatchObject({
    transactions: 1_050,
    decidedBy: { phase: 'EXEC', opcode: 'SSTORE' },
  })
  await replays(page)
  server.close()
})

/** Takes the run out of the page as a person would, reloads the page, and replays the run to the same event hash. */
async function replays(page: Page): Promise<void> {
  const ran = await page.evaluate(() => (window.trex as unknown as { world: World }).world.pause())
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Share, save or open' }).click()
  await page.getByRole('menuitem', { name: 'Copy a link that replays this run' }).click()
  const file = await (await saved).path()
  await page.reload()
  await page.waitForFunction(() => window.trex !== undefined)
  await page.locator('input[type=file]').setInputFiles(file)
  await expect(page.getByText('The run was replayed to its end.')).toBeVisible({
    timeout: REPLAY_MS,
  })
  const again = await page.evaluate(() => window.trex?.world.status())
  expect(again).toMatchObject({ eventHash: ran.eventHash, timeMs: ran.timeMs })
  say(`${again?.events} events replayed to the same event hash`)
}

test('the whole job through the bridge of npm start', async ({ page }) => {
  const start = await startBridge()
  try {
    await page.goto(`http://localhost:${PORTS.page}/`)
    await playFresh(page, PRESET)
    const result = await runProof({ l1: http(PORTS.l1), l2: http(PORTS.l2), say })
    expect(result).toMatchObject({ transactions: 1_050, decidedBy: { opcode: 'SSTORE' } })
  } finally {
    start.kill()
  }
})

async function startBridge(): Promise<ChildProcess> {
  const flags = [
    '--no-build',
    '--port',
    `${PORTS.page}`,
    '--l1-port',
    `${PORTS.l1}`,
    '--l2-port',
    `${PORTS.l2}`,
  ]
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/start.ts', ...flags], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('trex-devnet ready')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`tools/start.ts ended with code ${code}`)))
  })
  return child
}
