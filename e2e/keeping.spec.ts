/** What the page keeps: a killed tab's world comes back with what it confirmed, and of two tabs one owns it. */
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import type { WorldStatus } from '../workers/protocol/world.ts'
import { servePage } from './served.ts'

const address = servePage()

const statusOf = (page: Page): Promise<WorldStatus | null> =>
  page.evaluate(async () => (await window.trex?.world.status().catch(() => null)) ?? null)

async function openPage(context: BrowserContext, path = ''): Promise<Page> {
  const page = await context.newPage()
  await page.goto(address() + path)
  await page.waitForFunction(() => window.trex !== undefined)
  return page
}

async function untilPlaying(page: Page): Promise<void> {
  await expect.poll(async () => (await statusOf(page))?.phase).toBe('playing')
}

function request(page: Page, method: string, params: readonly unknown[]): Promise<unknown> {
  return page.evaluate(
    ([name, values]) => window.trex?.l2.request({ method: name, params: values as never }),
    [method, params] as const,
  )
}

async function sendTransfer(page: Page): Promise<string> {
  const [from] = (await request(page, 'eth_accounts', [])) as string[]
  const transfer = { from, to: `0x${'11'.repeat(20)}`, value: '0x5', gas: '0x5208' }
  return (await request(page, 'eth_sendTransaction', [transfer])) as string
}

test('a world survives its killed tab, and moves between tabs', async ({ context }) => {
  const first = await openPage(context, '#/?preset=classroom&seed=5&scenario=quiet')
  await untilPlaying(first)
  const hash = await sendTransfer(first)
  const receipt = () => request(first, 'eth_getTransactionReceipt', [hash])
  await expect.poll(receipt).not.toBeNull()
  const before = (await statusOf(first)) as WorldStatus
  // The renderer dies: nothing in the page gets a chance to say goodbye.
  const died = new Promise((resolve) => first.once('crash', resolve))
  await first.goto('chrome://crash').catch(() => undefined)
  await died
  await first.close()

  const second = await openPage(context)
  await untilPlaying(second)
  await expect(second.getByText('Your world goes on from')).toBeVisible()
  expect(await request(second, 'eth_getTransactionReceipt', [hash])).not.toBeNull()
  const back = (await statusOf(second)) as WorldStatus
  expect(back.options).toMatchObject({ seed: 5, preset: 'classroom', scenario: 'quiet' })
  expect(back.timeMs).toBeGreaterThanOrEqual(before.timeMs - 2_000)

  const third = await openPage(context)
  await expect(third.getByRole('heading', { name: 'Your world runs in another tab' })).toBeVisible()
  await third.getByRole('button', { name: 'Run it here instead' }).click()
  await untilPlaying(third)
  expect(await request(third, 'eth_getTransactionReceipt', [hash])).not.toBeNull()
  await expect(second.getByText('This world moved to another tab')).toBeVisible()
  expect((await statusOf(second))?.phase).toBe('paused')
})
