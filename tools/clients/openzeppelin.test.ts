/** OpenZeppelin's contracts as dApps put them together: votes, permits, collections, roles, proxies, a governor with its timelock. */
import proxyArtifact from '@openzeppelin/contracts/build/contracts/ERC1967Proxy.json' with {
  type: 'json',
}
import timelockArtifact from '@openzeppelin/contracts/build/contracts/TimelockController.json' with {
  type: 'json',
}
import transparentArtifact from '@openzeppelin/contracts/build/contracts/TransparentUpgradeableProxy.json' with {
  type: 'json',
}
import {
  type Abi,
  type Address,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  keccak256,
  parseAbi,
  parseEventLogs,
  parseSignature,
  toHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BoxV1 } from '../../contracts/generated/test/BoxV1.ts'
import { BoxV2 } from '../../contracts/generated/test/BoxV2.ts'
import { Collectible } from '../../contracts/generated/test/Collectible.ts'
import { DemoGovernor } from '../../contracts/generated/test/DemoGovernor.ts'
import { Items } from '../../contracts/generated/test/Items.ts'
import { VotesToken } from '../../contracts/generated/test/VotesToken.ts'
import { trexL2 } from '../../sdk/viem.ts'
import { createDevnet, type Devnet } from '../devnet.ts'
import { compiled, dappOf } from './dapp.ts'

let devnet: Devnet
beforeAll(async () => {
  devnet = await createDevnet()
})
afterAll(() => devnet.close())

const accountOf = (index: number) => privateKeyToAccount(devnet.accounts[index]?.privateKey as Hex)
const dapp = (index: number) => dappOf(devnet, 'l2', accountOf(index))
const NEVER = 2n ** 48n

