/** Lesson 1 as a student takes it: predict, cheat, watch, step through, check the answer; then the same lie with nobody watching. */
import { expect, type Page, test } from '@playwright/test'
import { servePage } from './served.ts'

const address = servePage()
const errors: string[] = []
let page: Page
/** Virtual ms at which the executor was told to lie. */
let cheatedMs = 0

test.describe.configure({ mode: 'serial' })

// One world, one lesson: its frames follow each other.
test.beforeAll(async ({ browser }) => {
  page = await browser.newPage()
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${address()}#/lesson/1`)
  await page.waitForFunction(() => window.trex !== undefined)
})

test.afterAll(() => page.close())

const goOn = () => page.getByRole('button', { name: 'Continue' })
const title = (name: string) => page.getByRole('heading', { name, exact: true })
const decisive = () => page.getByRole('region', { name: 'The one step' })

async function hurry(): Promise<void> {
  await page.evaluate(() => {
    const { world } = window.trex as unknown as { world: { setSpeed(speed: 'max'): void } }
    world.setSpeed('max')
  })
}

/** `hh:mm:ss` of virtual time. */
function clockMs(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = (/\d+:\d+:\d+/.exec(text)?.[0] ?? '')
    .split(':')
    .map(Number)
  return 1_000 * (3_600 * hours + 60 * minutes + seconds)
}

test('a prediction is asked for before anything happens', async () => {
  await page.getByRole('button', { name: 'Start' }).click()
  await expect(title('Predict')).toBeFocused()
  await expect(goOn()).toBeDisabled()
  await page.getByRole('radio', { name: /L1 runs the whole batch again/ }).press('Space')
  await expect(page.getByText('✓ Right.')).toBeHidden()
  await goOn().press('Enter')
  await expect(title('Cheat')).toBeFocused()
})

test('the executor is made to lie, and the dispute comes by itself', async () => {
  await page.getByRole('button', { name: 'Make the executor write a wrong balance' }).click()
  await expect(page.getByText(/claims that somebody received 1,000 tokens more/)).toBeVisible()
  cheatedMs = (await page.evaluate(() => window.trex?.world.status()))?.timeMs ?? 0
  await goOn().click()
  await expect(title('Watch')).toBeFocused()
  await hurry()
  await expect(page.getByRole('region', { name: 'The game, move by move' })).toBeVisible({
    timeout: 180_000,
  })
  await expect(page.getByRole('region', { name: 'Whose bond went where' })).toBeVisible({
    timeout: 300_000,
  })
})

test('from the lie to the slash are at most 90 seconds, told in at most twelve moves', async () => {
  const game = page.getByRole('region', { name: 'The game, move by move' })
  const judged = (await game.getByText(/ · L1 transaction/).textContent()) ?? ''
  expect(clockMs(judged) - cheatedMs).toBeLessThanOrEqual(90_000)
  const moves = page.getByRole('region', { name: 'Moves' }).locator('[aria-pressed]')
  await goOn().click()
  await expect(title('Step through')).toBeFocused()
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Home', 'ArrowRight']) {
    await page.keyboard.press(key)
    expect(await moves.count()).toBeLessThanOrEqual(12)
  }
  await expect(game.getByText('Move 1', { exact: true })).toBeVisible()
  await page.keyboard.press('End')
  await expect(game.getByText('The verdict', { exact: true })).toBeVisible()
})

test('the one step is told in plain words, with the states around it and what proves them', async () => {
  await expect(decisive().getByRole('heading', { name: 'SSTORE' })).toBeVisible()
  await expect(decisive()).toContainText('Writes a word to the contract’s storage')
  await expect(decisive().getByRole('link', { name: /^transaction 0x/ })).toBeVisible()
  const rows = decisive().getByRole('rowheader')
  for (const name of [/value/, /slot/, /gas/i]) {
    await expect(rows.filter({ hasText: name }).first()).toBeVisible()
  }
  await expect(decisive().locator('tr[data-differs="true"]').first()).toContainText('▲')
  await expect(
    page.getByRole('region', { name: 'The witness' }).getByRole('listitem'),
  ).not.toHaveCount(0)
})

test('the answer is checked, and so is the prediction', async () => {
  await page.getByRole('radio', { name: /^SSTORE/ }).press('Space')
  await expect(page.getByText('✓ Right. The value on the stack was right.')).toBeVisible()
  await goOn().click()
  await expect(title('Check your answer')).toBeFocused()
  await expect(page.getByText('✗ No. That would cost L1 as much')).toBeVisible()
  await expect(page.getByText('✓ Right. The two halve their disagreement')).toBeVisible()
  await expect(page.getByText(/^Executor 0 staked/)).toBeVisible()
})

test('the same lie unwatched becomes final', async () => {
  await goOn().click()
  await expect(title('The same, unwatched')).toBeFocused()
  await expect(goOn()).toBeDisabled()
  await page.getByRole('button', { name: 'Stop the challenger, and cheat again' }).click()
  await expect(page.getByText(/Nobody is there to/)).toBeVisible({ timeout: 180_000 })
  await hurry()
  await expect(page.getByText('▲ The theft is final.')).toBeVisible({ timeout: 180_000 })
  await goOn().click()
  await expect(title('What you have seen')).toBeFocused()
  await expect(page.getByRole('link', { name: 'Go on in the sandbox' })).toBeVisible()
  expect(errors).toEqual([])
})
