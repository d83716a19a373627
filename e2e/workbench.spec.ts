/** A contract is written, compiled, deployed and called in the page; its transaction is looked at; a method is sent by hand. */
import { expect, type Page, test } from '@playwright/test'
import { METHODS } from '../app/features/workbench/console/methods.ts'
import { servePage } from './served.ts'

const address = servePage()
const errors: string[] = []
/** What the page fetched, by the end of its name. */
const fetched: string[] = []
let page: Page

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({ serviceWorkers: 'block' })
  context.on('request', (request) => fetched.push(request.url()))
  page = await context.newPage()
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${address()}#/contracts`)
  await page.waitForFunction(() => window.trex !== undefined)
  await expect(page.getByRole('heading', { name: 'Contracts', exact: true })).toBeVisible()
})

test.afterAll(() => page.close())

const source = () => page.getByLabel('Solidity source')
const compile = () => page.getByRole('button', { name: 'Compile', exact: true }).click()
const go = (route: string) =>
  page.evaluate((hash) => {
    location.hash = hash
  }, route)

test('the compiler loads when it is used, and points at the line of an error', async () => {
  const isLoaded = () => fetched.some((url) => url.includes('soljson'))
  expect(isLoaded()).toBe(false)
  await page.getByLabel('Start from an example').selectOption('Counter')
  await source().fill('pragma solidity ^0.8.24;\ncontract Broken {\n  uint256 count = "two";\n}\n')
  await compile()
  await expect(page.getByText(/^Line 3 TypeError/)).toBeVisible({ timeout: 60_000 })
  await expect(page.locator('.cm-lint-marker-error')).toBeVisible()
  expect(isLoaded()).toBe(true)
  await page.getByLabel('Start from an example').selectOption('Counter')
})

test('a contract is compiled, deployed and called', async () => {
  await compile()
  await page.getByLabel(/^start/).fill('40')
  await page.getByRole('button', { name: 'Deploy Counter' }).click()
  await expect(page.getByText('Counter is deployed.')).toBeVisible()
  await page
    .getByLabel(/^amount/)
    .fill('300000000000000000000000000000000000000000000000000000000000000000000000000000')
  await page.getByRole('button', { name: 'add', exact: true }).click()
  await expect(page.getByText('amount goes from 0 to 2^256 − 1.')).toBeVisible()
  await page.getByLabel(/^amount/).fill('2')
  await page.getByRole('button', { name: 'add', exact: true }).click()
  await expect(page.getByText('Done.')).toBeVisible()
  await page.getByRole('button', { name: 'count', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Your contracts' }).getByText('42')).toBeVisible()
})

test('its own error explains a revert', async () => {
  await page
    .getByRole('region', { name: 'Your contracts' })
    .getByLabel('Account that sends')
    .selectOption({ index: 1 })
  await page.getByRole('button', { name: 'reset', exact: true }).click()
  await expect(page.getByText(/^Reverts: NotOwner\(0x7099…79C8\)/)).toBeVisible()
})

test('its transaction tells input, events, calls, opcodes and state', async () => {
  await page.getByText('Done.').getByRole('link', { name: 'Open the transaction' }).click()
  await expect(page.getByText('add(uint256 amount)')).toBeVisible()
  const tab = (name: string) => page.getByRole('tab', { name }).click()
  await tab('Logs')
  await expect(page.getByText('Counted', { exact: true })).toBeVisible()
  await tab('Calls')
  await expect(page.getByLabel('Call tree').getByText('add(2)')).toBeVisible()
  await tab('Opcodes')
  const opcodes = page.getByRole('listbox', { name: 'Opcodes' })
  await expect(opcodes.getByRole('option').first()).toContainText('PUSH1')
  await opcodes.press('End')
  await expect(page.getByRole('region', { name: 'Chosen opcode' })).toContainText('RETURN')
  await tab('State')
  const slot = page.getByRole('row').filter({ hasText: 'slot 0x0' })
  await expect(slot.getByRole('cell').nth(2)).toHaveText('0x28')
  await expect(slot.getByRole('cell').nth(3)).toHaveText('0x2a')
  await expect(page.getByText('from this page')).toBeVisible()
})

test('the console asks a node, shows an error with its code, and suggests only what there is', async () => {
  await go('/console')
  await page.getByLabel('Method').fill('eth_chainId')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  const answers = page.getByRole('region', { name: 'Answers' }).getByRole('listitem')
  await expect(answers.first()).toContainText(/"0x[0-9a-f]+"/)
  await page.getByLabel('Method').fill('eth_getBalance')
  await page.getByLabel('Parameters, a JSON array').fill('["0x12", "latest"]')
  await page.getByLabel('Parameters, a JSON array').press('Control+Enter')
  await expect(answers.first()).toContainText('-32602')
  const unknown = await page.evaluate(
    async (methods) => {
      const missing: string[] = []
      for (const method of methods) {
        for (const chain of ['l1', 'l2'] as const) {
          // One parameter that no method takes: it exists if it complains about that.
          const code = await window.trex?.[chain]
            .request({ method, params: [{ nonsense: true }] })
            .then(
              () => 0,
              (error: { code?: number }) => error.code,
            )
          if (code === -32_601) missing.push(`${chain} ${method}`)
        }
      }
      return missing
    },
    Object.keys(METHODS).filter((method) => !method.startsWith('rollup_')),
  )
  expect(unknown).toEqual([])
})

test('a transaction whose turn has not come is in the mempool', async () => {
  await go('/mempool')
  await page.evaluate(async () => {
    const accounts = await window.trex?.l2.request({ method: 'eth_accounts' })
    const [, , , from, to] = (accounts ?? []) as string[]
    const call = { from: from ?? '', to: to ?? '', value: '0x1', nonce: '0x5' }
    await window.trex?.l2.request({ method: 'eth_sendTransaction', params: [call] })
  })
  const row = page.getByRole('table', { name: 'Pool of L2' }).getByRole('row').nth(1)
  await expect(row).toContainText('an earlier nonce')
  expect(errors).toEqual([])
})
