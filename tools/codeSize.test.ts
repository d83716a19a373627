/** Contracts above EIP-170 on a devnet: deployed and called by viem, and a lie about one is decided by L1's contracts. */
import { concatHex, createPublicClient, createWalletClient, custom, type Hex, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { trexL1, trexL2 } from '../sdk/viem.ts'
import type { Json, World } from '../workers/protocol/world.ts'
import { createDevnet, type Devnet } from './devnet.ts'
import { createNodeWorld } from './node/world.ts'

const SIZE = 61_440
/** JUMPDEST; SSTORE(7, CALLVALUE); STOP */
const END: Hex = '0x5b3460075500'
const END_AT = SIZE - 6
/** An ERC-20's transfer, which the lie looks for. */
const TRANSFER: Hex = `0xa9059cbb${'00'.repeat(64)}`

/** Code of any size: it jumps over zeros to its end. */
function runtimeOf(size: number): Hex {
  const start = concatHex(['0x61', toHex(size - 6, { size: 2 }), '0x56'])
  return concatHex([start, `0x${'00'.repeat(size - 10)}`, END])
}

/** Initcode that returns what stands behind it. */
function initcodeOf(runtime: Hex): Hex {
  const size = toHex((runtime.length - 2) / 2, { size: 3 })
  return concatHex(['0x62', size, '0x80600b5f395ff3', runtime])
}

/** Initcode that returns so many zero bytes. */
const zeros = (size: number): Hex => concatHex(['0x62', toHex(size, { size: 3 }), '0x5ff3'])

function clientsOf(devnet: Devnet, chain: 'l1' | 'l2') {
  const account = privateKeyToAccount(devnet.accounts[0]?.privateKey as Hex)
  const of = { transport: custom(devnet[chain]), pollingInterval: 20 } as const
  const viemChain = chain === 'l1' ? trexL1 : trexL2
  const reader = createPublicClient({ ...of, chain: viemChain })
  const wallet = createWalletClient({ ...of, chain: viemChain, account })
  const deploy = async (data: Hex) => {
    const hash = await wallet.sendTransaction({ data })
    return reader.waitForTransactionReceipt({ hash })
  }
  return { reader, wallet, deploy }
}

interface Dispute {
  readonly status: string
  readonly rightful: boolean
  readonly steps: readonly {
    readonly succeeded: boolean
    readonly step: { readonly phase: string; readonly opcode: string; readonly pc: number }
  }[]
}

test('with the limit of 65,536 a contract of 60 KiB is deployed and called, and a lie in it is decided on L1', async () => {
  await using devnet = await createDevnet({ codeSizeLimit: 65_536 })
  expect((await devnet.status()).options.codeSizeLimit).toBe(65_536)
  const { reader, wallet, deploy } = clientsOf(devnet, 'l2')
  const runtime = runtimeOf(SIZE)
  const { status, contractAddress } = await deploy(initcodeOf(runtime))
  expect(status).toBe('success')
  const to = contractAddress as Hex
  expect(await reader.getCode({ address: to })).toBe(runtime)

  // To the last byte and not one further, whether it is estimated, simulated or run.
  const largest = await deploy(zeros(65_536))
  expect(await reader.getCode({ address: largest.contractAddress as Hex })).toHaveLength(
    2 + 2 * 65_536,
  )
  await expect(deploy(zeros(65_537))).rejects.toThrow()
  await expect(deploy(initcodeOf(runtimeOf(65_500)))).rejects.toThrow('oversized data')
  const setCode = (size: number) =>
    devnet.l2.request({
      method: 'anvil_setCode',
      params: ['0x00000000000000000000000000000000000c0de5', `0x${'5b'.repeat(size)}`],
    })
  await setCode(65_000)
  await expect(setCode(65_530)).rejects.toThrow('oversized data')
  await expect(setCode(65_537)).rejects.toThrow('at most 65536')

  await devnet.l2.request({ method: 'rollup_injectFraud', params: ['fraud-sstore'] })
  const hash = await wallet.sendTransaction({ to, data: TRANSFER, value: 42n })
  await reader.waitForTransactionReceipt({ hash })
  expect(await reader.getStorageAt({ address: to, slot: toHex(7) })).toBe(toHex(42, { size: 32 }))
  let dispute: Dispute | undefined
  for (let passed = 0; passed < 300 && dispute === undefined; passed += 4) {
    await devnet.advance(4)
    const disputes = (await devnet.l2.request({ method: 'rollup_disputes' })) as Json
    dispute = (disputes as unknown as Dispute[]).find((one) => one.status !== 'running')
  }
  const decision = dispute?.steps.find(({ succeeded }) => succeeded)
  expect(decision?.step).toMatchObject({ phase: 'EXEC', opcode: 'SSTORE', pc: END_AT + 4 })

  // L1 stands for Ethereum.
  await expect(clientsOf(devnet, 'l1').deploy(zeros(24_577))).rejects.toThrow()
})

test('a share, a save and what they open have the same limit', async () => {
  const [world, replayed, restored] = [0, 1, 2].map(() => createNodeWorld({ host: 'inline' })) as [
    World,
    World,
    World,
  ]
  const rpc = (one: World, method: string, params: readonly Json[]) =>
    one.rpc('l2', { method, params })
  const deploy = (one: World, from: Json, size: number) =>
    rpc(one, 'eth_sendTransaction', [{ from, data: zeros(size), gas: '0xffffff' }])
  const options = {
    seed: 7,
    preset: 'classroom',
    scenario: 'quiet',
    codeSizeLimit: 65_536,
  } as const
  await world.open(options)
  const [from] = (await rpc(world, 'eth_accounts', [])) as [Json]
  await deploy(world, from, 30_000)
  const { text } = await world.share()
  expect((await replayed.load(text)).options).toEqual(options)
  expect((await restored.restore(await world.save())).options).toEqual(options)
  for (const one of [world, replayed, restored]) {
    const hash = await deploy(one, from, 40_000)
    expect(await rpc(one, 'eth_getTransactionReceipt', [hash])).toMatchObject({ status: '0x1' })
  }
  const hashes = await Promise.all([world, replayed, restored].map((one) => one.status()))
  expect(new Set(hashes.map(({ eventHash }) => eventHash)).size).toBe(1)
  await Promise.all([world, replayed, restored].map((one) => one.close()))
})

test('without it code ends at Ethereum’s 24,576 bytes', async () => {
  await using devnet = await createDevnet()
  const { deploy } = clientsOf(devnet, 'l2')
  expect((await deploy(zeros(24_576))).status).toBe('success')
  await expect(deploy(zeros(24_577))).rejects.toThrow()
  await expect(deploy(initcodeOf(runtimeOf(SIZE)))).rejects.toThrow('max initcode size exceeded')
})

test.each([24_577, 131_072, '65536'])('a limit of %s is refused', async (codeSizeLimit) => {
  await expect(createDevnet({ codeSizeLimit: codeSizeLimit as never })).rejects.toThrow(
    `codeSizeLimit must be 24576 or 65536 bytes, is ${JSON.stringify(codeSizeLimit)}.`,
  )
})
