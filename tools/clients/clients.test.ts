/** Clients that dApp developers use, unmodified, against one served devnet: each deploys, transacts, reads logs and meets a revert. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  Contract,
  ContractFactory,
  isCallException,
  JsonRpcProvider,
  Transaction,
  Wallet,
} from 'ethers'
import {
  type BaseError,
  ContractFunctionRevertedError,
  createPublicClient,
  createWalletClient,
  type Hex,
  http,
  parseEther,
  webSocket,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Web3 } from 'web3'
import { ClientProbe } from '../../contracts/generated/test/ClientProbe.ts'
import { trexL1, trexL2 } from '../../sdk/viem.ts'
import { BLOB_SIZE } from '../../workers/rollup/batch/geometry.ts'
import { bytesToHex } from '../../workers/rollup/bytes.ts'
import { loadKzg } from '../../workers/rollup/data/kzg.ts'
import { versionedHash } from '../../workers/rollup/data/versionedHash.ts'
import { createDevnet, type Devnet } from '../devnet.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const { abi, bytecode } = ClientProbe

let devnet: Devnet

beforeAll(async () => {
  devnet = await createDevnet({ serve: true })
})
afterAll(() => devnet.close())

/** Every client has an account of its own, so that nonces do not meet. */
const keyOf = (index: number): Hex => devnet.accounts[index]?.privateKey as Hex

describe.each(['l1', 'l2'] as const)('viem on %s', (name) => {
  const chain = name === 'l1' ? trexL1 : trexL2

  test('deploys, sends, reads logs and decodes what reverts', async () => {
    const transport = http(devnet.urls[name])
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
    const refused = await client
      .readContract({ account, address, abi, functionName: 'refuse', args: [3n] })
      .catch((error: BaseError) => error)
    const cause = (refused as unknown as BaseError).walk(
      (error) => error instanceof ContractFunctionRevertedError,
    ) as ContractFunctionRevertedError
    expect(cause.data).toMatchObject({ errorName: 'Refused', args: [3n, account.address] })
    await expect(
      client.readContract({ address, abi, functionName: 'refuseInWords' }),
    ).rejects.toThrow('not today')
    await expect(
      client.readContract({ address, abi, functionName: 'divide', args: [0n] }),
    ).rejects.toThrow(/division or modulo by zero/i)
  })

  test('a transaction that reverts is mined and told as reverted', async () => {
    const transport = http(devnet.urls[name])
    const client = createPublicClient({ chain, transport, pollingInterval: 50 })
    const wallet = createWalletClient({ chain, transport, account: privateKeyToAccount(keyOf(0)) })
    // Creation code that reverts at once.
    const hash = await wallet.sendTransaction({ data: '0x60006000fd', gas: 100_000n })
    const receipt = await client.waitForTransactionReceipt({ hash })
    expect(receipt.status).toBe('reverted')
    expect(await client.getTransactionCount({ address: wallet.account.address })).toBeGreaterThan(0)
  })
})

test('a WebSocket subscriber hears of blocks and of its logs alone', async () => {
  const transport = webSocket(devnet.urls.l2.replace('http', 'ws'))
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
  stopBlocks()
  stopLogs()
})

