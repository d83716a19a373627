/** A lie told in the classroom, watched on the page to its end, and compared with what L1's contract logged. */
import { expect, type Locator, type Page, test } from '@playwright/test'
import { type Hex, type Log, parseEventLogs } from 'viem'
import { abi as gameAbi } from '../contracts/generated/DisputeGame.ts'
import { servePage } from './served.ts'

const address = servePage()
const errors: string[] = []
let page: Page

test.describe.configure({ mode: 'serial' })

// One world for all checks: a dispute takes its time.
test.beforeAll(async ({ browser }) => {
  page = await browser.newPage()
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${address()}#/?preset=classroom&seed=7`)
  await page.waitForFunction(() => window.trex !== undefined)
  await expect(page.locator('header time').first()).toBeVisible()
})

test.afterAll(() => page.close())

const beat = (title: string) => page.getByText(title, { exact: true }).first()
const decisive = () => page.getByRole('region', { name: 'The one step' })

/** The cells of a row of the table of states: before, after as L1 executes it, after as claimed. */
async function row(name: string | RegExp): Promise<readonly string[]> {
  const cells = decisive()
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name }) })
    .getByRole('cell')
  return Promise.all((await cells.all()).map(wholeText))
}

/** Hashes are shortened on screen; their buttons hold the whole. */
async function wholeText(cell: Locator): Promise<string> {
  const [button] = await cell.getByRole('button').all()
  const label = await button?.getAttribute('aria-label')
  return label?.replace('Copy ', '') ?? ((await cell.textContent()) ?? '').replace('▲ ', '')
}

const toNumber = (text: string): bigint => BigInt(text.replaceAll(',', ''))

test('a fraud that is injected by a click ends in a dispute at one SSTORE', async () => {
  await page.getByRole('button', { name: 'Inject a fraud' }).click()
  await page.getByRole('menuitem', { name: /write a wrong balance/ }).click()
  await page.evaluate(() => {
    const { world } = window.trex as unknown as { world: { setSpeed(speed: 'max'): void } }
    world.setSpeed('max')
  })
  await page
    .getByRole('link', { name: /^False root of batch \d+ disputed/ })
    .click({ timeout: 180_000 })
  await expect(page.getByRole('region', { name: 'The game, move by move' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Whose bond went where' })).toBeVisible({
    timeout: 300_000,
  })
  await expect(decisive().getByRole('heading', { name: 'SSTORE' })).toBeVisible()
})

test('the game is stepped backwards and forwards by keys, with settled levels folded', async () => {
  const moves = page.getByRole('region', { name: 'Moves' }).locator('[aria-pressed]')
  await page.locator('main').focus()
  await expect(beat('The verdict')).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(beat('The one step')).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(beat('Move 46')).toBeVisible()
  await expect(decisive()).toBeHidden()
  expect(await moves.count()).toBeLessThanOrEqual(12)
  await page.keyboard.press('Home')
  await expect(beat('The root claim')).toBeVisible()
  await expect(
    page.getByText(/^Executor 0 stakes 0\.08 ETH on the state after batch/),
  ).toBeVisible()
  expect(await moves.count()).toBeLessThanOrEqual(12)
  await page.keyboard.press('ArrowRight')
  await expect(beat('Move 1')).toBeVisible()
  await expect(page.getByText(/^Challenger 0 disagrees with Executor 0/)).toBeVisible()
  await page.keyboard.press('End')
  await expect(beat('The verdict')).toBeVisible()
})

test('the states around the step are those that L1 logged, and the lie differs from them', async () => {
  const href = await decisive()
    .getByRole('link', { name: /^transaction 0x/ })
    .getAttribute('href')
  const receipt = await page.evaluate(
    (hash) => window.trex?.l1.request({ method: 'eth_getTransactionReceipt', params: [hash] }),
    href?.split('/tx/')[1] ?? '',
  )
  const { logs, status } = receipt as unknown as { logs: Log[]; status: Hex }
  expect(status).toBe('0x1')
  const [stepped] = parseEventLogs({ abi: gameAbi, eventName: 'Stepped', logs })
  const [before, honest, claimed] = await row('hash of it all')
  expect([before, honest]).toEqual([stepped?.args.preState, stepped?.args.postState])
  expect(claimed).toMatch(/^0x[0-9a-f]{64}$/)
  expect(claimed).not.toBe(honest)
})

test('what SSTORE was told to write is what L1 stored, and the claim is 1,000 tokens more', async () => {
  const [told] = await row(/^value$/)
  const [, stored, lie] = await row(/^slot 0x/)
  expect(stored).toBe(told)
  expect(toNumber(lie ?? '') - toNumber(stored ?? '')).toBe(1_000n * 10n ** 18n)
})

test('the liar’s bonds went to the challenger', async () => {
  const payouts = page.getByRole('region', { name: 'Whose bond went where' })
  await expect(payouts).toContainText('24 bonds of Executor 0 went to Challenger 0')
  await expect(payouts).toContainText('23 bonds of Challenger 0 went back to it')
  expect(errors).toEqual([])
})
