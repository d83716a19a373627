/** The same world in the tab and in Node: one event hash; and a share link that replays it. */
import { expect, type Page, test } from '@playwright/test'
import { createNodeWorld } from '../tools/node/world.ts'
import type { World, WorldOptions, WorldStatus } from '../workers/protocol/world.ts'
import { servePage } from './served.ts'

const address = servePage()

const options: WorldOptions = { seed: 7, preset: 'classroom', scenario: 'steady' }
/** Long enough for a batch to be proven, dispersed and posted. */
const SPAN_MS = 14_000

async function openPage(page: Page): Promise<void> {
  await page.goto(address())
  await page.waitForFunction(() => window.trex !== undefined)
  // The page opens a world by itself; this test needs one that nobody else drives.
  await expect
    .poll(() =>
      page.evaluate(async () => (await window.trex?.world.status().catch(() => null))?.phase),
    )
    .toBe('playing')
}

function runInTab(page: Page): Promise<WorldStatus> {
  return page.evaluate(
    async ([given, spanMs]) => {
      const { world } = window.trex as unknown as { world: World }
      await world.open(given)
      await world.advance(spanMs / 2)
      await world.fault({ kind: 'crash', node: 'da-2' })
      return world.advance(spanMs / 2)
    },
    [options, SPAN_MS] as const,
  )
}

async function runInNode(host: 'threads' | 'inline'): Promise<WorldStatus> {
  const world = createNodeWorld({ host })
  await world.open(options)
  await world.advance(SPAN_MS / 2)
  await world.fault({ kind: 'crash', node: 'da-2' })
  const status = await world.advance(SPAN_MS / 2)
  await world.close()
  return status
}

test('Web Workers, worker threads and one thread come to the same event hash', async ({ page }) => {
  await openPage(page)
  const tab = await runInTab(page)
  for (const host of ['threads', 'inline'] as const) {
    const node = await runInNode(host)
    expect(node.eventHash).toBe(tab.eventHash)
    expect(node.events).toBe(tab.events)
  }
})

test('a share replays to the same event hash after a reload', async ({ page }) => {
  await openPage(page)
  const tab = await runInTab(page)
  const share = await page.evaluate(() =>
    (window.trex as unknown as { world: World }).world.share(),
  )
  expect(share.eventHash).toBe(tab.eventHash)
  await page.reload()
  await openPage(page)
  const replayed = await page.evaluate(
    (text) => (window.trex as unknown as { world: World }).world.load(text),
    share.text,
  )
  expect(replayed.eventHash).toBe(share.eventHash)
  expect(replayed.timeMs).toBe(share.timeMs)
})
