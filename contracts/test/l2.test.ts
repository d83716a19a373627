import { encodeAbiParameters, encodeFunctionData, type Hex, keccak256 } from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import * as BridgedERC20 from '../generated/BridgedERC20.ts'
import * as FeeVault from '../generated/FeeVault.ts'
import * as L1Block from '../generated/L1Block.ts'
import * as L2Bridge from '../generated/L2Bridge.ts'
import * as L2ToL1MessagePasser from '../generated/L2ToL1MessagePasser.ts'
import * as SequencerRegistry from '../generated/SequencerRegistry.ts'
import * as TokenFactory from '../generated/TokenFactory.ts'
import { type Artifact, type Contract, createHarness, type Harness } from './harness.ts'

const L1_BRIDGE: Hex = '0x00000000000000000000000000000000000b01d6'
const L1_REGISTRY: Hex = '0x0000000000000000000000000000000000005e90'
const L1_TOKEN: Hex = '0x00000000000000000000000000000000000070ce'
const ALIAS: Hex = `0x${(BigInt(L1_BRIDGE) + 0x1111000000000000000000000000000000001111n).toString(16).padStart(40, '0')}`
const SYSTEM: Hex = '0xfffffffffffffffffffffffffffffffffffffffe'
const ETHER = 10n ** 18n

let chain: Harness
let bridge: Contract
let passer: Contract
let factory: Contract
let vault: Contract
let l1Block: Contract

/** Puts what the constructor leaves at the predeploy's address, as genesis does. */
async function predeploy(
  suffix: string,
  artifact: Artifact,
  args: readonly unknown[] = [],
): Promise<Contract> {
  const { address } = await chain.deploy(artifact, args)
  const fixed: Hex = `0x42000000000000000000000000000000000000${suffix}`
  await chain.putCode(fixed, await chain.codeOf(address))
  return { address: fixed, abi: artifact.abi }
}

beforeEach(async () => {
  chain = await createHarness()
  bridge = await predeploy('10', L2Bridge, [L1_BRIDGE])
  vault = await predeploy('11', FeeVault, [L1_REGISTRY])
  factory = await predeploy('12', TokenFactory)
  await predeploy('13', BridgedERC20)
  l1Block = await predeploy('15', L1Block)
  passer = await predeploy('16', L2ToL1MessagePasser)
})

function messageHash(
  nonce: bigint,
  sender: Hex,
  target: Hex,
  value: bigint,
  gasLimit: bigint,
  data: Hex,
): Hex {
  const types = ['uint256', 'address', 'address', 'uint256', 'uint256', 'bytes'].map((type) => ({
    type,
  }))
  return keccak256(encodeAbiParameters(types, [nonce, sender, target, value, gasLimit, data]))
}

const finalizeDeposit = (amount: bigint, from: Hex = ALIAS) =>
  chain.attempt(
    bridge,
    'finalizeDeposit',
    [L1_TOKEN, chain.account(5), chain.account(6), amount, 'Token', 'TKN', 6],
    { from, gas: 500_000n },
  )

describe('the message passer', () => {
  it('marks each message at the slot that L1 proves, and keeps the ETH', async () => {
    const from = chain.account(3)
    const args = [chain.account(4), 100_000n, '0x1234'] as const
    const { result } = await chain.send(passer, 'initiateWithdrawal', args, { from, value: 5n })
    const expected = messageHash(0n, from, args[0], 5n, args[1], args[2])
    expect(result).toBe(expected)
    const slot = keccak256(
      encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }], [expected, 0n]),
    )
    expect(BigInt(await chain.storageOf(passer.address, slot))).toBe(1n)
    expect(await chain.read(passer, 'sentMessages', [expected])).toBe(true)
    expect(await chain.balanceOf(passer.address)).toBe(5n)
    const again = await chain.send(passer, 'initiateWithdrawal', args, { from, value: 5n })
    expect(again.result).not.toBe(expected)
  })
})

