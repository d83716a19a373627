/** A world of the page that begins with a real Ethereum node's state, asked by the page itself. */
import { expect, type Page, test } from '@playwright/test'
import { type Anvil, startAnvil } from '../tools/anvil/process.ts'
import { servePage } from './served.ts'

const ALICE = `0x${'a11ce'.padStart(40, '0')}`
const BOB = `0x${'b0b'.padStart(40, '0')}`

const address = servePage()
let anvil: Anvil
test.beforeAll(async () => {
  anvil = await startAnvil(['--chain-id', '4242', '--hardfork', 'osaka'])
  await anvil.call('anvil_setBalance', [ALICE, '0x4d'])
  await anvil.call('anvil_mine', ['0x4'])
  // Anvil's cheats change the state of its newest block, which is not the one that is forked.
  await anvil.call('anvil_setBalance', [ALICE, '0x7'])
  await anvil.call('anvil_mine', ['0x1'])
})
test.afterAll(() => anvil.close())

const balanceOf = (page: Page, account: string): Promise<unknown> =>
  page.evaluate(
    (name) =>
      window.trex?.l2
        .request({ method: 'eth_getBalance', params: [name, 'latest'] })
        .catch((error: Error) => error.message),
    account,
  )

async function fillFork(page: Page, url: string, block: string): Promise<void> {
  await page.getByRole('button', { name: 'open another world' }).click()
  await page.getByText('Begin with another chain’s state').click()
  await page.getByLabel('JSON-RPC URL').fill(url)
  await page.getByLabel('Block', { exact: true }).fill(block)
}

const status = (page: Page) =>
  page.evaluate(async () => (await window.trex?.world.status().catch(() => null)) ?? null)

test('a world is forked in the page, comes back with its source, and by a link without it', async ({
  page,
  context,
}) => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${address()}#/?preset=classroom&seed=5&scenario=quiet`)
  await expect.poll(async () => (await status(page))?.phase).toBe('playing')

  // A source that is not there is told in the form, and the world goes on.
  const before = await status(page)
  await fillFork(page, 'http://127.0.0.1:9', '')
  await page.getByRole('button', { name: 'Open this world' }).click()
  await expect(page.getByRole('alert')).toContainText('127.0.0.1:9 cannot be reached')
  await page.getByLabel('JSON-RPC URL').fill(anvil.url)
  await page.getByLabel('Block', { exact: true }).fill('99')
  await page.getByRole('button', { name: 'Open this world' }).click()
  await expect(page.getByRole('alert')).toContainText('has no block 99; its newest is 5')
  expect((await status(page))?.options).toEqual(before?.options)

  await page.getByLabel('Block', { exact: true }).fill('3')
  await page.getByRole('button', { name: 'Open this world' }).click()
  const host = anvil.url.slice('http://'.length)
  const label = page.getByRole('button', { name: `forked from ${host} at block 3` })
  await expect(label).toBeVisible()
  expect(await balanceOf(page, ALICE)).toBe('0x4d')
  await expect(label).toContainText('1 account')
  const { text } = await page.evaluate(
    async () => (await window.trex?.world.share()) ?? { text: '' },
  )

  await page.goto('about:blank')
  await page.goto(address())
  await expect(page.getByText('Your world goes on from')).toBeVisible()
  await expect(label).toBeVisible()
  await expect(label).not.toContainText('source not connected')
  expect(await balanceOf(page, ALICE)).toBe('0x4d')
  expect(await balanceOf(page, BOB)).toBe('0x0')
  await page.close()

  // Whoever opens the link asks nobody.
  const other = await (await context.browser())?.newContext()
  const opened = await other?.newPage()
  if (opened === undefined) throw new Error('No second browser context.')
  const asked: string[] = []
  opened.on('request', (request) => asked.push(request.url()))
  await opened.goto(`${address()}#/?share=${encodeURIComponent(text)}`)
  const again = opened.getByRole('button', { name: `forked from ${host} at block 3` })
  await expect(again).toContainText('source not connected')
  expect(await balanceOf(opened, ALICE)).toBe('0x4d')
  expect(await balanceOf(opened, BOB)).toContain('not connected')
  expect(asked.filter((url) => url.startsWith(anvil.url))).toEqual([])
  await again.click()
  await opened.getByLabel('JSON-RPC URL').fill(anvil.url)
  await opened.getByRole('button', { name: 'Connect the source' }).click()
  await expect(opened.getByText('The source is not connected')).toBeHidden()
  expect(await balanceOf(opened, BOB)).toBe('0x0')
  await other?.close()
  expect(errors).toEqual([])
})