describe('ethers 6', () => {
  let provider: JsonRpcProvider
  beforeAll(() => {
    // ethers keeps a nonce for 250 ms, within which an idle devnet has included the transaction that used it.
    provider = new JsonRpcProvider(devnet.urls.l2, undefined, {
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
  })

  test('authorizes a delegation on L2 (type 4)', async () => {
    const wallet = new Wallet(keyOf(3), provider)
    const deployed = await new ContractFactory(abi as never, bytecode, wallet).deploy(0)
    await deployed.waitForDeployment()
    const delegate = await deployed.getAddress()
    const authority = new Wallet(keyOf(4), provider)
    const authorization = await authority.authorize({ address: delegate })
    const sent = await wallet.sendTransaction({
      type: 4,
      to: authority.address,
      data: new Contract(delegate, abi as never).interface.encodeFunctionData('set', [11]),
      authorizationList: [authorization],
    })
    expect((await sent.wait())?.status).toBe(1)
    expect(await provider.getCode(authority.address)).toBe(
      `0xef0100${delegate.slice(2).toLowerCase()}`,
    )
    expect(
      await new Contract(authority.address, abi as never, provider).getFunction('value')(),
    ).toBe(11n)
  })

  test('sends a blob to L1 (type 3, with cell proofs)', async () => {
    const l1 = new JsonRpcProvider(devnet.urls.l1, undefined, { pollingInterval: 50 })
    const wallet = new Wallet(keyOf(5), l1)
    const blob = new Uint8Array(BLOB_SIZE)
    blob.set(new TextEncoder().encode('trex'), 1)
    const kzg = await loadKzg()
    const commitment = kzg.blobToCommitment(blob)
    const proofs = kzg.cellsAndProofs(blob).map(({ proof }) => bytesToHex(proof).slice(2))
    const hash = bytesToHex(versionedHash(commitment))
    const { maxFeePerGas, maxPriorityFeePerGas } = await l1.getFeeData()
    const transaction = Transaction.from({
      type: 3,
      chainId: trexL1.id,
      nonce: await wallet.getNonce(),
      to: wallet.address,
      gasLimit: 21_000n,
      maxFeePerGas,
      maxPriorityFeePerGas,
      maxFeePerBlobGas: 10n ** 10n,
      blobVersionedHashes: [hash],
      blobWrapperVersion: 1,
      blobs: [
        {
          data: bytesToHex(blob),
          commitment: bytesToHex(commitment),
          proof: `0x${proofs.join('')}`,
        },
      ],
    } as never)
    transaction.signature = wallet.signingKey.sign(transaction.unsignedHash)
    const sent = await l1.broadcastTransaction(transaction.serialized)
    const receipt = await sent.wait()
    expect(receipt?.status).toBe(1)
    expect(receipt?.blobGasUsed).toBe(131_072n)
    expect((await l1.getTransaction(sent.hash))?.blobVersionedHashes).toEqual([hash])
    l1.destroy()
  })
})

test('web3.js 4 deploys, sends, reads logs and decodes what reverts', async () => {
  const web3 = new Web3(devnet.urls.l2)
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
})

describe('Foundry', () => {
  const binary = (name: string): string => join(REPOSITORY, 'node_modules/.bin', name)
  const execute = (name: string, args: readonly string[], cwd = REPOSITORY) =>
    promisify(execFile)(binary(name), [...args], { cwd, env: { ...process.env, NO_COLOR: '1' } })
  const run = async (name: string, args: readonly string[], cwd = REPOSITORY) =>
    (await execute(name, args, cwd)).stdout

  test('cast creates, sends, calls, reads logs and shows why a call reverts', async () => {
    const rpc = ['--rpc-url', devnet.urls.l2]
    const sender = [...rpc, '--private-key', keyOf(7), '--json']
    const word = (value: number): string => value.toString(16).padStart(64, '0')
    const created = JSON.parse(
      await run('cast', ['send', ...sender, '--create', `${bytecode}${word(7)}`]),
    )
    expect(created.status).toBe('0x1')
    const address = created.contractAddress as string
    const set = JSON.parse(await run('cast', ['send', ...sender, address, 'set(uint256)', '12']))
    expect(set.logs).toHaveLength(1)
    expect((await run('cast', ['call', ...rpc, address, 'value()(uint256)'])).trim()).toBe('12')
    const logs = JSON.parse(
      await run('cast', ['logs', ...rpc, '--json', '--from-block', '0', '--address', address]),
    )
    expect(logs).toHaveLength(1)
    // npm's cast keeps its exit code to itself.
    const refused = await execute('cast', ['call', ...rpc, address, 'refuseInWords()'])
    expect(refused.stderr).toContain('not today')
    const balance = await run('cast', ['balance', ...rpc, devnet.accounts[7]?.address as string])
    expect(BigInt(balance.trim())).toBeLessThan(parseEther('10000'))
  })

  test('forge script compiles with npm’s solc, deploys and sends', async () => {
    const project = mkdtempSync(join(tmpdir(), 'trex-forge-'))
    try {
      mkdirSync(join(project, 'src'))
      cpSync(
        join(REPOSITORY, 'contracts/test/sol/ClientProbe.sol'),
        join(project, 'src/ClientProbe.sol'),
      )
      writeFileSync(
        join(project, 'foundry.toml'),
        '[profile.default]\nsrc = "src"\noffline = true\nevm_version = "osaka"\n',
      )
      writeFileSync(join(project, 'src/Deploy.sol'), SCRIPT)
      const args = [
        'script',
        'src/Deploy.sol:Deploy',
        '--use',
        join(REPOSITORY, 'tools/clients/solc.mjs'),
        '--rpc-url',
        devnet.urls.l2,
        '--private-key',
        keyOf(8),
        '--broadcast',
        '--slow',
        '--non-interactive',
      ]
      expect(await run('forge', args, project)).toContain('ONCHAIN EXECUTION COMPLETE & SUCCESSFUL')
      const client = createPublicClient({ chain: trexL2, transport: http(devnet.urls.l2) })
      const events = await client.getContractEvents({
        abi,
        eventName: 'ValueSet',
        args: { by: devnet.accounts[8]?.address as Hex },
        fromBlock: 0n,
      })
      expect(events.map(({ args: { value } }) => value)).toEqual([43n])
    } finally {
      rmSync(project, { recursive: true, force: true })
    }
  })
})

const SCRIPT = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;
import { ClientProbe } from "./ClientProbe.sol";
interface Vm { function startBroadcast() external; function stopBroadcast() external; }
contract Deploy {
    Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    function run() external {
        vm.startBroadcast();
        ClientProbe probe = new ClientProbe(42);
        probe.set(probe.value() + 1);
        vm.stopBroadcast();
    }
}
`