describe('the bridge on L2', () => {
  it("creates a token with the L1 token's metadata, mints, and burns for a withdrawal", async () => {
    await chain.setBalance(ALIAS, 0n)
    const first = await finalizeDeposit(100n)
    expect(first.error).toBeUndefined()
    expect(first.gasUsed).toBeLessThan(400_000n)
    expect((await finalizeDeposit(23n)).reverted).toBe(false)
    const address = await chain.read<Hex>(factory, 'tokenOf', [L1_TOKEN])
    const token: Contract = { address, abi: BridgedERC20.abi }
    expect(await chain.read(token, 'name')).toBe('Token')
    expect(await chain.read(token, 'symbol')).toBe('TKN')
    expect(await chain.read(token, 'decimals')).toBe(6)
    expect(await chain.read(token, 'balanceOf', [chain.account(6)])).toBe(123n)
    const { logs } = await chain.send(bridge, 'withdrawERC20', [address, chain.account(7), 23n], {
      from: chain.account(6),
    })
    expect(await chain.read(token, 'totalSupply')).toBe(100n)
    const data = encodeAbiParameters(
      ['address', 'address', 'address', 'uint256'].map((type) => ({ type })),
      [L1_TOKEN, chain.account(6), chain.account(7), 23n],
    )
    const expected = messageHash(0n, bridge.address, L1_BRIDGE, 0n, 0n, data)
    expect(logs.find(({ name }) => name === 'MessagePassed')?.args.withdrawalHash).toBe(expected)
  })

  it('mints for the aliased bridge of L1 alone', async () => {
    for (const from of [L1_BRIDGE, chain.account(3), bridge.address]) {
      expect((await finalizeDeposit(1n, from)).error?.name).toBe('L2Bridge_NotL1Bridge')
    }
  })

  it('withdraws only bridged tokens that the caller has', async () => {
    await finalizeDeposit(100n)
    const token = await chain.read<Hex>(factory, 'tokenOf', [L1_TOKEN])
    const attempt = (args: readonly unknown[], from = chain.account(6)) =>
      chain.errorOf(bridge, 'withdrawERC20', args, { from })
    expect(await attempt([L1_TOKEN, chain.account(7), 1n])).toBe('L2Bridge_UnknownToken')
    expect(await attempt([token, `0x${'00'.repeat(20)}`, 1n])).toBe('L2Bridge_InvalidRecipient')
    expect(await attempt([token, chain.account(7), 0n])).toBe('L2Bridge_AmountZero')
    expect(await attempt([token, chain.account(7), 101n])).toBe('InsufficientBalance')
    expect(await attempt([token, chain.account(7), 1n], chain.account(7))).toBe(
      'InsufficientBalance',
    )
  })

  it('keeps strangers from creating, minting, burning and naming', async () => {
    await finalizeDeposit(100n)
    const token: Contract = {
      address: await chain.read<Hex>(factory, 'tokenOf', [L1_TOKEN]),
      abi: BridgedERC20.abi,
    }
    expect(await chain.errorOf(factory, 'create', [L1_TOKEN, 'a', 'b', 1])).toBe(
      'TokenFactory_NotBridge',
    )
    expect(await chain.errorOf(token, 'mint', [chain.account(0), 1n])).toBe(
      'BridgedERC20_NotBridge',
    )
    expect(await chain.errorOf(token, 'burn', [chain.account(6), 1n])).toBe(
      'BridgedERC20_NotBridge',
    )
    expect(await chain.errorOf(token, 'initialize', [L1_TOKEN, 'a', 'b', 1])).toBe(
      'BridgedERC20_NotBridge',
    )
    expect(
      await chain.errorOf(token, 'initialize', [L1_TOKEN, 'a', 'b', 1], { from: factory.address }),
    ).toBe('BridgedERC20_AlreadyInitialized')
  })

  it('sends ETH as a message', async () => {
    const { result } = await chain.send(bridge, 'withdrawETH', [chain.account(7)], { value: ETHER })
    expect(result).toBe(messageHash(0n, bridge.address, chain.account(7), ETHER, 100_000n, '0x'))
    expect(await chain.balanceOf(passer.address)).toBe(ETHER)
    expect(await chain.errorOf(bridge, 'withdrawETH', [chain.account(7)])).toBe(
      'L2Bridge_AmountZero',
    )
  })
})

describe('the fee vault', () => {
  it('sends its fees to the reward pool on L1', async () => {
    expect(await chain.errorOf(vault, 'withdraw')).toBe('FeeVault_BalanceTooSmall')
    await chain.setBalance(vault.address, ETHER)
    const { result } = await chain.send(vault, 'withdraw')
    const data = encodeFunctionData({ abi: SequencerRegistry.abi, functionName: 'fundRewards' })
    expect(result).toBe(messageHash(0n, vault.address, L1_REGISTRY, ETHER, 100_000n, data))
    expect(await chain.balanceOf(vault.address)).toBe(0n)
  })
})

describe('L1Block', () => {
  const fields = [12n, 1_767_225_700n, 7n, `0x${'ab'.repeat(32)}`, `0x${'cd'.repeat(32)}`]

  it('is set by the system address alone', async () => {
    expect(await chain.errorOf(l1Block, 'setL1Block', fields)).toBe('L1Block_NotSystem')
    const { gasUsed } = await chain.send(l1Block, 'setL1Block', fields, { from: SYSTEM })
    expect(gasUsed).toBeLessThan(150_000n)
    const names = ['number', 'timestamp', 'baseFee', 'hash', 'prevrandao']
    for (const [i, name] of names.entries()) expect(await chain.read(l1Block, name)).toBe(fields[i])
  })
})
