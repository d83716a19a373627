/** Worlds forked from a real Ethereum node. */
import { createServer } from 'node:net'
import {
  createPublicClient,
  createTestClient,
  createWalletClient,
  custom,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  parseEther,
  publicActions,
  toHex,
  walletActions,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DemoToken } from '../../contracts/generated/DemoToken.ts'
import type { Projection } from '../../workers/protocol/projection.ts'
import type { World } from '../../workers/protocol/world.ts'
import { type Anvil, startAnvil } from '../anvil/process.ts'
import { type Answer, type ForkProxy, flipDigit, startProxy } from './forkProxy.testing.ts'
import { createNodeWorld } from './world.ts'

const HOLDER = privateKeyToAccount(`0x${'42'.repeat(32)}`)
const SPENDER = privateKeyToAccount(`0x${'43'.repeat(32)}`)
const BOB: Hex = '0x0000000000000000000000000000000000000b0b'
const STRANGER: Hex = '0x00000000000000000000000000000000005eed00'
const { abi, bytecode } = DemoToken
const OPTIONS = { seed: 7, preset: 'classroom', scenario: 'quiet' } as const
const TOKENS = 10n ** 24n

let anvil: Anvil
let proxy: ForkProxy
let token: Hex
/** The pinned block; the source moves on after it. */
let block = 0
const worlds: World[] = []

function sourceClient() {
  return createTestClient({
    mode: 'anvil',
    transport: http(anvil.url),
    pollingInterval: 10,
    cacheTime: 0,
  })
    .extend(publicActions)
    .extend(walletActions)
}

beforeAll(async () => {
  anvil = await startAnvil(['--chain-id', '4242', '--hardfork', 'osaka'])
  proxy = await startProxy(anvil.url)
  const client = sourceClient()
  const chain = chainOf(4242)
  await client.setBalance({ address: HOLDER.address, value: parseEther('50') })
  const wallet = createWalletClient({ account: HOLDER, chain, transport: http(anvil.url) })
  const sent = await wallet.deployContract({ abi, bytecode, args: ['Gold', 'AU', TOKENS] })
  const receipt = await client.waitForTransactionReceipt({ hash: sent })
  token = receipt.contractAddress as Hex
  const transfer = { abi, address: token, functionName: 'transfer' } as const
  const paid = await client.waitForTransactionReceipt({
    hash: await wallet.writeContract({ ...transfer, args: [BOB, 5n] }),
  })
  block = Number(paid.blockNumber)
  // What comes after the pinned block must not be seen.
  await client.waitForTransactionReceipt({
    hash: await wallet.writeContract({ ...transfer, args: [BOB, 1_000n] }),
  })
  await client.setBalance({ address: STRANGER, value: 77n })
  await client.mine({ blocks: 3 })
})
beforeEach(() => {
  proxy.asked.length = 0
  proxy.change = null
})
afterAll(async () => {
  await Promise.all(worlds.map((world) => world.close()))
  proxy.close()
  anvil.close()
})

function chainOf(id: number) {
  const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 }
  return { id, name: `chain ${id}`, nativeCurrency, rpcUrls: { default: { http: [] } } }
}

async function fork(height: number | null = block, url = proxy.url): Promise<World> {
  const world = createNodeWorld({ host: 'inline' })
  worlds.push(world)
  await world.open({ ...OPTIONS, fork: height === null ? { url } : { url, block: height } })
  return world
}

function clientOf(world: World, account = HOLDER) {
  const transport = custom({ request: (request) => world.rpc('l2', request as never) as never })
  const chain = chainOf(7_331_002)
  return createWalletClient({ account, chain, transport, pollingInterval: 5, cacheTime: 0 }).extend(
    publicActions,
  )
}

const balanceOf = (owner: Hex) =>
  ({ abi, address: token, functionName: 'balanceOf', args: [owner] }) as const
const slotOf = (owner: Hex, index: bigint) =>
  keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [owner, index]))

async function projectionOf(world: World): Promise<Projection> {
  let seen: Partial<Projection> = {}
  const stop = await world.subscribe((patch) => {
    seen = { ...seen, ...patch }
  })
  stop()
  return seen as Projection
}

const named = (name: string, text: string) =>
  expect.objectContaining({ name, message: expect.stringContaining(text) })
/** Through JSON-RPC errors keep their words and their code. */
const refused = (text: string) =>
  expect.objectContaining({ name: 'RpcError', message: expect.stringContaining(text) })

