import {
  createTestClient,
  custom,
  encodeAbiParameters,
  type Hex,
  keccak256,
  numberToHex,
  publicActions,
  walletActions,
} from 'viem'
import { afterAll, describe, expect, test } from 'vitest'
import { TEST_ACCOUNTS } from '../../workers/chain/rpc/accounts.ts'
import type { ChainName, World } from '../../workers/protocol/world.ts'
import { createNodeWorld } from './world.ts'

const worlds: World[] = []
afterAll(() => Promise.all(worlds.map((world) => world.close())))

const options = { seed: 7, preset: 'classroom', scenario: 'quiet' } as const
async function open(): Promise<World> {
  const world = createNodeWorld({ host: 'inline' })
  worlds.push(world)
  await world.open(options)
  return world
}

const CHAIN_IDS = { l1: 7_331_001, l2: 7_331_002 } as const

function clientOf(world: World, name: ChainName, mode: 'anvil' | 'hardhat' = 'anvil') {
  const chain = {
    id: CHAIN_IDS[name],
    name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  }
  const transport = custom({ request: (request) => world.rpc(name, request as never) as never })
  return createTestClient({ mode, chain, transport, pollingInterval: 5, cacheTime: 0 })
    .extend(publicActions)
    .extend(walletActions)
}

const ALICE = '0x00000000000000000000000000000000000A11cE'
const VAULT = '0x00000000000000000000000000000000000c0de5'
/** SSTORE(0, CALLER); SSTORE(1, CALLVALUE). */
const RECORDER = '0x3360005534600155'
const word = (value: bigint): Hex => numberToHex(value, { size: 32 })

/** Refused calls change nothing, so one world takes them all. */
let errorWorld: Promise<World> | undefined

