/** dApps of other origins at the devnet's door: wagmi, unmodified; consent, refusal, revocation; hostile pages and closed tabs. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { rolldown } from 'rolldown'
import { createStaticServer } from '../tools/staticServer.ts'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
const devnet = createStaticServer(`${REPOSITORY}dist`)
let dapp: Server
const ports = { devnet: 0, dapp: 0 }

/** Its frame and the devnet's tabs are of one site, so that the browser lets them see each other. */
const sameSite = (path: string) => `http://localhost:${ports.dapp}/${path}`
/** To the browser, another site. */
const crossSite = (path: string) => `http://127.0.0.1:${ports.dapp}/${path}`
const devnetUrl = (hash = '') => `http://localhost:${ports.devnet}/${hash}`
const WORLD = '#/?preset=classroom&seed=5&scenario=quiet'

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

test.beforeAll(async () => {
  const bundle = await rolldown({
    input: `${REPOSITORY}e2e/connect/dapp.tsx`,
    platform: 'browser',
    // Libraries mark their client code for servers, which are not here.
    checks: { moduleLevelDirective: false },
    logLevel: 'warn',
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  })
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false })
  await bundle.close()
  const [{ code }] = output
  ports.devnet = await listen(devnet)
  const connect = `<script src="http://localhost:${ports.devnet}/connect.js"></script>`
  dapp = createServer(({ url }, response) => {
    response.setHeader('content-type', url === '/dapp.js' ? 'text/javascript' : 'text/html')
    if (url === '/dapp.js') response.end(code)
    else if (url === '/wagmi') {
      response.end(`${connect}<div id="root"></div><script type="module" src="/dapp.js"></script>`)
    } else response.end(`<title>A page</title>${connect}<button>Connect</button>${PLAIN}`)
  })
  ports.dapp = await listen(dapp)
})

test.afterAll(() => {
  devnet.close()
  dapp.close()
})

/** A page without a framework: the announced wallet, asked for accounts by a click. */
const PLAIN = `<script>
  window.wallets = []
  addEventListener('eip6963:announceProvider', ({ detail }) => wallets.push(detail))
  dispatchEvent(new Event('eip6963:requestProvider'))
  const wallet = wallets[0].provider
  window.heard = []
  window.heardOfL1 = []
  for (const event of ['connect', 'disconnect', 'accountsChanged', 'chainChanged']) {
    wallet.on(event, (payload) => heard.push([event, payload]))
    trex.l1.on(event, (payload) => heardOfL1.push([event, payload]))
  }
  document.querySelector('button').onclick = () => {
    window.asked = wallet.request({ method: 'eth_requestAccounts' }).catch((error) => error.code)
  }
</script>`

async function openWorld(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(devnetUrl(WORLD))
  await expect
    .poll(() =>
      page.evaluate(async () => (await window.trex?.world.status().catch(() => null))?.phase),
    )
    .toBe('playing')
  return page
}

interface Asked {
  request(args: unknown): Promise<unknown>
}

interface Plain {
  readonly asked: Promise<unknown>
  readonly heard: readonly [string, unknown][]
  readonly heardOfL1: readonly unknown[]
  readonly wallets: readonly {
    readonly info: { readonly name: string }
    readonly provider: Asked
  }[]
  readonly trex: { readonly l1: Asked; readonly l2: Asked }
}

/** The result, or the error's code and message; of the wallet, or of one chain's own provider. */
function request(
  page: Page,
  method: string,
  params: readonly unknown[] = [],
  of: 'wallet' | 'l1' | 'l2' = 'wallet',
): Promise<unknown> {
  return page.evaluate(
    ([name, values, asked]) => {
      const { wallets, trex } = window as never as Plain
      const provider = asked === 'wallet' ? wallets[0]?.provider : trex[asked]
      return provider
        ?.request({ method: name, params: values })
        .catch(({ code, message }) => ({ code, message }))
    },
    [method, params, of] as const,
  )
}

const asked = (page: Page) => page.evaluate(() => (window as never as Plain).asked)