describe('state', () => {
  test('is that of the pinned block, though the source moves on', async () => {
    const world = await fork()
    const [ours, theirs] = [clientOf(world), sourceClient()]
    const at = { blockNumber: BigInt(block) }
    expect(await ours.getBalance(HOLDER)).toBe(await theirs.getBalance({ ...HOLDER, ...at }))
    expect(await ours.getTransactionCount(HOLDER)).toBe(2)
    expect(await ours.getCode({ address: token })).toBe(await theirs.getCode({ address: token }))
    expect(await ours.readContract(balanceOf(BOB))).toBe(5n)
    expect(await ours.readContract(balanceOf(HOLDER.address))).toBe(TOKENS - 5n)
    expect(await ours.readContract({ abi, address: token, functionName: 'symbol' })).toBe('AU')
    expect(await ours.getBalance({ address: STRANGER })).toBe(0n)
    for (const slot of ['0x0', '0x2', '0x5'] as const) {
      const asked = { address: token, slot }
      const expected = (await theirs.getStorageAt({ ...asked, ...at })) as Hex
      expect(BigInt((await ours.getStorageAt(asked)) as Hex)).toBe(BigInt(expected))
    }
    // The rollup's own accounts stay what they are, though the source has some of them.
    const [own = '0x'] = (await world.rpc('l2', { method: 'eth_accounts' })) as readonly Hex[]
    expect(await ours.getBalance({ address: own })).toBe(parseEther('10000'))
    const { hash } = await theirs.getBlock(at)
    expect((await world.status()).options.fork).toMatchObject({
      chainId: 4242,
      blockNumber: block,
      blockHash: hash,
      proofs: true,
    })
    expect(await world.rpc('l2', { method: 'anvil_metadata' })).toMatchObject({
      forkedNetwork: { chainId: 4242, forkBlockNumber: block, forkBlockHash: hash },
    })
    expect(await world.rpc('l2', { method: 'anvil_nodeInfo' })).toMatchObject({
      forkConfig: { forkUrl: proxy.url, forkBlockNumber: block },
    })
    expect(await world.rpc('l1', { method: 'anvil_metadata' })).toMatchObject({
      forkedNetwork: null,
    })
  })

  test('is fetched once, and is part of the world from then on', async () => {
    const world = await fork()
    const client = clientOf(world)
    const read = async () => [
      await client.getBalance(HOLDER),
      await client.readContract(balanceOf(BOB)),
      await client.readContract(balanceOf(STRANGER)),
    ]
    const before = await read()
    expect(proxy.asked).toContain('eth_getProof')
    proxy.asked.length = 0
    const blocks = await client.getBlockNumber()
    expect(await read()).toEqual(before)
    expect(proxy.asked).toEqual([])
    expect(await client.getBlockNumber()).toBe(blocks)
    const { fork: view } = await projectionOf(world)
    expect(view).toMatchObject({ isConnected: true, accounts: expect.any(Number) })
    // The holder, the token, the zero address that calls come from; two balances.
    expect(view?.accounts).toBeGreaterThanOrEqual(2)
    expect(view?.slots).toBe(2)
    // Back to the first moment: what was fetched is remembered, what was brought is gone.
    await world.rpc('l2', { method: 'anvil_reset' })
    expect((await projectionOf(world)).fork).toMatchObject({ accounts: 0, slots: 0 })
    expect(await read()).toEqual(before)
    expect(proxy.asked).toEqual([])
  })

  test('is used and changed by transactions of whoever has the keys', async () => {
    const client = clientOf(await fork())
    const call = { abi, address: token } as const
    const send = async (hash: Hex) => client.waitForTransactionReceipt({ hash })
    const moved = await send(
      await client.writeContract({ ...call, functionName: 'transfer', args: [BOB, 100n] }),
    )
    expect(moved.status).toBe('success')
    expect(await client.readContract(balanceOf(BOB))).toBe(105n)
    expect(await client.getTransactionCount(HOLDER)).toBe(3)
    await send(await client.sendTransaction({ to: SPENDER.address, value: parseEther('1') }))
    await send(
      await client.writeContract({ ...call, functionName: 'approve', args: [SPENDER.address, 7n] }),
    )
    const spent = await clientOf(worlds.at(-1) as World, SPENDER).writeContract({
      ...call,
      functionName: 'transferFrom',
      args: [HOLDER.address, BOB, 7n],
    })
    expect((await send(spent)).status).toBe('success')
    expect(await client.readContract(balanceOf(BOB))).toBe(112n)
  })

  test('that only the second of two simulated calls needs is there', async () => {
    const client = clientOf(await fork())
    const data = (functionName: 'approve' | 'transferFrom', args: readonly unknown[]) =>
      encodeFunctionData({ abi, functionName, args } as never)
    const approve = data('approve', [SPENDER.address, 9n])
    const take = data('transferFrom', [HOLDER.address, BOB, 9n])
    const calls = [
      { from: HOLDER.address, to: token, data: approve },
      { from: SPENDER.address, to: token, data: take },
      { to: token, data: encodeFunctionData(balanceOf(BOB)) },
    ]
    const [simulated] = (await client.request({
      method: 'eth_simulateV1',
      params: [{ blockStateCalls: [{ calls }] }, 'latest'],
    } as never)) as readonly { readonly calls: readonly { status: Hex; returnData: Hex }[] }[]
    expect(simulated?.calls.map(({ status }) => status)).toEqual(['0x1', '0x1', '0x1'])
    expect(simulated?.calls[2]?.returnData).toBe(toHex(14n, { size: 32 }))
  })

  test('of contracts that are deployed here is asked of nobody', async () => {
    const client = clientOf(await fork())
    const hash = await client.deployContract({ abi, bytecode, args: ['Own', 'OWN', 10n] })
    const { contractAddress } = await client.waitForTransactionReceipt({ hash })
    proxy.asked.length = 0
    const read = { ...balanceOf(HOLDER.address), address: contractAddress as Hex }
    expect(await client.readContract(read)).toBe(10n)
    expect(proxy.asked).toEqual([])
  })

  test('comes by a cheat’s own account as well', async () => {
    const world = await fork()
    await world.rpc('l2', {
      method: 'anvil_setStorageAt',
      params: [token, slotOf(STRANGER, 0n), toHex(3n, { size: 32 })],
    })
    expect(await clientOf(world).getCode({ address: token })).not.toBeUndefined()
  })

  test('at the newest block is that of the newest block', async () => {
    const world = await fork(null)
    expect(await clientOf(world).readContract(balanceOf(BOB))).toBe(1_005n)
    expect(await clientOf(world).getBalance({ address: STRANGER })).toBe(77n)
  })
})

