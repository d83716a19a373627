/** Contracts that dApps are built on, as their authors compiled them, deployed and used by viem on one devnet. */

import safeFactoryArtifact from '@safe-global/safe-contracts/build/artifacts/contracts/proxies/SafeProxyFactory.sol/SafeProxyFactory.json' with {
  type: 'json',
}
import safeArtifact from '@safe-global/safe-contracts/build/artifacts/contracts/Safe.sol/Safe.json' with {
  type: 'json',
}
import {
  type Abi,
  concatHex,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  keccak256,
  multicall3Abi,
  padHex,
  parseAbi,
  parseEther,
  parseEventLogs,
  zeroAddress,
  zeroHash,
} from 'viem'
import { getUserOperationHash, toPackedUserOperation } from 'viem/account-abstraction'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as EAS from '../../contracts/generated/EAS.ts'
import * as EntryPoint from '../../contracts/generated/EntryPoint.ts'
import * as EntryPointV07 from '../../contracts/generated/EntryPointV07.ts'
import * as SchemaRegistry from '../../contracts/generated/SchemaRegistry.ts'
import * as Simple7702Account from '../../contracts/generated/Simple7702Account.ts'
import { ClientProbe } from '../../contracts/generated/test/ClientProbe.ts'
import { trexL2 } from '../../sdk/viem.ts'
import { createDevnet, type Devnet } from '../devnet.ts'
import { CREATE_X, EAS_L1, ENTRY_POINT_V07, MULTICALL3 } from '../genesis/common.ts'
import { PERSONA } from '../genesis/persona.ts'
import { compiled, dappOf } from './dapp.ts'

const DEPLOYMENT_PROXY = '0x4e59b44847b379578588920ca78fbf26c0b4956c'
const TEN = parseEther('10')

let devnet: Devnet
beforeAll(async () => {
  devnet = await createDevnet()
})
afterAll(() => devnet.close())

/** Every test has accounts of its own, so that nonces do not meet. */
const accountOf = (index: number) => privateKeyToAccount(devnet.accounts[index]?.privateKey as Hex)
const dapp = (name: 'l1' | 'l2', account: PrivateKeyAccount) => dappOf(devnet, name, account)

const argument = (event: { args?: unknown } | undefined, name: string): Hex =>
  (event?.args as Record<string, Hex> | undefined)?.[name] as Hex

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

  test('CreateX deploys where it says that it will', async () => {
    const { write, read } = dapp(name, accountOf(1))
    const abi = parseAbi([
      'function deployCreate2(bytes32 salt, bytes initCode) returns (address)',
      'function computeCreate2Address(bytes32 salt, bytes32 initCodeHash) view returns (address)',
      'event ContractCreation(address indexed newContract, bytes32 indexed salt)',
    ])
    const salt = padHex('0xc4ea7e', { size: 32 })
    const initCode = encodeDeployData({ ...ClientProbe, args: [11n] })
    const { logs } = await write(CREATE_X, abi, 'deployCreate2', [salt, initCode])
    const [created] = parseEventLogs({ abi, logs })
    const { newContract, salt: guarded } = created?.args ?? {}
    const foretold = [guarded, keccak256(initCode)]
    expect(await read(CREATE_X, abi, 'computeCreate2Address', foretold)).toBe(newContract)
    expect(await read(newContract as Hex, ClientProbe.abi, 'value')).toBe(11n)
  })

  test('EntryPoint 0.7 takes deposits, and has its creator of senders', async () => {
    const { write, read, client } = dapp(name, accountOf(1))
    const abi = EntryPointV07.abi as Abi
    const to = padHex('0x07', { size: 20 })
    await write(ENTRY_POINT_V07, abi, 'depositTo', [to], 5n)
    expect(await read(ENTRY_POINT_V07, abi, 'balanceOf', [to])).toBe(5n)
    const creator = getContractAddress({ from: ENTRY_POINT_V07, nonce: 1n })
    expect(await client.getCode({ address: creator })).toBeDefined()
  })
})

/** Salts with which the entry points were deployed everywhere, by the proxy. */
test.each([
  [
    '0.7',
    EntryPointV07,
    '0x90d8084deab30c2a37c45e8d47f49f2f7965183cb6990a98943ef94940681de3',
    ENTRY_POINT_V07,
  ],
  [
    '0.8',
    EntryPoint,
    '0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9',
    PERSONA.entryPoint,
  ],
] as const)(
  'EntryPoint %s is the code that its usual address commits to',
  (_, { bytecode }, salt, address) => {
    const from = DEPLOYMENT_PROXY
    const foretold = getContractAddress({ opcode: 'CREATE2', from, salt, bytecode })
    expect(foretold.toLowerCase()).toBe(address)
  },
)

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

test.each([
  ['l1', EAS_L1],
  ['l2', PERSONA],
] as const)('EAS on %s: a schema, an attestation, its revocation', async (name, at) => {
  const { write, read } = dapp(name, accountOf(8))
  const [registry, eas] = [SchemaRegistry.abi as Abi, EAS.abi as Abi]
  const registered = await write(at.schemaRegistry, registry, 'register', [
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
  const attested = await write(at.eas, eas, 'attest', [{ schema, data }])
  const [event] = parseEventLogs({ abi: eas, logs: attested.logs, eventName: 'Attested' })
  const uid = argument(event, 'uid')
  const found = () => read(at.eas, eas, 'getAttestation', [uid])
  expect(await found()).toMatchObject({ uid, revocationTime: 0n, data: data.data })
  await write(at.eas, eas, 'revoke', [{ schema, data: { uid, value: 0n } }])
  const { revocationTime } = (await found()) as { revocationTime: bigint }
  expect(revocationTime).toBeGreaterThan(0n)
})
