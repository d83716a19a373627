import { expect, type Page, test } from '@playwright/test'
import { servePage } from './served.ts'

const address = servePage()

/** Opens the page and waits for the first L2 block; errors of the page fail the test that collects them. */
async function open(page: Page, route = ''): Promise<readonly string[]> {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${address()}${route}`)
  await page.waitForFunction(() => window.trex !== undefined)
  await expect(page.locator('time').first()).toBeVisible()
  return errors
}

const time = (page: Page) => page.locator('header time').textContent()

async function standsStill(page: Page): Promise<boolean> {
  const before = await time(page)
  await page.waitForTimeout(700)
  return (await time(page)) === before
}

test('is alive by itself: blocks appear and nothing complains', async ({ page }) => {
  const errors = await open(page)
  await expect(page.locator('[data-offset="3"]').first()).toBeVisible()
  await expect(page.getByRole('button', { name: /^L1 block/ }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: /^Sequencer \d, running/ })).toHaveCount(7)
  await expect(page.getByRole('button', { name: /^Data node \d+, running/ })).toHaveCount(16)
  expect(errors).toEqual([])
})

test('Space freezes time, a full stop steps on, Space plays again', async ({ page }) => {
  await open(page)
  // The clock is drawn a moment before the world plays; Space waits for that, but Play shows meanwhile.
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible()
  await page.keyboard.press('Space')
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  expect(await standsStill(page)).toBe(true)
  const events = async () => (await page.evaluate(() => window.trex?.world.status()))?.events ?? 0
  const before = await events()
  await page.keyboard.press('.')
  await expect.poll(events).toBeGreaterThan(before)
  await page.keyboard.press('Space')
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible()
  expect(await standsStill(page)).toBe(false)
})

test('a node crashes and restarts from its menu', async ({ page }) => {
  await open(page)
  const node = page.locator('[data-node="sequencer-2"]')
  await node.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Crash it' }).click()
  await expect(node).toHaveAttribute('data-condition', 'crashed')
  await node.click()
  await page.getByRole('button', { name: 'Restart it' }).click()
  await expect(node).toHaveAttribute('data-condition', 'running')
})

test('test accounts act with real transactions', async ({ page }) => {
  await open(page)
  await page.getByRole('button', { name: /Deploy an ERC-20/ }).click()
  await expect(page.getByText(/^Token 0x[0-9a-f]{40} lives on L2/)).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: /Send 50 token transfers/ }).click()
  await expect(page.getByText(/^50 transfers are in/)).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: /Deposit 5 ETH/ }).click()
  await expect(page.getByText(/^5 ETH are locked on L1/)).toBeVisible({ timeout: 60_000 })
  await page.getByRole('link', { name: 'Deposits' }).click()
  await expect(page.getByRole('cell', { name: '5 ETH', exact: true })).toBeVisible()
})

test('every entity has an address that can be opened directly', async ({ page }) => {
  await open(page, '#/accounts/0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266')
  await expect(page.getByRole('heading', { name: 'On L2' })).toBeVisible()
  await expect(page.getByText(/ETH$/).first()).toBeVisible()
  await page.evaluate(() => {
    location.hash = '#/blocks/1'
  })
  await expect(page.getByText(/^L2 block 1/)).toBeVisible()
  await expect(page.getByText('State root', { exact: true }).first()).toBeVisible()
  await page.evaluate(() => {
    location.hash = '#/nowhere'
  })
  await expect(page.getByText('Nothing here')).toBeVisible()
})

test('announces one wallet by EIP-6963; each chain answers by EIP-1193', async ({ page }) => {
  await open(page)
  const names = await page.evaluate(() => {
    const found: string[] = []
    window.addEventListener('eip6963:announceProvider', (event) => {
      found.push((event as CustomEvent<{ info: { name: string } }>).detail.info.name)
    })
    window.dispatchEvent(new Event('eip6963:requestProvider'))
    return found
  })
  expect(names).toEqual(['trex devnet'])
  const answers = await page.evaluate(async () => {
    const unknown = await window.trex?.l2
      .request({ method: 'eth_nonsense' })
      .catch((error) => error.code)
    return [await window.trex?.l1.request({ method: 'eth_chainId' }), unknown]
  })
  expect(answers).toEqual(['0x6fdcb9', -32_601])
})

test('a lie is announced and its story is told', async ({ page }) => {
  await open(page)
  await page.getByRole('button', { name: 'Inject a fraud' }).click()
  await page.getByRole('menuitem', { name: /write a wrong balance/ }).click()
  await expect(page.getByRole('region', { name: 'The lie and its fate' })).toContainText(
    'Executor 0 lies',
  )
  await expect(page.locator('[data-node="executor-0"]')).toHaveAttribute(
    'data-condition',
    'dishonest',
  )
})

test('fits a phone without sideways scrolling', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
  await page.getByRole('tab', { name: 'Events' }).click()
  await expect(page.getByRole('tabpanel', { name: 'Events' })).toBeInViewport()
})

test('remembers the theme', async ({ page }) => {
  await open(page)
  await page.getByRole('button', { name: 'Switch to the dark theme' }).click()
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})
