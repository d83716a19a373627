/** Libraries that dApp developers use, unmodified, against one served devnet: each deploys, transacts, reads logs and meets a revert. */
import { Contract, ContractFactory, isCallException, JsonRpcProvider, Wallet } from 'ethers'
import {
  type BaseError,
  ContractFunctionRevertedError,
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  webSocket,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Web3 } from 'web3'
import { trexL1, trexL2 } from '../../sdk/viem.ts'
import { abi, bytecode, serveDevnet } from './devnet.testing.ts'

const { url, keyOf, addressOf } = serveDevnet()

/** What viem decoded of a revert. */
async function revertOf(call: Promise<unknown>): Promise<unknown> {
  const error = await call.catch((thrown: unknown) => thrown)
  const cause = (error as BaseError).walk((one) => one instanceof ContractFunctionRevertedError)
  return (cause as ContractFunctionRevertedError | null)?.data
}

describe.each(['l1', 'l2'] as const)('viem on %s', (name) => {
  const chain = name === 'l1' ? trexL1 : trexL2

  test('deploys, sends, reads logs and decodes what reverts', async () => {
    const transport = http(url(name))
    const client = createPublicClient({ chain, transport, pollingInterval: 50 })
    const account = privateKeyToAccount(keyOf(0))
    const wallet = createWalletClient({ chain, transport, account })
    const deployed = await client.waitForTransactionReceipt({
      hash: await wallet.deployContract({ abi, bytecode, args: [7n] }),
    })
    const address = deployed.contractAddress as Hex
    const { request } = await client.simulateContract({
      account,
      address,
      abi,
      functionName: 'set',
      args: [8n],
    })
    const receipt = await client.waitForTransactionReceipt({
      hash: await wallet.writeContract(request),
    })
    expect(receipt.status).toBe('success')
    expect(await client.readContract({ address, abi, functionName: 'value' })).toBe(8n)
    const events = await client.getContractEvents({
      address,
      abi,
      eventName: 'ValueSet',
      fromBlock: 0n,
    })
    expect(events.map(({ args }) => args)).toEqual([{ by: account.address, value: 8n }])
    const refused = client.readContract({
      account,
      address,
      abi,
      functionName: 'refuse',
      args: [3n],
    })
    expect(await revertOf(refused)).toMatchObject({
      errorName: 'Refused',
      args: [3n, account.address],
    })
    await expect(
      client.readContract({ address, abi, functionName: 'refuseInWords' }),
    ).rejects.toThrow('not today')
    await expect(
      client.readContract({ address, abi, functionName: 'divide', args: [0n] }),
    ).rejects.toThrow(/division or modulo by zero/i)
  })

  test('a transaction that reverts is mined and told as reverted', async () => {
    const transport = http(url(name))
    const client = createPublicClient({ chain, transport, pollingInterval: 50 })
    const wallet = createWalletClient({ chain, transport, account: privateKeyToAccount(keyOf(0)) })
    // Creation code that reverts at once.
    const hash = await wallet.sendTransaction({ data: '0x60006000fd', gas: 100_000n })
    const receipt = await client.waitForTransactionReceipt({ hash })
    expect(receipt.status).toBe('reverted')
    expect(await client.getTransactionCount({ address: wallet.account.address })).toBeGreaterThan(0)
  })
})

describe.each(['l1', 'l2'] as const)('a bundle of calls (EIP-5792) over HTTP on %s', (name) => {
  const chain = name === 'l1' ? trexL1 : trexL2
  const other = name === 'l1' ? trexL2 : trexL1
  const transport = () => http(url(name), { retryCount: 0 })
  const walletOf = (account: number) =>
    createWalletClient({ chain, transport: transport(), account: addressOf(account) })

  test('is sent call by call, and told as confirmed', async () => {
    const wallet = walletOf(5)
    const to = `0x${'5d'.repeat(20)}` as const
    const { id } = await wallet.sendCalls({
      calls: [
        { to, value: 1n },
        { to, value: 2n },
      ],
    })
    const { status, statusCode, receipts } = await wallet.waitForCallsStatus({
      id,
      pollingInterval: 50,
    })
    expect([status, statusCode, receipts?.length]).toEqual(['success', 200, 2])
    await wallet.showCallsStatus({ id })
    const client = createPublicClient({ chain, transport: transport() })
    expect(await client.getBalance({ address: to })).toBe(3n)
  })

  test('ends at the call that fails; what a wallet cannot do is refused', async () => {
    const wallet = walletOf(5)
    const entryPoint = '0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108'
    const { id } = await wallet.sendCalls({ calls: [{ to: entryPoint, data: '0xdeadbeef' }] })
    const failed = await wallet.waitForCallsStatus({ id, pollingInterval: 50 })
    expect(failed.statusCode).not.toBe(200)
    await expect(
      wallet.sendCalls({ calls: [{ to: addressOf(6) }], forceAtomic: true }),
    ).rejects.toMatchObject({ cause: { code: 5760 } })
    await expect(wallet.getCallsStatus({ id: '0x00' })).rejects.toMatchObject({ code: 5730 })
  })

  test('the wallet tells its accounts and stays on its chain', async () => {
    const wallet = walletOf(5)
    expect(await wallet.getCapabilities({ chainId: chain.id })).toEqual({
      atomic: { status: 'unsupported' },
    })
    expect(await wallet.getPermissions()).toMatchObject([{ parentCapability: 'eth_accounts' }])
    await wallet.switchChain({ id: chain.id })
    await expect(wallet.switchChain({ id: other.id })).rejects.toMatchObject({ code: 4902 })
    await expect(
      wallet.request({ method: 'wallet_nothing' as never, params: [] as never }),
    ).rejects.toMatchObject({ code: -32601 })
  })
})