async function clickFor(page: Page, name: string): Promise<Page> {
  const opened = page.waitForEvent('popup')
  await page.getByRole('button', { name }).click()
  return opened
}

test('wagmi on another site connects, deploys, writes, reads logs, decodes an error and meets a revert', async ({
  context,
}) => {
  await openWorld(context)
  const page = await context.newPage()
  await page.goto(crossSite('wagmi'))
  const consent = await clickFor(page, 'Connect trex devnet')
  await expect(
    consent.getByRole('heading', { name: 'Connect a page to this devnet?' }),
  ).toBeVisible()
  await expect(consent.getByText(`http://127.0.0.1:${ports.dapp}`, { exact: true })).toBeVisible()
  const closed = consent.waitForEvent('close')
  await consent.getByRole('button', { name: 'Connect' }).click()
  await closed
  const seen = (name: string) => expect(page.getByTestId(name))
  await seen('status').toHaveText('connected')
  await seen('account').toHaveText('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266')
  await seen('chain').toHaveText('7331002')
  await seen('wallet').toHaveText('trex devnet')

  const run = (name: string) => page.getByRole('button', { name, exact: true }).click()
  await run('deploy')
  await seen('deploy').toHaveText(/deployed 0x[0-9a-fA-F]{40}/)
  await run('transfer')
  await seen('transfer').toHaveText('logged 3000000000000000000, balance 3000000000000000000')
  await run('overspend')
  await seen('overspend').toHaveText('reverts with ERC20InsufficientBalance')
  await run('revert')
  await seen('revert').toHaveText(/reverted/)
  await run('batch')
  await seen('batch').toHaveText('success, 2 receipts')

  await run('Switch to L1')
  await seen('chain').toHaveText('7331001')
  await run('Disconnect')
  await seen('status').toHaveText('disconnected')
})

test('a page is refused, let in, found again without a window, and sent away', async ({
  context,
}) => {
  const world = await openWorld(context)
  const page = await context.newPage()
  await page.goto(sameSite('plain'))
  expect(await request(page, 'eth_accounts')).toEqual([])
  expect(await request(page, 'eth_blockNumber')).toMatchObject({ code: 4100 })

  const first = await clickFor(page, 'Connect')
  await first.getByRole('button', { name: 'Refuse' }).click()
  expect(await asked(page)).toBe(4001)
  const second = await clickFor(page, 'Connect')
  await second.close()
  expect(await asked(page)).toBe(4001)

  const third = await clickFor(page, 'Connect')
  await third.getByRole('button', { name: 'Connect' }).click()
  expect(await asked(page)).toHaveLength(10)
  expect(await request(page, 'eth_blockNumber')).toMatch(/^0x/)
  const { heard, heardOfL1, names } = await page.evaluate(() => {
    const { heard, heardOfL1, wallets } = window as never as Plain
    return { heard, heardOfL1, names: wallets.map(({ info }) => info.name) }
  })
  expect(names).toEqual(['trex devnet'])
  expect(heard).toContainEqual(['connect', { chainId: '0x6fdcba' }])
  expect(heardOfL1, 'a provider that nobody asked').toEqual([])
  expect(await request(page, 'evm_mine')).toMatchObject({ code: 4100 })
  expect(await request(page, 'wallet_getPermissions')).toMatchObject([
    { parentCapability: 'eth_accounts' },
  ])
  expect(await request(page, 'wallet_switchEthereumChain', [{ chainId: '0x1' }])).toMatchObject({
    code: 4902,
  })
  expect(await request(page, 'wallet_switchEthereumChain', [{ chainId: '0x6fdcb9' }])).toBeNull()
  expect(await request(page, 'eth_chainId')).toBe('0x6fdcb9')
  // Each chain's own provider stays where it is.
  expect(await request(page, 'net_version', [], 'l2')).toBe('7331002')
  expect(
    await request(page, 'wallet_switchEthereumChain', [{ chainId: '0x6fdcb9' }], 'l2'),
  ).toMatchObject({ code: 4902 })

  await page.reload()
  expect(await request(page, 'eth_accounts')).toHaveLength(10)

  await world.getByRole('link', { name: 'Connections' }).click()
  await expect(world.getByText('open now')).toBeVisible()
  await world.getByRole('button', { name: `Disconnect http://localhost:${ports.dapp}` }).click()
  await expect
    .poll(() => page.evaluate(() => (window as never as Plain).heard.at(-1)))
    .toEqual(['accountsChanged', []])
  expect(await request(page, 'eth_blockNumber')).toMatchObject({ code: 4100 })

  // The list itself is no errand of a page.
  await world.reload()
  await expect(world.getByRole('button', { name: 'Pause', exact: true })).toBeVisible()
  await expect(world.getByText('No page is connected')).toBeVisible()
  await expect(world.getByText('nothing to connect')).toHaveCount(0)
})

