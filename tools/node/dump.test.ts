/** States go both ways between a world and a real anvil. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { createTestClient, custom, type Hex, publicActions, toHex, walletActions } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../contracts/test/anvilNode.ts'
import type { ChainName, World } from '../../workers/protocol/world.ts'
import { createNodeWorld } from './world.ts'

const ALICE = '0x00000000000000000000000000000000000A11cE'
const VAULT = '0x00000000000000000000000000000000000c0de5'
/** SSTORE(0, CALLER); SSTORE(1, CALLVALUE). */
const RECORDER = '0x3360005534600155'

let anvil: Anvil
let world: World
beforeAll(async () => {
  anvil = await startAnvil(7_331_002)
  world = createNodeWorld({ host: 'inline' })
  await world.open({ seed: 7, preset: 'classroom', scenario: 'quiet' })
})
afterAll(async () => {
  anvil.stop()
  await world.close()
})

function clientOf(chain: ChainName) {
  const transport = custom({ request: (request) => world.rpc(chain, request as never) as never })
  return createTestClient({ mode: 'anvil', transport, pollingInterval: 5, cacheTime: 0 })
    .extend(publicActions)
    .extend(walletActions)
}

type Client = ReturnType<typeof clientOf>

/** What is there afterwards. */
async function seen(
  client: Pick<Client, 'getBalance' | 'getCode' | 'getStorageAt' | 'getTransactionCount'>,
) {
  const slot = (index: Hex) => client.getStorageAt({ address: VAULT, slot: index })
  return {
    balances: [
      await client.getBalance({ address: ALICE }),
      await client.getBalance({ address: VAULT }),
    ],
    nonce: await client.getTransactionCount({ address: ALICE }),
    code: await client.getCode({ address: VAULT }),
    slots: [await slot('0x0'), await slot('0x1'), await slot('0x3')],
  }
}

async function furnish(client: Client | Anvil['client'], from: Hex) {
  await client.setBalance({ address: ALICE, value: 10n ** 20n })
  await client.setNonce({ address: ALICE, nonce: 9 })
  await client.setCode({ address: VAULT, bytecode: RECORDER })
  await client.setStorageAt({ address: VAULT, index: 3, value: toHex(77n, { size: 32 }) })
  const hash = (await client.request({
    method: 'eth_sendTransaction',
    params: [{ from, to: VAULT, value: '0x5' }],
  } as never)) as Hex
  await client.waitForTransactionReceipt({ hash })
}

describe.each(['l1', 'l2'] as const)('a dump of %s', (name) => {
  test('is what anvil loads', async () => {
    const client = clientOf(name)
    const [from = '0x'] = await client.getAddresses()
    await furnish(client, from)
    const dump = await client.dumpState()
    const fresh = await startAnvil(7_331_002)
    try {
      await fresh.client.loadState({ state: dump })
      expect(await seen(fresh.client)).toEqual(await seen(client))
      expect(await fresh.client.getBalance({ address: from })).toBe(
        await client.getBalance({ address: from }),
      )
    } finally {
      fresh.stop()
    }
  })

  test('comes from anvil as well, and the world goes on', async () => {
    const [from = '0x'] = await anvil.client.getAddresses()
    await furnish(anvil.client, from)
    const dump = await anvil.client.dumpState()
    const client = clientOf(name)
    await client.setBalance({ address: ALICE, value: 0n })
    const before = await client.getBlockNumber()
    await client.loadState({ state: dump })
    expect(await seen(client)).toEqual(await seen(anvil.client))
    // Both chains still make blocks, and what was loaded is used by transactions.
    const hash = (await client.request({
      method: 'eth_sendTransaction',
      params: [{ from, to: VAULT, value: '0x6' }],
    } as never)) as Hex
    const receipt = await client.waitForTransactionReceipt({ hash })
    expect(receipt.status).toBe('success')
    expect(receipt.blockNumber).toBeGreaterThan(before)
    expect(await client.getStorageAt({ address: VAULT, slot: '0x1' })).toBe(toHex(6n, { size: 32 }))
  })

  test('leaves the rollup its own accounts', async () => {
    const client = clientOf(name)
    const own = {
      l1: ((await world.rpc('l1', { method: 'rollup_contracts' })) as { inbox: Hex }).inbox,
      l2: '0x4200000000000000000000000000000000000016' as Hex,
    }[name]
    const code = await client.getCode({ address: own })
    const account = { nonce: 1, balance: '0x1', code: '0x00', storage: {} }
    const json = JSON.stringify({
      accounts: { [own]: account, [ALICE]: { ...account, code: '0x' } },
    })
    await client.loadState({ state: toHex(json) })
    expect(await client.getCode({ address: own })).toBe(code)
    expect(await client.getBalance({ address: ALICE })).toBe(1n)
  })
})

const pack = (value: unknown): Hex => toHex(gzipSync(JSON.stringify(value)))
const account = { nonce: 0, balance: '0x0', code: '0x', storage: {} }

test.each([
  ['no text', 7, 'state'],
  ['no JSON', '0x7b', 'as anvil dumps it'],
  ['half of its gzip', pack({ accounts: {} }).slice(0, 40), 'state'],
  ['no accounts', pack({}), 'state.accounts'],
  ['a wrong address', pack({ accounts: { '0x12': account } }), 'state.accounts.0x12'],
  ['a wrong balance', pack({ accounts: { [ALICE]: { ...account, balance: 'much' } } }), '.balance'],
  [
    'a wrong slot',
    pack({ accounts: { [ALICE]: { ...account, storage: { x: '0x1' } } } }),
    '.storage.x',
  ],
  ['too much when unpacked', toHex(gzipSync(Buffer.alloc(65 * 2 ** 20))), '67108864 bytes'],
])('a dump with %s is refused, and nothing of it is loaded', async (_, state, text) => {
  const call = world.rpc('l2', { method: 'anvil_loadState', params: [state] })
  await expect(call).rejects.toMatchObject({ code: -32602 })
  await expect(call).rejects.toThrow(text)
})

test('a dump is packed, and says so when asked for history that it has not', async () => {
  const dump = (await world.rpc('l2', { method: 'anvil_dumpState' })) as Hex
  const state = JSON.parse(gunzipSync(Buffer.from(dump.slice(2), 'hex')).toString())
  expect(Object.keys(state.accounts).length).toBeGreaterThan(20)
  const history = world.rpc('l2', { method: 'anvil_dumpState', params: [true] })
  await expect(history).rejects.toThrow('preserve_historical_states')
})
