/** Contracts that dApps are built on, as their authors compiled them, deployed and used by viem on one devnet. */

import safeFactoryArtifact from '@safe-global/safe-contracts/build/artifacts/contracts/proxies/SafeProxyFactory.sol/SafeProxyFactory.json' with {
  type: 'json',
}
import safeArtifact from '@safe-global/safe-contracts/build/artifacts/contracts/Safe.sol/Safe.json' with {
  type: 'json',
}
import wethArtifact from '@uniswap/v2-periphery/build/WETH9.json' with { type: 'json' }
import factoryArtifact from '@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json' with {
  type: 'json',
}
import managerArtifact from '@uniswap/v3-periphery/artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json' with {
  type: 'json',
}
import routerArtifact from '@uniswap/v3-periphery/artifacts/contracts/SwapRouter.sol/SwapRouter.json' with {
  type: 'json',
}
import {
  type Abi,
  type Address,
  concatHex,
  createPublicClient,
  createWalletClient,
  custom,
  encodeDeployData,
  encodeFunctionData,
  erc20Abi,
  getContractAddress,
  type Hex,
  multicall3Abi,
  padHex,
  parseEther,
  parseEventLogs,
  type TransactionReceipt,
  zeroAddress,
  zeroHash,
} from 'viem'
import { getUserOperationHash, toPackedUserOperation } from 'viem/account-abstraction'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as EAS from '../../contracts/generated/EAS.ts'
import * as EntryPoint from '../../contracts/generated/EntryPoint.ts'
import * as SchemaRegistry from '../../contracts/generated/SchemaRegistry.ts'
import * as Simple7702Account from '../../contracts/generated/Simple7702Account.ts'
import { ClientProbe } from '../../contracts/generated/test/ClientProbe.ts'
import { trexL1, trexL2 } from '../../sdk/viem.ts'
import { createDevnet, type Devnet } from '../devnet.ts'
import { MULTICALL3 } from '../genesis/common.ts'
import { PERSONA } from '../genesis/persona.ts'

const DEPLOYMENT_PROXY = '0x4e59b44847b379578588920ca78fbf26c0b4956c'
const TEN = parseEther('10')

let devnet: Devnet
beforeAll(async () => {
  devnet = await createDevnet()
})
afterAll(() => devnet.close())

/** Every test has accounts of its own, so that nonces do not meet. */
const accountOf = (index: number) => privateKeyToAccount(devnet.accounts[index]?.privateKey as Hex)

interface Compiled {
  readonly abi: Abi
  readonly bytecode: Hex
}
const compiled = ({ abi, bytecode }: { abi: unknown; bytecode: string }): Compiled => ({
  abi: abi as Abi,
  bytecode: (bytecode.startsWith('0x') ? bytecode : `0x${bytecode}`) as Hex,
})

const argument = (event: { args?: unknown } | undefined, name: string): Hex =>
  (event?.args as Record<string, Hex> | undefined)?.[name] as Hex

/** What one account does on one chain; each call waits for its receipt and refuses one that failed. */
function dapp(name: 'l1' | 'l2', account: PrivateKeyAccount) {
  const chain = name === 'l1' ? trexL1 : trexL2
  const transport = custom(devnet[name])
  const client = createPublicClient({ chain, transport, pollingInterval: 20 })
  const wallet = createWalletClient({ chain, transport, account })
  const mined = async (hash: Hex): Promise<TransactionReceipt> => {
    const receipt = await client.waitForTransactionReceipt({ hash })
    expect(receipt.status).toBe('success')
    return receipt
  }
  return {
    client,
    wallet,
    mined,
    deploy: async ({ abi, bytecode }: Compiled, args: readonly unknown[] = []) => {
      const hash = await wallet.deployContract({ abi, bytecode, args })
      return (await mined(hash)).contractAddress as Address
    },
    write: async (
      address: Address,
      abi: Abi,
      functionName: string,
      args: readonly unknown[],
      value = 0n,
    ) => mined(await wallet.writeContract({ address, abi, functionName, args, value })),
    read: (address: Address, abi: Abi, functionName: string, args: readonly unknown[] = []) =>
      client.readContract({ address, abi, functionName, args }),
  }
}

