import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { servePage } from './served.ts'

const address = servePage()
const patient = { timeout: 60_000 }

async function open(page: Page, route: string): Promise<readonly string[]> {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${address()}${route}`)
  await expect(page.getByRole('button', { name: 'Take the guided tour' })).toBeVisible(patient)
  return errors
}

async function continues(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Continue' })
  await expect(button).toBeEnabled(patient)
  await button.click()
}

test('the tour leads in, and a campaign goes from actions over a false root to its report', async ({
  page,
}) => {
  const errors = await open(page, '#/personas')
  await page.getByRole('button', { name: 'Take the guided tour' }).click()
  const receipts = page.getByRole('list', { name: 'What happened on chain' })

  await test.step('first steps of the tour, one of them twice', async () => {
    await expect(page.getByRole('region', { name: 'Value Graph' })).toBeVisible(patient)
    await continues(page)
    await expect(page.getByRole('heading', { name: 'Alice links two wallets' })).toBeVisible()
    await expect(receipts.getByRole('listitem')).toHaveCount(2, patient)
    // The owner's own wallet is the first.
    await expect(page.getByRole('button', { name: 'Unlink' })).toHaveCount(3, patient)
    await page.getByRole('button', { name: 'Replay' }).click()
    await expect(receipts).toHaveCount(0)
    await expect(receipts.getByRole('listitem')).toHaveCount(2, patient)
    await continues(page)
    await expect(receipts.getByRole('listitem')).toHaveCount(4, patient)
    await continues(page)
    await expect(page.getByRole('heading', { name: 'A campaign, in your words' })).toBeVisible()
    // The reset: everybody is on chain already.
    await page.getByRole('button', { name: 'Start over' }).click()
    await expect(page.getByRole('heading', { name: 'Who takes part' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Continue' })).toBeEnabled({ timeout: 10_000 })
    await page.getByRole('button', { name: /^Leave the tour/ }).click()
    await page.getByRole('link', { name: 'Campaign', exact: true }).click()
  })

  await test.step('a campaign with a short epoch', async () => {
    await page.getByLabel('Epoch', { exact: true }).fill('20')
    await page.getByRole('button', { name: 'Create and fund it on L2' }).click()
    await expect(page.getByText('Batch being filled')).toBeVisible(patient)
    await expect(page.getByText('Session keys are being opened.')).toHaveCount(0, patient)
  })

  await test.step('an action of each kind', async () => {
    for (const action of ['Do the task and take a coin', 'Go one step north', 'Give one']) {
      const recorded = page.getByText(/^Recorded/)
      const before = await recorded.count()
      await page.getByRole('button', { name: action }).click()
      await expect(recorded).toHaveCount(before + 1, patient)
    }
    await expect(page.getByRole('img', { name: 'Alice stands at 0, 31' })).toBeVisible(patient)
  })

  await test.step('the epoch ends, and a lie about it falls', async () => {
    await page.getByRole('link', { name: 'Rewards' }).click()
    await page.getByRole('button', { name: /^Make the publisher add/ }).click(patient)
    await expect(page.getByRole('heading', { name: /removed by a challenge/ })).toBeVisible(patient)
    await expect(page.getByText(/to Sybils/)).toHaveCount(2)
    await page.getByRole('button', { name: 'Publish the root' }).click()
    await expect(page.getByRole('heading', { name: /^The right root/ })).toBeVisible(patient)
  })

  await test.step('the report', async () => {
    await page.getByRole('link', { name: 'Report' }).click()
    const [report] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'HTML', exact: true }).click(),
    ])
    const html = readFileSync(await report.path(), 'utf8')
    expect(html).toContain('<i>measured</i>')
    expect(html).toContain('<i>simulated</i>')
    expect(html).toMatch(/passport 200: claimed \d+/)
  })
  expect(errors).toEqual([])
})

test('a scenario comes in by a link; a file that is none says what is wrong with it', async ({
  page,
}) => {
  await open(page, '#/personas')
  const file = {
    format: 'trex-persona-scenario',
    version: 1,
    people: { personas: 500, sybilPermille: 300 },
    draft: {
      name: 'Campaign',
      conditions: [
        { name: 'quizzes', dimension: 'knowledge', valuation: 'binary', weight: 1, full: 1 },
      ],
      actionWeights: { microReward: 1, gameMove: 1, social: 2 },
      formula: 'plain',
      budget: '5000000000000000000000',
      epochBudget: '100000000000000000000',
      epochSeconds: 30,
    },
    brand: null,
  }
  const link = Buffer.from(JSON.stringify(file)).toString('base64url')
  await page.goto(`${address()}#/personas?demo=${link}`)
  await expect(page.getByText('The scenario is open: 500 people, 1 condition.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Explore alone with 500 people' })).toBeVisible()
  expect(page.url()).not.toContain('demo=')
  await page.getByLabel('Scenario file').setInputFiles({
    name: 'broken.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ ...file, version: 2 })),
  })
  await expect(page.getByText('version must be 1, is 2.')).toBeVisible()
  await drop(
    page,
    'scenario.json',
    JSON.stringify({ ...file, people: { ...file.people, personas: 1_000 } }),
  )
  await expect(page.getByText('The scenario is open: 1,000 people, 1 condition.')).toBeVisible()
  await drop(page, 'notes.txt', 'Buy milk.')
  await expect(page.getByText(/^notes.txt holds no world, no run, and no scenario/)).toBeVisible()
})