test('a flood is answered to its end, nonsense by name, and a closed tab at once', async ({
  context,
}) => {
  const world = await openWorld(context)
  const page = await context.newPage()
  await page.goto(sameSite('plain'))
  const consent = await clickFor(page, 'Connect')
  await consent.getByRole('checkbox').check()
  await consent.getByRole('button', { name: 'Connect' }).click()
  expect(await asked(page)).toHaveLength(10)
  expect(await request(page, 'evm_mine')).toBe('0x0')
  const codes = await page.evaluate(async () => {
    const { l2 } = (window as never as Plain).trex
    const all = Array.from({ length: 2_000 }, () =>
      l2.request({ method: 'eth_blockNumber' }).then(
        () => 0,
        ({ code }) => code as number,
      ),
    )
    return [...new Set(await Promise.all(all))].sort()
  })
  expect(codes).toEqual([-32005, 0])
  for (const [method, params, code] of [
    ['eth_nothing', [], -32601],
    ['wallet_nothing', [], 4200],
    ['wallet_sendCalls', [{}], 5710],
    ['wallet_sendCalls', [{ chainId: '0x6fdcba', calls: [], atomicRequired: true }], 5760],
    ['wallet_sendCalls', [{ chainId: '0x6fdcba', calls: [{ to: '0x1' }] }], -32602],
    ['wallet_getCallsStatus', ['0x00'], 5730],
    ['wallet_watchAsset', [{ type: 'ERC721' }], -32602],
    ['wallet_requestPermissions', [{ everything: {} }], -32602],
  ] as const) {
    expect(await request(page, method, params), method).toMatchObject({ code })
  }
  const pending = request(page, 'eth_getTransactionReceipt', [`0x${'0'.repeat(64)}`])
  await world.close()
  await pending
  await expect
    .poll(() => page.evaluate(() => (window as never as Plain).heard.map(([event]) => event)))
    .toContain('disconnect')
  expect(await request(page, 'eth_blockNumber')).toMatchObject({ code: 4900 })
})

test('where no tab runs a world, the window that asks becomes that tab', async ({ context }) => {
  const page = await context.newPage()
  await page.goto(crossSite('plain'))
  expect(await request(page, 'eth_accounts')).toEqual([])
  const world = await clickFor(page, 'Connect')
  await world.getByRole('dialog').getByRole('button', { name: 'Connect' }).click()
  expect(await asked(page)).toHaveLength(10)
  await expect.poll(() => request(page, 'eth_blockNumber')).toMatch(/^0x/)
})

test('a page without an origin of its own is refused', async ({ context }) => {
  await openWorld(context)
  const page = await context.newPage()
  await page.goto(crossSite('plain'))
  await page.setContent(
    `<iframe sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" src="${crossSite('plain')}"></iframe>`,
  )
  const frame = page.frameLocator('iframe')
  const opened = context.waitForEvent('page')
  await frame.getByRole('button', { name: 'Connect' }).click()
  const consent = await opened
  await expect(consent.getByText('serve it over HTTP')).toBeVisible()
  await expect(consent.getByRole('button', { name: 'Connect' })).toHaveCount(0)
})