describe.each(['l1', 'l2'] as const)('conventions on %s', (name) => {
  test('a transaction without replay protection deploys by the proxy at the address foretold', async () => {
    const { client, mined, read } = dapp(name, accountOf(0))
    const account = accountOf(0)
    const initCode = encodeDeployData({ ...ClientProbe, args: [7n] })
    const salt = padHex('0x5a17', { size: 32 })
    const foretold = getContractAddress({
      opcode: 'CREATE2',
      from: DEPLOYMENT_PROXY,
      salt,
      bytecode: initCode,
    })
    expect(await client.getCode({ address: foretold })).toBeUndefined()
    const serializedTransaction = await account.signTransaction({
      type: 'legacy',
      to: DEPLOYMENT_PROXY,
      data: concatHex([salt, initCode]),
      nonce: await client.getTransactionCount({ address: account.address }),
      gas: 3_000_000n,
      gasPrice: 2n * (await client.getGasPrice()),
    })
    const hash = await client.sendRawTransaction({ serializedTransaction })
    await mined(hash)
    const { v, chainId } = await client.getTransaction({ hash })
    expect([27n, 28n]).toContain(v)
    expect(chainId).toBeUndefined()
    expect(await read(foretold, ClientProbe.abi, 'value')).toBe(7n)
  })

  test('Multicall3 answers several calls, and tells which one failed', async () => {
    const { client, deploy } = dapp(name, accountOf(1))
    const probe = await deploy(ClientProbe, [9n])
    const call = (functionName: 'value' | 'refuseInWords') => ({
      target: probe,
      allowFailure: true,
      callData: encodeFunctionData({ abi: ClientProbe.abi as Abi, functionName }),
    })
    const results = await client.readContract({
      address: MULTICALL3,
      abi: multicall3Abi,
      functionName: 'aggregate3',
      args: [[call('value'), call('refuseInWords')]],
    })
    expect(results.map(({ success }) => success)).toEqual([true, false])
    expect(results[0]?.returnData).toBe(padHex('0x09', { size: 32 }))
  })
})

test('Uniswap v3: a pool, liquidity and a swap', async () => {
  const account = accountOf(2)
  const { deploy, write, read } = dapp('l2', account)
  const [manager, router] = [compiled(managerArtifact), compiled(routerArtifact)]
  const weth = await deploy(compiled(wethArtifact))
  const factory = await deploy(compiled(factoryArtifact))
  const positions = await deploy(manager, [factory, weth, zeroAddress])
  const swaps = await deploy(router, [factory, weth])
  const tokens = [weth, PERSONA.demoToken].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
  const [token0, token1] = tokens
  await write(weth, wethArtifact.abi as Abi, 'deposit', [], 2n * TEN)
  for (const token of tokens) {
    for (const spender of [positions, swaps])
      await write(token as Address, erc20Abi, 'approve', [spender, 2n * TEN])
  }
  const price = [token0, token1, 3000, 2n ** 96n]
  await write(positions, manager.abi, 'createAndInitializePoolIfNecessary', price)
  const range = { tickLower: -6000, tickUpper: 6000, recipient: account.address }
  const amounts = { amount0Desired: TEN, amount1Desired: TEN, amount0Min: 0n, amount1Min: 0n }
  const deadline = 2n ** 64n
  await write(positions, manager.abi, 'mint', [
    { token0, token1, fee: 3000, ...range, ...amounts, deadline },
  ])
  const balance = () => read(PERSONA.demoToken, erc20Abi, 'balanceOf', [account.address])
  const before = (await balance()) as bigint
  // The pool records its price in a second's first swap, so that an estimate in the mint's second would fall short.
  await write(swaps, router.abi, 'exactInputSingle', [
    {
      tokenIn: weth,
      tokenOut: PERSONA.demoToken,
      fee: 3000,
      recipient: account.address,
      deadline,
      amountIn: parseEther('1'),
      amountOutMinimum: parseEther('0.9'),
      sqrtPriceLimitX96: 0n,
    },
  ])
  const gained = ((await balance()) as bigint) - before
  expect(gained).toBeGreaterThan(parseEther('0.9'))
  expect(gained).toBeLessThan(parseEther('0.997'))
})