type Lie = (method: string, answer: Answer) => Answer
type Proof = {
  accountProof: string[]
  balance: string
  nonce: string
  storageProof: { value: string; proof: string[] }[]
}

const aboutProofs =
  (change: (proof: Proof) => Partial<Proof>): Lie =>
  (method, answer) => {
    if (method !== 'eth_getProof') return answer
    const proof = answer.result as Proof
    return { ...answer, result: { ...proof, ...change(proof) } }
  }
const last = (hex: string) => flipDigit(hex, hex.length - 1)
const middle = (hex: string) => flipDigit(hex, hex.length >> 1)

describe('a source that lies', () => {
  test.each<[string, Lie, string]>([
    [
      'in a node of an account’s proof',
      aboutProofs(({ accountProof }) => ({ accountProof: accountProof.map(middle) })),
      'the account',
    ],
    ['in a balance', aboutProofs(({ balance }) => ({ balance: last(balance) })), 'the account'],
    ['in a nonce', aboutProofs(({ nonce }) => ({ nonce: last(nonce) })), 'the account'],
    [
      'in a node of a slot’s proof',
      aboutProofs(({ storageProof }) => ({
        storageProof: storageProof.map((item) => ({ ...item, proof: item.proof.map(middle) })),
      })),
      'slot',
    ],
    [
      'in a slot’s value',
      aboutProofs(({ storageProof }) => ({
        storageProof: storageProof.map((item) => ({ ...item, value: last(item.value) })),
      })),
      'slot',
    ],
    ['by leaving slots out', aboutProofs(() => ({ storageProof: [] })), 'slot'],
    [
      'in a bit of code',
      (method, answer) =>
        method === 'eth_getCode' ? { ...answer, result: middle(String(answer.result)) } : answer,
      'the code',
    ],
  ])('%s is refused, and nothing of it is used', async (_, lie, what) => {
    const world = await fork()
    const client = clientOf(world)
    proxy.change = lie
    const call = world.rpc('l2', {
      method: 'eth_call',
      params: [{ to: token, data: encodeFunctionData(balanceOf(BOB)) }],
    })
    await expect(call).rejects.toEqual(refused(`does not prove ${what}`))
    expect((await projectionOf(world)).fork).toMatchObject({ slots: 0 })
    proxy.change = null
    expect(await client.readContract(balanceOf(BOB))).toBe(5n)
  })

  test('about the block is refused before a world is opened', async () => {
    proxy.change = (method, answer) => {
      if (method !== 'eth_getBlockByNumber') return answer
      const header = answer.result as { stateRoot: string }
      return { ...answer, result: { ...header, stateRoot: last(header.stateRoot) } }
    }
    await expect(fork()).rejects.toEqual(named('ForkProofError', 'header'))
  })
})