test('ERC-20 with permit and votes: a signed approval is spent once, delegated votes are remembered', async () => {
  const [owner, spender] = [accountOf(0), accountOf(1)]
  const { deploy, read, write, client } = dapp(0)
  const token = await deploy(VotesToken, [1_000n])
  const permit = { owner: owner.address, spender: spender.address, value: 10n }
  const signature = await owner.signTypedData({
    domain: { name: 'Votes', version: '1', chainId: trexL2.id, verifyingContract: token },
    types: {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    message: { ...permit, nonce: 0n, deadline: NEVER },
  })
  const { r, s, yParity } = parseSignature(signature)
  const args = [...Object.values(permit), NEVER, 27 + yParity, r, s]
  const other = dapp(1)
  await other.write(token, VotesToken.abi, 'permit', args)
  await other.write(token, VotesToken.abi, 'transferFrom', [owner.address, spender.address, 10n])
  expect(await read(token, VotesToken.abi, 'balanceOf', [spender.address])).toBe(10n)
  await expect(
    client.simulateContract({
      address: token,
      abi: VotesToken.abi,
      functionName: 'permit',
      args: args as never,
    }),
  ).rejects.toThrow('ERC2612InvalidSigner')

  const votes = () => read(token, VotesToken.abi, 'getVotes', [spender.address])
  expect(await votes()).toBe(0n)
  await write(token, VotesToken.abi, 'delegate', [spender.address])
  expect(await votes()).toBe(990n)
  const { timestamp } = await client.getBlock()
  await write(token, VotesToken.abi, 'transfer', [spender.address, 90n])
  expect(await votes()).toBe(900n)
  const past = [spender.address, timestamp]
  expect(await read(token, VotesToken.abi, 'getPastVotes', past)).toBe(990n)
})

test('ERC-721 with roles: who has the role mints, others and wrong recipients are refused', async () => {
  const { deploy, read, write, client } = dapp(2)
  const minter = dapp(3)
  const collection = await deploy(Collectible)
  const role = keccak256(toHex('MINTER'))
  const mint = { address: collection, abi: Collectible.abi, functionName: 'mint' } as const
  const holder = accountOf(3).address
  const simulate = (to: Address) =>
    client.simulateContract({ ...mint, account: holder, args: [to, 7n] })
  await expect(simulate(holder)).rejects.toThrow('AccessControlUnauthorizedAccount')
  await write(collection, Collectible.abi, 'grantRole', [role, holder])
  await expect(simulate(collection)).rejects.toThrow('ERC721InvalidReceiver')
  await minter.write(collection, Collectible.abi, 'mint', [holder, 7n])
  expect(await read(collection, Collectible.abi, 'ownerOf', [7n])).toBe(holder)
  expect(await read(collection, Collectible.abi, 'tokenOfOwnerByIndex', [holder, 0n])).toBe(7n)
  await write(collection, Collectible.abi, 'revokeRole', [role, holder])
  await expect(simulate(holder)).rejects.toThrow('AccessControlUnauthorizedAccount')
})

test('ERC-1155: a batch moves as one', async () => {
  const { deploy, read, write } = dapp(2)
  const items = await deploy(Items, [
    [1n, 2n],
    [10n, 20n],
  ])
  const [from, to] = [accountOf(2).address, accountOf(4).address]
  const moved = await write(items, Items.abi, 'safeBatchTransferFrom', [
    ...[from, to, [1n, 2n], [3n, 4n], '0x'],
  ])
  const [event] = parseEventLogs({ abi: Items.abi, logs: moved.logs, eventName: 'TransferBatch' })
  expect(event?.args).toMatchObject({ from, to, values: [3n, 4n] })
  const balances = [
    [from, to],
    [1n, 2n],
  ]
  expect(await read(items, Items.abi, 'balanceOfBatch', balances)).toEqual([7n, 4n])
})

test('Proxies: UUPS and transparent, upgraded by their owners alone, with state that stays', async () => {
  const { deploy, read, write, client } = dapp(5)
  const owner = accountOf(5).address
  const [first, second] = [await deploy(BoxV1), await deploy(BoxV2)]
  const initialize = encodeFunctionData({
    abi: BoxV1.abi,
    functionName: 'initialize',
    args: [owner, 41n],
  })
  const uups = await deploy(compiled(proxyArtifact), [first, initialize])
  expect(await read(uups, BoxV1.abi, 'value')).toBe(41n)
  const upgrade = { abi: BoxV1.abi, functionName: 'upgradeToAndCall' } as const
  await expect(
    client.simulateContract({
      ...upgrade,
      address: uups,
      account: zeroAddress,
      args: [second, '0x'],
    }),
  ).rejects.toThrow('BoxNotOwner')
  await write(uups, upgrade.abi, upgrade.functionName, [second, '0x'])
  await write(uups, BoxV2.abi, 'increment')
  expect(await read(uups, BoxV2.abi, 'value')).toBe(42n)

  const transparent = await deploy(compiled(transparentArtifact), [first, owner, initialize])
  // Its constructor creates the administrator, which the owner calls.
  const admin = getContractAddress({ from: transparent, nonce: 1n })
  const adminAbi = parseAbi(['function upgradeAndCall(address, address, bytes) payable'])
  await write(admin, adminAbi, 'upgradeAndCall', [transparent, second, '0x'])
  await write(transparent, BoxV2.abi, 'increment')
  expect(await read(transparent, BoxV2.abi, 'value')).toBe(42n)
})

/** IGovernor.ProposalState. */
const [ACTIVE, SUCCEEDED, QUEUED, EXECUTED] = [1, 4, 5, 7]

test('Governor with a timelock: proposed, voted, queued and executed as time passes', async () => {
  const { deploy, read, write, client } = dapp(6)
  const voter = accountOf(6).address
  const timelock = compiled(timelockArtifact)
  const token = await deploy(VotesToken, [1_000n])
  const lock = await deploy(timelock, [5n, [], [zeroAddress], voter])
  const governor = await deploy(DemoGovernor, [token, lock])
  await write(lock, timelock.abi, 'grantRole', [keccak256(toHex('PROPOSER_ROLE')), governor])
  await write(token, VotesToken.abi, 'transfer', [lock, 100n])
  await write(token, VotesToken.abi, 'delegate', [voter])

  const pay = encodeFunctionData({
    abi: VotesToken.abi,
    functionName: 'transfer',
    args: [zeroHash.slice(0, 41).concat('1') as Address, 100n],
  })
  const proposal = [[token], [0n], [pay]] as const
  const abi = DemoGovernor.abi as Abi
  const proposed = await write(governor, abi, 'propose', [...proposal, 'Pay'])
  const [event] = parseEventLogs({
    abi: DemoGovernor.abi,
    logs: proposed.logs,
    eventName: 'ProposalCreated',
  })
  const id = event?.args.proposalId
  const state = () => read(governor, abi, 'state', [id])
  await devnet.advance(4)
  expect(await state()).toBe(ACTIVE)
  await write(governor, abi, 'castVote', [id, 1])
  await devnet.advance(14)
  expect(await state()).toBe(SUCCEEDED)
  const hash = keccak256(toHex('Pay'))
  await write(governor, abi, 'queue', [...proposal, hash])
  expect(await state()).toBe(QUEUED)
  const execute = {
    address: governor,
    abi: [...abi, ...timelock.abi],
    functionName: 'execute',
    args: [...proposal, hash],
  }
  await expect(client.simulateContract({ ...execute, account: voter })).rejects.toThrow(
    'TimelockUnexpectedOperationState',
  )
  await devnet.advance(6)
  await write(governor, abi, 'execute', execute.args)
  expect(await state()).toBe(EXECUTED)
  expect(await read(token, VotesToken.abi, 'balanceOf', [lock])).toBe(0n)
})
