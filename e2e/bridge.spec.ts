/** JSON-RPC from outside of the browser, as `npm start` bridges it: of several tabs one answers, and never none while one could. */
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { createBridge } from '../tools/bridge.ts'
import type { Door } from '../tools/rpc/ports.ts'
import type { WorldStatus } from '../workers/protocol/world.ts'
import { servePage } from './served.ts'

let door: Door
const address = servePage((server) => {
  door = createBridge(server, () => address())
})

/** Options of the world that answers clients; null while none does. */
async function answering(): Promise<WorldStatus['options'] | null> {
  try {
    const status = await door.rpc('l2', { method: 'rollup_status' })
    return (status as unknown as WorldStatus).options
  } catch {
    return null
  }
}

async function openPage(context: BrowserContext, path = ''): Promise<Page> {
  const page = await context.newPage()
  await page.goto(address() + path)
  return page
}

const statusOf = (page: Page): Promise<WorldStatus | undefined> =>
  page.evaluate(() => window.trex?.world.status().catch(() => undefined))

test('the newest tab with a world of its own answers, and the one before it once that is closed', async ({
  context,
}) => {
  const first = await openPage(context, '#/?preset=classroom&seed=5&scenario=quiet')
  await expect.poll(answering).toMatchObject({ seed: 5 })
  const second = await openPage(context)
  await expect(
    second.getByRole('heading', { name: 'Your world runs in another tab' }),
  ).toBeVisible()
  // A tab without a world takes nobody's calls.
  expect(await answering()).toMatchObject({ seed: 5 })
  await second.getByRole('button', { name: 'Open a separate world' }).click()
  await expect.poll(answering).toMatchObject({ preset: 'demo' })
  await second.close()
  await expect.poll(answering).toMatchObject({ seed: 5 })

  const third = await openPage(context)
  await third.getByRole('button', { name: 'Run it here instead' }).click()
  await expect.poll(async () => (await statusOf(first))?.phase).toBe('paused')
  await expect.poll(async () => (await statusOf(third))?.phase).toBe('playing')
  await expect
    .poll(async () => door.rpc('l2', { method: 'rollup_status' }))
    .toMatchObject({ phase: 'playing', options: { seed: 5 } })
})