describe.each(['l1', 'l2'] as const)('cheats on %s', (name) => {
  test('viem’s test client changes accounts, and sees it at once', async () => {
    const client = clientOf(await open(), name)
    await client.setBalance({ address: ALICE, value: 10n ** 20n })
    expect(await client.getBalance({ address: ALICE })).toBe(10n ** 20n)
    await client.request({ method: 'anvil_addBalance', params: [ALICE, '0x5'] } as never)
    expect(await client.getBalance({ address: ALICE })).toBe(10n ** 20n + 5n)
    await client.setNonce({ address: ALICE, nonce: 9 })
    expect(await client.getTransactionCount({ address: ALICE })).toBe(9)
    await client.setCode({ address: VAULT, bytecode: RECORDER })
    expect(await client.getCode({ address: VAULT })).toBe(RECORDER)
    await client.setStorageAt({ address: VAULT, index: 3, value: word(77n) })
    expect(await client.getStorageAt({ address: VAULT, slot: '0x3' })).toBe(word(77n))
  })

  test('sends in the name of an account without a key', async () => {
    const client = clientOf(await open(), name, 'hardhat')
    await client.setBalance({ address: ALICE, value: 10n ** 18n })
    await client.setCode({ address: VAULT, bytecode: RECORDER })
    const send = () =>
      client.sendTransaction({ account: ALICE, to: VAULT, value: 5n, chain: client.chain })
    await expect(send()).rejects.toThrow('unknown account')
    await client.impersonateAccount({ address: ALICE })
    const receipt = await client.waitForTransactionReceipt({ hash: await send() })
    expect(receipt).toMatchObject({ status: 'success', from: ALICE.toLowerCase() })
    expect(await client.getStorageAt({ address: VAULT, slot: '0x0' })).toBe(word(BigInt(ALICE)))
    expect(await client.getStorageAt({ address: VAULT, slot: '0x1' })).toBe(word(5n))
    expect(await client.getTransactionCount({ address: ALICE })).toBe(1)
    await client.stopImpersonatingAccount({ address: ALICE })
    await expect(send()).rejects.toThrow('unknown account')
    await client.request({ method: 'anvil_autoImpersonateAccount', params: [true] } as never)
    const hash = await client.sendTransaction({ account: VAULT, to: ALICE, chain: client.chain })
    expect((await client.waitForTransactionReceipt({ hash })).status).toBe('success')
    const unsigned = await client.sendUnsignedTransaction({ from: VAULT, to: ALICE, value: 1n })
    expect((await client.getTransaction({ hash: unsigned })).value).toBe(1n)
  })

  test('says what it is, and takes a snapshot back with accounts, clock and impersonation', async () => {
    const client = clientOf(await open(), name)
    await client.setBalance({ address: ALICE, value: 1n })
    const info = (await client.request({ method: 'anvil_nodeInfo' } as never)) as {
      environment: { chainId: number }
    }
    expect(info).toMatchObject({ hardFork: 'Osaka', environment: { chainId: CHAIN_IDS[name] } })
    const before = await client.getBlock()
    const id = await client.snapshot()
    expect(await client.request({ method: 'anvil_metadata' } as never)).toMatchObject({
      latestBlockHash: before.hash,
      snapshots: { [id]: null },
    })
    await client.impersonateAccount({ address: ALICE })
    await client.setBalance({ address: ALICE, value: 2n })
    await client.mine({ blocks: 3 })
    expect((await client.getBlock()).number).toBeGreaterThanOrEqual(before.number + 4n)
    await client.revert({ id })
    expect((await client.getBlock()).hash).toBe(before.hash)
    expect(await client.getBalance({ address: ALICE })).toBe(1n)
    await expect(
      client.sendTransaction({ account: ALICE, to: VAULT, chain: client.chain }),
    ).rejects.toThrow('unknown account')
    await client.reset()
    expect((await client.getBlock()).number).toBe(0n)
  })

  test('holds transactions back without automine, and drops them', async () => {
    const client = clientOf(await open(), name)
    const [from] = await client.getAddresses()
    if (from === undefined) throw new Error('There are test accounts.')
    await client.setAutomine(false)
    expect(await client.getAutomine()).toBe(false)
    const send = () =>
      client.request({
        method: 'eth_sendTransaction',
        params: [{ from, to: ALICE, value: '0x1', gas: '0x5208' }],
      } as never) as Promise<Hex>
    const hash = await send()
    expect(await client.getTransaction({ hash })).toMatchObject({ blockHash: null })
    await client.dropTransaction({ hash })
    await client.mine({ blocks: 3 })
    expect(await client.getBalance({ address: ALICE })).toBe(0n)
    await client.setAutomine(true)
    await client.waitForTransactionReceipt({ hash: await send() })
    expect(await client.getBalance({ address: ALICE })).toBe(1n)
  })

  test('deals a token by finding its balance slot', async () => {
    const client = clientOf(await open(), name)
    // balanceOf(a): SLOAD(keccak256(a ‖ 4))
    const token = '0x6004356000526004602052604060002054600052602060 00f3'.replace(' ', '') as Hex
    await client.setCode({ address: VAULT, bytecode: token })
    const deal = (address: Hex) =>
      client.request({ method: 'anvil_dealERC20', params: [ALICE, address, '0x64'] } as never)
    await deal(VAULT)
    const slot = keccak256(
      encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [ALICE, 4n]),
    )
    expect(await client.getStorageAt({ address: VAULT, slot })).toBe(word(100n))
    await expect(deal(ALICE)).rejects.toThrow('anvil_setStorageAt')
  })

  test.each([
    ['anvil_setBalance', ['nobody', '0x1'], -32602, 'address'],
    ['anvil_setBalance', [ALICE, 'much'], -32602, 'balance'],
    ['anvil_setCode', [ALICE, `0x${'00'.repeat(49_153)}`], -32003, '49152'],
    ['anvil_setNonce', [ALICE, '0xffffffffffffffff'], -32003, 'nonce'],
    ['anvil_setStorageAt', [ALICE, '0x0'], -32602, 'value'],
    ['anvil_autoImpersonateAccount', ['yes'], -32602, 'enabled'],
    ['anvil_setAutomine', [1], -32602, 'true or false'],
    ['anvil_setMinGasPrice', ['0x1'], -32004, 'EIP-1559'],
    ['anvil_setBlockTimestampInterval', [0], -32602, 'from 1 to'],
    ['anvil_rollback', [1], -32004, 'evm_snapshot'],
    ['anvil_reset', [{ forking: { jsonRpcUrl: 'http://127.0.0.1:1' } }], -32004, 'forks'],
  ])('answers %s %j with its code', async (method, params, code, text) => {
    errorWorld ??= open()
    const call = (await errorWorld).rpc(name, { method, params })
    await expect(call).rejects.toMatchObject({ name: 'RpcError', code })
    await expect(call).rejects.toThrow(text)
  })
})