describe('a source that fails', () => {
  test('is told by its name and what went wrong, and the world that ran goes on', async () => {
    const world = await fork()
    const before = await world.status()
    const open = (url: string, height?: number) =>
      world.open({ ...OPTIONS, fork: height === undefined ? { url } : { url, block: height } })
    const port = await freePort()
    await expect(open(`http://127.0.0.1:${port}`)).rejects.toEqual(
      named('ForkUnreachableError', `127.0.0.1:${port}`),
    )
    await expect(open('ftp://x')).rejects.toEqual(named('InvalidForkError', 'fork.url'))
    await expect(open(proxy.url, -1)).rejects.toEqual(named('InvalidForkError', 'fork.block'))
    await expect(open(proxy.url, 10 ** 9)).rejects.toEqual(
      named('ForkBlockNotFoundError', 'no block 1000000000'),
    )
    proxy.change = () => 502
    await expect(open(proxy.url)).rejects.toEqual(named('ForkAnswerError', 'HTTP status 502'))
    proxy.change = () => '<html>'
    await expect(open(proxy.url)).rejects.toEqual(named('ForkAnswerError', 'no JSON-RPC: <html>'))
    proxy.change = () => '[]'
    await expect(open(proxy.url)).rejects.toEqual(named('ForkAnswerError', 'no JSON-RPC'))
    proxy.change = (method, answer) =>
      method === 'eth_getProof'
        ? { error: { code: -32_000, message: 'missing trie node 12ab (path )' } }
        : answer
    await expect(open(proxy.url)).rejects.toEqual(named('ForkStatePrunedError', 'missing trie'))
    expect((await world.status()).eventHash).toBe(before.eventHash)
  })

  test('by silence is given up after ten seconds', async () => {
    proxy.change = () => 'hang'
    await expect(fork()).rejects.toEqual(named('ForkUnreachableError', proxy.url.slice(7)))
  })

  test('later fails the request alone', async () => {
    const world = await fork()
    const client = clientOf(world)
    proxy.change = () => 429
    const call = world.rpc('l2', { method: 'eth_getBalance', params: [HOLDER.address] })
    await expect(call).rejects.toEqual(refused('HTTP status 429'))
    await expect(call).rejects.toMatchObject({ code: -32_002 })
    const [own = '0x'] = (await world.rpc('l2', { method: 'eth_accounts' })) as readonly Hex[]
    expect(await client.getBalance({ address: own })).toBe(parseEther('10000'))
    proxy.change = null
    expect(await client.getBalance(HOLDER)).toBeGreaterThan(0n)
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('a world that was forked', () => {
  test('comes back from a save and from a share without its source, and takes it again', async () => {
    const world = await fork()
    const client = clientOf(world)
    await client.waitForTransactionReceipt({
      hash: await client.writeContract({
        abi,
        address: token,
        functionName: 'transfer',
        args: [BOB, 1n],
      }),
    })
    expect(await client.readContract(balanceOf(BOB))).toBe(6n)
    const file = await world.save()
    const { text, eventHash } = await world.share()
    expect(Buffer.from(file).includes(proxy.url)).toBe(false)
    proxy.asked.length = 0
    for (const revive of [
      (again: World) => again.restore(file),
      (again: World) => again.load(text),
    ]) {
      const again = createNodeWorld({ host: 'inline' })
      worlds.push(again)
      const status = await revive(again)
      expect(status.eventHash).toBe(eventHash)
      expect(status.options.fork).toMatchObject({ blockNumber: block, chainId: 4242 })
      expect(await clientOf(again).readContract(balanceOf(BOB))).toBe(6n)
      expect((await projectionOf(again)).fork).toMatchObject({ isConnected: false })
      const unknown = again.rpc('l2', { method: 'eth_getBalance', params: [STRANGER] })
      await expect(unknown).rejects.toEqual(refused('not connected'))
      expect(proxy.asked).toEqual([])
    }
    const again = worlds.at(-1) as World
    const other = await startAnvil(['--chain-id', '5'])
    try {
      await expect(again.connectFork(other.url)).rejects.toMatchObject({
        name: expect.stringMatching(/ForkMismatchError|ForkBlockNotFoundError/),
      })
    } finally {
      other.close()
    }
    await again.connectFork(proxy.url)
    expect(await clientOf(again).getBalance({ address: STRANGER })).toBe(0n)
    expect((await projectionOf(again)).fork).toMatchObject({ isConnected: true })
  })

  test('decides a dispute over a slot of the source’s contract', { timeout: 240_000 }, async () => {
    const world = await fork()
    const client = clientOf(world)
    await client.readContract(balanceOf(BOB))
    await world.rpc('l2', { method: 'rollup_injectFraud', params: ['fraud-sstore'] })
    const pay = async () =>
      client.waitForTransactionReceipt({
        hash: await client.writeContract({
          abi,
          address: token,
          functionName: 'transfer',
          args: [BOB, 1n],
        }),
      })
    await pay()
    let decided: Projection['disputes'][number] | undefined
    for (let passed = 0; passed < 600 && decided === undefined; passed += 1) {
      if (passed % 10 === 0) await pay()
      await world.advance(2_000)
      decided = (await projectionOf(world)).disputes.find(({ status }) => status !== 'running')
    }
    expect(decided?.status).toBe('challengerWins')
    const step = decided?.steps.find(({ succeeded }) => succeeded)?.step
    expect(step?.opcode).toBe('SSTORE')
  })
})

describe('a source without proofs', () => {
  const noProofs = (method: string, answer: Answer): Answer =>
    method === 'eth_getProof'
      ? { error: { code: -32_601, message: 'the method eth_getProof does not exist' } }
      : answer

  test('is believed, and disputes are off', async () => {
    proxy.change = noProofs
    const world = await fork()
    expect((await world.status()).options.fork).toMatchObject({ proofs: false })
    expect((await projectionOf(world)).fork).toMatchObject({ proofs: false })
    const client = clientOf(world)
    expect(await client.readContract(balanceOf(BOB))).toBe(5n)
    const hash = await client.writeContract({
      abi,
      address: token,
      functionName: 'transfer',
      args: [BOB, 1n],
    })
    expect((await client.waitForTransactionReceipt({ hash })).status).toBe('success')
    expect(await client.readContract(balanceOf(BOB))).toBe(6n)
    const lie = world.rpc('l2', { method: 'rollup_injectFraud', params: ['fraud-sstore'] })
    await expect(lie).rejects.toEqual(refused('disputes, which are off'))
    const fault = { kind: 'corrupt', node: 'executor-0', fraud: 'fraud-sstore' } as const
    await expect(world.fault(fault)).rejects.toEqual(named('DisputesOffError', 'no proofs'))
    expect((await world.status()).nodes.some((node) => node.startsWith('challenger'))).toBe(false)
    // Roots are proposed all the same.
    await world.advance(90_000)
    const { roots, disputes } = await projectionOf(world)
    expect(roots.length).toBeGreaterThan(0)
    expect(disputes).toEqual([])
    const request = { url: proxy.url, block }
    const lying = world.open({ ...OPTIONS, scenario: 'fraud-sstore', fork: request })
    await expect(lying).rejects.toEqual(named('DisputesOffError', 'Scenario "fraud-sstore"'))
    expect((await world.status()).options.scenario).toBe('quiet')
  })
})

test('another devnet is a source as well, both of its chains', async () => {
  const { createDevnet } = await import('../devnet.ts')
  const source = await createDevnet({ serve: true, seed: 9 })
  try {
    for (const chain of ['l1', 'l2'] as const) {
      const [from = '0x'] = (await source[chain].request({ method: 'eth_accounts' })) as Hex[]
      const transfer = { from, to: BOB, value: toHex(9n) }
      await source[chain].request({ method: 'eth_sendTransaction', params: [transfer] } as never)
      const world = await fork(null, source.urls[chain])
      expect(await clientOf(world).getBalance({ address: BOB })).toBe(9n)
      expect((await world.status()).options.fork).toMatchObject({ proofs: true })
    }
  } finally {
    await source.close()
  }
})

test('a public client on L2 reads forked state by HTTP of a served devnet', async () => {
  const { createDevnet } = await import('../devnet.ts')
  const devnet = await createDevnet({ fork: { url: anvil.url, block }, serve: true })
  try {
    const client = createPublicClient({ transport: http(devnet.urls.l2) })
    expect(await client.readContract(balanceOf(BOB))).toBe(5n)
  } finally {
    await devnet.close()
  }
})