test('a WebSocket subscriber hears of blocks and of its logs alone, and meets a revert', async () => {
  const transport = webSocket(url('l2').replace('http', 'ws'))
  const client = createPublicClient({ chain: trexL2, transport })
  const wallet = createWalletClient({
    chain: trexL2,
    transport,
    account: privateKeyToAccount(keyOf(1)),
  })
  const receipt = await client.waitForTransactionReceipt({
    hash: await wallet.deployContract({ abi, bytecode, args: [1n] }),
  })
  const address = receipt.contractAddress as Hex
  const blocks: bigint[] = []
  const values: (bigint | undefined)[] = []
  const stopBlocks = client.watchBlockNumber({
    onBlockNumber: (number) => void blocks.push(number),
  })
  const stopLogs = client.watchContractEvent({
    address,
    abi,
    eventName: 'ValueSet',
    onLogs: (logs) => void values.push(...logs.map(({ args }) => args.value)),
  })
  for (const value of [5n, 6n]) {
    await client.waitForTransactionReceipt({
      hash: await wallet.writeContract({ address, abi, functionName: 'set', args: [value] }),
    })
  }
  await expect.poll(() => values).toEqual([5n, 6n])
  await expect.poll(() => blocks.length).toBeGreaterThanOrEqual(2)
  expect(blocks).toEqual([...blocks].sort((a, b) => Number(a - b)))
  const data = encodeFunctionData({ abi, functionName: 'refuse', args: [3n] })
  const failed = await client.waitForTransactionReceipt({
    hash: await wallet.sendTransaction({ to: address, data, gas: 100_000n }),
  })
  expect(failed.status).toBe('reverted')
  const { account } = wallet
  expect(
    await revertOf(
      client.readContract({ account, address, abi, functionName: 'refuse', args: [3n] }),
    ),
  ).toMatchObject({ errorName: 'Refused', args: [3n, account.address] })
  expect(values, 'a transaction that reverts logs nothing').toEqual([5n, 6n])
  stopBlocks()
  stopLogs()
})

describe('ethers 6', () => {
  let provider: JsonRpcProvider
  beforeAll(() => {
    // ethers keeps a nonce for 250 ms, within which an idle devnet has included the transaction that used it.
    provider = new JsonRpcProvider(url('l2'), undefined, {
      pollingInterval: 50,
      cacheTimeout: -1,
    })
  })
  afterAll(() => provider.destroy())

  test('deploys, sends, reads logs and decodes what reverts', async () => {
    const wallet = new Wallet(keyOf(2), provider)
    const deployed = await new ContractFactory(abi as never, bytecode, wallet).deploy(7)
    await deployed.waitForDeployment()
    const probe = new Contract(await deployed.getAddress(), abi as never, wallet)
    const receipt = await (await probe.getFunction('set')(9)).wait()
    expect(receipt.status).toBe(1)
    expect(await probe.getFunction('value')()).toBe(9n)
    const [log] = await probe.queryFilter('ValueSet', 0)
    expect(log).toMatchObject({ args: [wallet.address, 9n] })
    const refused = await probe
      .getFunction('refuse')(4)
      .catch((error: unknown) => error)
    expect(isCallException(refused) && refused.revert).toMatchObject({
      name: 'Refused',
      args: [4n, wallet.address],
    })
    const words = await probe
      .getFunction('refuseInWords')()
      .catch((error: unknown) => error)
    expect(isCallException(words) && words.reason).toBe('not today')
    const sent = await probe.getFunction('refuse').send(4, { gasLimit: 100_000 })
    const failed = await sent.wait().catch((error: unknown) => error)
    expect(isCallException(failed) && failed.receipt).toMatchObject({ status: 0, logs: [] })
  })
})

test('web3.js 4 deploys, sends, reads logs and decodes what reverts', async () => {
  const web3 = new Web3(url('l2'))
  web3.eth.transactionPollingInterval = 50
  const { address: from } = web3.eth.accounts.wallet.add(keyOf(6))[0] as { address: string }
  const probe = await new web3.eth.Contract(abi as never)
    .deploy({ data: bytecode, arguments: [7] } as never)
    .send({ from, gas: '1000000' })
  probe.handleRevert = true
  const methods = probe.methods as unknown as Record<
    string,
    (...args: unknown[]) => {
      send(options: object): Promise<{ status: bigint }>
      call(options?: object): Promise<unknown>
    }
  >
  const receipt = await methods['set']?.(10).send({ from, gas: '100000' })
  expect(receipt?.status).toBe(1n)
  expect(await methods['value']?.().call()).toBe(10n)
  const [event] = await probe.getPastEvents('ValueSet' as never, { fromBlock: 0 })
  expect((event as { returnValues: unknown }).returnValues).toMatchObject({ by: from, value: 10n })
  const refused = (await methods['refuse']?.(5)
    .call({ from })
    .catch((error: unknown) => error)) as { cause: unknown }
  expect(refused.cause).toMatchObject({ errorName: 'Refused', errorArgs: { code: 5n, by: from } })
  probe.setConfig({ ...probe.config, checkRevertBeforeSending: false } as never)
  const failed = (await methods['refuse']?.(5)
    .send({ from, gas: '100000' })
    .catch((error: unknown) => error)) as { receipt: { status: bigint } }
  expect(failed.receipt.status).toBe(0n)
})