describe('what only one chain can', () => {
  test('L1 takes coinbase, base fee, gas limit and prevrandao of its next block, and reorgs', async () => {
    const client = clientOf(await open(), 'l1')
    await client.mine({ blocks: 2 })
    await client.setCoinbase({ address: ALICE })
    await client.setNextBlockBaseFeePerGas({ baseFeePerGas: 123_456n })
    await client.setBlockGasLimit({ gasLimit: 31_000_000n })
    await client.request({ method: 'hardhat_setPrevRandao', params: [word(9n)] } as never)
    await client.mine({ blocks: 1 })
    const block = await client.getBlock()
    expect(block).toMatchObject({
      miner: ALICE.toLowerCase(),
      baseFeePerGas: 123_456n,
      gasLimit: 31_000_000n,
      mixHash: word(9n),
    })
    await client.setBalance({ address: ALICE, value: 7n })
    const kept = await client.getBlock()
    await client.request({ method: 'anvil_reorg', params: [2, []] } as never)
    const after = await client.getBlock()
    expect(after.number).toBe(kept.number)
    expect(after.hash).not.toBe(kept.hash)
    expect(await client.getBalance({ address: ALICE })).toBe(7n)
  })

  test.each([
    ['anvil_setCoinbase', [ALICE]],
    ['anvil_setNextBlockBaseFeePerGas', ['0x1']],
    ['hardhat_setPrevRandao', [word(1n)]],
    ['evm_setBlockGasLimit', ['0x1c9c380']],
    ['anvil_reorg', [1, []]],
  ])('L2 says why %s cannot be', async (method, params) => {
    errorWorld ??= open()
    await expect((await errorWorld).rpc('l2', { method, params })).rejects.toMatchObject({
      code: -32_004,
    })
  })

  test('a share replays cheats of both chains', async () => {
    const world = await open()
    await clientOf(world, 'l1').setBalance({ address: ALICE, value: 1n })
    await clientOf(world, 'l2').setBalance({ address: ALICE, value: 2n })
    await world.advance(20_000)
    const share = await world.share()
    const replayed = await open()
    expect((await replayed.load(share.text)).eventHash).toBe(share.eventHash)
    expect(await clientOf(replayed, 'l2').getBalance({ address: ALICE })).toBe(2n)
  })
})

describe('the clock', () => {
  test('passes a week by leaps: slots stay empty, both chains go on, and a share replays it', async () => {
    const world = await open()
    const client = clientOf(world, 'l2')
    await world.advance(20_000)
    const [l1, l2] = [await clientOf(world, 'l1').getBlock(), await client.getBlock()]
    await client.increaseTime({ seconds: 604_800 })
    const after = await clientOf(world, 'l1').getBlock()
    const mined = await client.getBlock()
    expect(after.timestamp - l1.timestamp).toBeGreaterThanOrEqual(604_795n)
    expect(after.number - l1.number).toBeLessThan(100n)
    expect(mined.timestamp - l2.timestamp).toBeGreaterThanOrEqual(604_795n)
    await client.setBalance({ address: ALICE, value: 3n })
    expect(await client.getBalance({ address: ALICE })).toBe(3n)
    const share = await world.share()
    const replayed = await open()
    expect((await replayed.load(share.text)).eventHash).toBe(share.eventHash)
  })

  test.each(['l1', 'l2'] as const)(
    'gives the next block of %s the time that is asked for',
    async (name) => {
      const client = clientOf(await open(), name)
      await client.mine({ blocks: 1 })
      for (const seconds of [3n, 1_000n, 86_401n]) {
        const timestamp = (await client.getBlock()).timestamp + seconds
        await client.setNextBlockTimestamp({ timestamp })
        await client.mine({ blocks: 1 })
        expect((await client.getBlock()).timestamp).toBe(timestamp)
      }
      const { timestamp } = await client.getBlock()
      await expect(client.setNextBlockTimestamp({ timestamp })).rejects.toThrow('forward alone')
    },
  )

  test.each(['l1', 'l2'] as const)(
    'keeps an interval between blocks of %s, mined or sent, until it is removed',
    async (name) => {
      const client = clientOf(await open(), name)
      await client.mine({ blocks: 1 })
      // Slots between are lived through, where somebody has something to do in them.
      const secondsOf = async (act: () => Promise<unknown>) => {
        const before = await client.getBlock()
        await act()
        return Number((await client.getBlock()).timestamp - before.timestamp)
      }
      const account = TEST_ACCOUNTS[0]?.address as Hex
      await client.setBlockTimestampInterval({ interval: 1_000 })
      expect(await secondsOf(() => client.mine({ blocks: 3 }))).toBe(3_000)
      const send = () => client.sendTransaction({ account, chain: null, to: ALICE, value: 1n })
      expect(await secondsOf(send)).toBeGreaterThanOrEqual(1_000)
      // One block may have a time of its own.
      const { timestamp } = await client.getBlock()
      await client.setNextBlockTimestamp({ timestamp: timestamp + 86_400n })
      await client.mine({ blocks: 1 })
      expect((await client.getBlock()).timestamp).toBe(timestamp + 86_400n)
      await client.removeBlockTimestampInterval()
      expect(await secondsOf(() => client.mine({ blocks: 1 }))).toBeLessThan(100)
    },
  )

  test('keeps an interval between mined blocks', async () => {
    const client = clientOf(await open(), 'l1')
    await client.mine({ blocks: 1 })
    const before = await client.getBlock()
    await client.mine({ blocks: 3, interval: 600 })
    const after = await client.getBlock()
    expect(after.timestamp - before.timestamp).toBeGreaterThanOrEqual(1_200n)
  })
})