/** Drops a file on the page, as from the desktop. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(
    ([called, content]) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([content], called))
      document.body.dispatchEvent(
        new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }),
      )
    },
    [name, text] as const,
  )
}

test('a crashed engine says so and starts again', async ({ page }) => {
  await open(page, '#/personas?seed=7&preset=classroom')
  const worker = page.waitForEvent('worker', (one) => one.url().includes('persona'))
  await page.getByRole('button', { name: /^Explore alone/ }).click()
  await expect(page.getByText(/passports on L2/)).toBeVisible(patient)
  await (await worker).evaluate(() => {
    setTimeout(() => {
      throw new TypeError('out of memory')
    })
  })
  await expect(page.getByText('The Persona engine has stopped')).toBeVisible(patient)
  await page.getByRole('button', { name: 'Start it again' }).click()
  await expect(page.getByRole('table', { name: /^People/ })).toBeVisible(patient)
  await expect(page.getByText('The Persona engine has stopped')).toHaveCount(0)
})

test('L1 learns of a badge from a final root, refuses it with one bit changed, and L2 resolves its owner', async ({
  page,
}) => {
  const errors = await open(page, '#/personas?seed=7&preset=classroom')
  await page.getByRole('button', { name: /^Explore alone/ }).click()
  await expect(page.getByText('200 passports on L2')).toBeVisible(patient)
  await page.evaluate(() => window.trex?.world.setSpeed(8))
  await page.evaluate(() => {
    location.hash = '#/personas/1'
  })
  const proof = page.getByRole('region', { name: 'Prove on Ethereum' })
  const resolved = page.getByRole('region', { name: 'Resolve by JSON-RPC' })

  await test.step('it waits for a final root and says for how long', async () => {
    await proof.getByLabel('What to prove').selectOption({ label: 'Followers' })
    await proof.getByRole('button', { name: 'Prove it on L1' }).click()
    await expect(proof.getByText(/of virtual time\.$/)).toBeVisible(patient)
    await proof.getByRole('button', { name: 'Fast-forward to finality' }).click()
  })

  await test.step('meanwhile L2 resolves the owner, and nobody for another address', async () => {
    await expect(resolved.getByText(/^did:pkh:eip155:7331002:0x/)).toBeVisible(patient)
    await expect(resolved.getByText('Followers 10,000')).toBeVisible()
    const address = resolved.getByLabel('Address')
    await address.fill(`0x${'00'.repeat(19)}01`)
    await expect(resolved.getByText('belongs to no passport')).toBeVisible(patient)
    await address.fill('0x1')
    await expect(resolved.getByRole('alert')).toContainText('40 hexadecimal digits')
  })

  await test.step('L1 knows the badge, and refuses a changed bit by name', async () => {
    const verdict = proof.getByRole('region', { name: 'Verdict of L1' })
    await expect(verdict).toContainText('value 10,000, issued at', { timeout: 120_000 })
    await expect(verdict.getByText(/ gas$/)).toBeVisible()
    await proof.getByRole('button', { name: 'Change one bit' }).click()
    await expect(proof.getByText('MerklePatricia_WrongHash()')).toBeVisible(patient)
    await proof.getByRole('link', { name: /^Reverted in L1 block/ }).click()
    await expect(page.getByText('PersonaProver').first()).toBeVisible(patient)
    await page.goBack()
    await expect(verdict).toContainText('value 10,000')
  })
  expect(errors).toEqual([])
})