test('Safe: two of three owners pay, one alone cannot', async () => {
  const owners = [3, 4, 5]
    .map(accountOf)
    .sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1))
  const { client, wallet, mined, deploy, write } = dapp('l2', accountOf(3))
  const [safe, proxies] = [compiled(safeArtifact), compiled(safeFactoryArtifact)]
  const singleton = await deploy(safe)
  const factory = await deploy(proxies)
  const addresses = owners.map(({ address }) => address)
  const setup = [addresses, 2n, zeroAddress, '0x', zeroAddress, zeroAddress, 0n, zeroAddress]
  const initializer = encodeFunctionData({ abi: safe.abi, functionName: 'setup', args: setup })
  const created = await write(factory, proxies.abi, 'createProxyWithNonce', [
    singleton,
    initializer,
    0n,
  ])
  const [creation] = parseEventLogs({
    abi: proxies.abi,
    logs: created.logs,
    eventName: 'ProxyCreation',
  })
  const proxy = argument(creation, 'proxy')
  await mined(await wallet.sendTransaction({ to: proxy, value: TEN }))

  const to = padHex('0x5afe', { size: 20 })
  const payment = {
    to,
    value: 5n,
    data: '0x',
    operation: 0,
    safeTxGas: 0n,
    baseGas: 0n,
    gasPrice: 0n,
    gasToken: zeroAddress,
    refundReceiver: zeroAddress,
  } as const
  const fields = [
    'address',
    'uint256',
    'bytes',
    'uint8',
    'uint256',
    'uint256',
    'uint256',
    'address',
    'address',
  ]
  const SafeTx = [...Object.keys(payment), 'nonce'].map((name, index) => ({
    name,
    type: fields[index] ?? 'uint256',
  }))
  const signatures = await Promise.all(
    owners.slice(0, 2).map((owner) =>
      owner.signTypedData({
        domain: { chainId: trexL2.id, verifyingContract: proxy },
        types: { SafeTx },
        primaryType: 'SafeTx',
        message: { ...payment, nonce: 0n },
      }),
    ),
  )
  const execution = (signed: readonly Hex[]) => [...Object.values(payment), concatHex(signed)]
  await expect(
    client.simulateContract({
      account: accountOf(3),
      address: proxy,
      abi: safe.abi,
      functionName: 'execTransaction',
      args: execution(signatures.slice(0, 1)),
    }),
  ).rejects.toThrow('GS020')
  await write(proxy, safe.abi, 'execTransaction', execution(signatures))
  expect(await client.getBalance({ address: to })).toBe(5n)
})

test('EntryPoint 0.8: a bundler carries the operation of an account by EIP-7702', async () => {
  const owner = accountOf(6)
  const own = dapp('l2', owner)
  const authorization = await own.wallet.signAuthorization({
    contractAddress: PERSONA.simple7702Account,
    executor: 'self',
  })
  await own.mined(
    await own.wallet.sendTransaction({ to: owner.address, authorizationList: [authorization] }),
  )
  const to = padHex('0x4337', { size: 20 })
  const operation = {
    sender: owner.address,
    nonce: 0n,
    callData: encodeFunctionData({
      abi: Simple7702Account.abi,
      functionName: 'execute',
      args: [to, 5n, '0x'],
    }),
    callGasLimit: 200_000n,
    verificationGasLimit: 200_000n,
    preVerificationGas: 60_000n,
    maxFeePerGas: 3_000_000_000n,
    maxPriorityFeePerGas: 1n,
    signature: '0x' as Hex,
  }
  const hash = getUserOperationHash({
    chainId: trexL2.id,
    entryPointAddress: PERSONA.entryPoint,
    entryPointVersion: '0.8',
    userOperation: operation,
  })
  const bundler = dapp('l2', accountOf(7))
  const signature = await owner.sign({ hash })
  const receipt = await bundler.write(PERSONA.entryPoint, EntryPoint.abi as Abi, 'handleOps', [
    [toPackedUserOperation({ ...operation, signature })],
    bundler.wallet.account.address,
  ])
  const [event] = parseEventLogs({
    abi: EntryPoint.abi as Abi,
    logs: receipt.logs,
    eventName: 'UserOperationEvent',
  })
  expect(event?.args).toMatchObject({ userOpHash: hash, sender: owner.address, success: true })
  expect(await bundler.client.getBalance({ address: to })).toBe(5n)
})

test('EAS: a schema, an attestation, its revocation', async () => {
  const { write, read } = dapp('l2', accountOf(8))
  const [registry, eas] = [SchemaRegistry.abi as Abi, EAS.abi as Abi]
  const registered = await write(PERSONA.schemaRegistry, registry, 'register', [
    'bool isHuman',
    zeroAddress,
    true,
  ])
  const schema = registered.logs[0]?.topics[1] as Hex
  const data = {
    recipient: accountOf(9).address,
    expirationTime: 0n,
    revocable: true,
    refUID: zeroHash,
    data: padHex('0x01', { size: 32 }),
    value: 0n,
  }
  const attested = await write(PERSONA.eas, eas, 'attest', [{ schema, data }])
  const [event] = parseEventLogs({ abi: eas, logs: attested.logs, eventName: 'Attested' })
  const uid = argument(event, 'uid')
  const found = () => read(PERSONA.eas, eas, 'getAttestation', [uid])
  expect(await found()).toMatchObject({ uid, revocationTime: 0n, data: data.data })
  await write(PERSONA.eas, eas, 'revoke', [{ schema, data: { uid, value: 0n } }])
  const { revocationTime } = (await found()) as { revocationTime: bigint }
  expect(revocationTime).toBeGreaterThan(0n)
})
