import { encodeAbiParameters, encodeFunctionData, type Hex, keccak256, toHex } from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import { bytesToHex, hexToBytes } from '../../workers/rollup/bytes.ts'
import { boundaryState, openOutput } from '../../workers/rollup/machine/boundary.ts'
import { stateHash } from '../../workers/rollup/machine/hash.ts'
import {
  accountProof,
  EMPTY_STORAGE,
  EMPTY_WORLD,
  encodeAccount,
  getAccount,
  setAccount,
  setStorage,
  storageProof,
  type WorldState,
} from '../../workers/rollup/trie/world.ts'
import * as DemoToken from '../generated/DemoToken.ts'
import * as DisputeGame from '../generated/DisputeGame.ts'
import * as Receiver from '../generated/test/Receiver.ts'
import * as TaxToken from '../generated/test/TaxToken.ts'
import type { Contract } from './harness.ts'
import {
  AIR_GAP,
  createRollup,
  DEPOSIT_ONLY,
  DISPUTE_WINDOW,
  ETHER,
  type Rollup,
} from './rollup.ts'

const PASSER: Hex = '0x4200000000000000000000000000000000000016'
const L2_BRIDGE: Hex = '0x4200000000000000000000000000000000000010'
const NO_GAME: Hex = `0x${'00'.repeat(20)}`
const USER: Hex = '0x00000000000000000000000000000000000000aa'
const word = { type: 'bytes32' } as const
const hash = (text: string): Hex => keccak256(toHex(text))

interface Withdrawal {
  readonly nonce: bigint
  readonly sender: Hex
  readonly target: Hex
  readonly value: bigint
  readonly gasLimit: bigint
  readonly data: Hex
}

let rollup: Rollup
let prover: Hex
beforeEach(async () => {
  rollup = await createRollup()
  prover = rollup.chain.account(4)
  await rollup.chain.send(rollup.inbox, 'deposit', [USER, 100_000n, '0x'], { value: 50n * ETHER })
})

const withdrawal = (changes: Partial<Withdrawal> = {}): Withdrawal => ({
  nonce: 0n,
  sender: USER,
  target: rollup.chain.account(29),
  value: ETHER,
  gasLimit: 100_000n,
  data: '0x',
  ...changes,
})

/** L2's state with these withdrawals sent, among other accounts. */
async function worldWith(sent: readonly Withdrawal[]): Promise<WorldState> {
  let world = EMPTY_WORLD
  for (let i = 1; i < 40; i++) {
    const address = hexToBytes(`0x${i.toString(16).padStart(40, '0')}`)
    world = setAccount(world, address, {
      nonce: 1n,
      balance: BigInt(i),
      codeHash: hexToBytes(hash('code')),
      storage: EMPTY_STORAGE,
    })
  }
  for (const item of sent) {
    const messageHash = await rollup.chain.read<Hex>(rollup.bridge, 'hashWithdrawal', [item])
    world = setStorage(world, hexToBytes(PASSER), hexToBytes(slotOf(messageHash)), 1n)
    world = setStorage(
      world,
      hexToBytes(PASSER),
      hexToBytes(`0x${'00'.repeat(31)}01`),
      item.nonce + 1n,
    )
  }
  return world
}

const slotOf = (messageHash: Hex): Hex =>
  keccak256(encodeAbiParameters([word, { type: 'uint256' }], [messageHash, 0n]))

/** The output root over a world and what opens it. */
function preimages(world: WorldState): { statePreimage: Hex; worldPreimage: Hex; root: Hex } {
  const state = boundaryState({
    chainId: 7_331_002,
    coinbase: hexToBytes(USER),
    gasLimit: 60_000_000n,
    batchIndex: 2n,
    inboxCount: 1n,
    number: 3n,
    timestamp: 4n,
    prevrandao: hexToBytes(hash('randao')),
    baseFee: 7n,
    gasUsed: 0n,
    blockHash: (number) => hexToBytes(hash(`block ${number}`)),
    world,
  })
  const { statePreimage, worldPreimage } = openOutput(state)
  return {
    statePreimage: bytesToHex(statePreimage),
    worldPreimage: bytesToHex(worldPreimage),
    root: bytesToHex(stateHash(state)),
  }
}

async function proofOf(world: WorldState, item: Withdrawal) {
  const messageHash = await rollup.chain.read<Hex>(rollup.bridge, 'hashWithdrawal', [item])
  const account = getAccount(world, hexToBytes(PASSER))
  const { statePreimage, worldPreimage } = preimages(world)
  return {
    statePreimage,
    worldPreimage,
    account: account === undefined ? '0x' : bytesToHex(encodeAccount(account)),
    accountProof: accountProof(world, hexToBytes(PASSER)).map(bytesToHex),
    storageProof: storageProof(world, hexToBytes(PASSER), hexToBytes(slotOf(messageHash))).map(
      bytesToHex,
    ),
  }
}

async function propose(root: Hex): Promise<Contract> {
  const { chain, factory, inbox } = rollup
  const count = await chain.read<bigint>(inbox, 'entryCount')
  if (count === 1n) {
    await chain.mine(Number(DEPOSIT_ONLY))
    await chain.send(inbox, 'forceInclude', [chain.headerOf(chain.blockNumber() - 1n).rlp])
  }
  const value = await chain.read<bigint>(factory, 'initBond')
  const { result } = await chain.send(factory, 'create', [root, 1n, NO_GAME], { value })
  return { address: (result as string).toLowerCase() as Hex, abi: DisputeGame.abi }
}

async function finalize(game: Contract): Promise<void> {
  const { chain, anchors } = rollup
  await chain.mine(1, Number(DISPUTE_WINDOW))
  await chain.send(game, 'resolveClaim', [0n])
  await chain.send(game, 'resolve')
  await chain.mine(1, Number(AIR_GAP))
  await chain.send(anchors, 'finalize', [game.address])
}

/** Proves the first of `sent` and makes the root final. */
async function ready(sent: readonly Withdrawal[]): Promise<Contract> {
  const world = await worldWith(sent)
  const game = await propose(preimages(world).root)
  for (const item of sent) {
    await rollup.chain.send(
      rollup.bridge,
      'proveWithdrawal',
      [item, game.address, await proofOf(world, item)],
      { from: prover },
    )
  }
  await finalize(game)
  return game
}

const finalizeError = (item: Withdrawal, from = prover, options = {}) =>
  rollup.chain.errorOf(rollup.bridge, 'finalizeWithdrawal', [item, from], options)

describe('a withdrawal', () => {
  it('is proven against a standing root and paid once that is final', async () => {
    const { chain, bridge } = rollup
    const item = withdrawal()
    const world = await worldWith([item, withdrawal({ nonce: 1n }), withdrawal({ nonce: 2n })])
    const game = await propose(preimages(world).root)
    const { gasUsed } = await chain.send(
      bridge,
      'proveWithdrawal',
      [item, game.address, await proofOf(world, item)],
      { from: prover },
    )
    expect(gasUsed).toBeLessThan(400_000n)
    expect(await finalizeError(item)).toBe('L1Bridge_GameNotFinal')
    await finalize(game)
    const before = await chain.balanceOf(item.target)
    expect(await finalizeError(item)).toBe('')
    expect((await chain.balanceOf(item.target)) - before).toBe(ETHER)
    expect(await chain.balanceOf(bridge.address)).toBe(49n * ETHER)
  })

  it('is paid once', async () => {
    const item = withdrawal()
    const game = await ready([item])
    expect(await finalizeError(item)).toBe('')
    expect(await finalizeError(item)).toBe('L1Bridge_AlreadyFinalized')
    const proof = await proofOf(await worldWith([item]), item)
    expect(
      await rollup.chain.errorOf(rollup.bridge, 'proveWithdrawal', [item, game.address, proof]),
    ).toBe('L1Bridge_AlreadyFinalized')
  })

  it('is paid only as it was sent, and only by who proved it', async () => {
    const item = withdrawal()
    await ready([item])
    for (const changed of [
      { value: 2n * ETHER },
      { target: USER },
      { nonce: 1n },
      { sender: prover },
      { gasLimit: 1n },
      { data: '0x00' as Hex },
    ]) {
      expect(await finalizeError({ ...item, ...changed })).toBe('L1Bridge_NotProven')
    }
    expect(await finalizeError(item, rollup.chain.account(5))).toBe('L1Bridge_NotProven')
  })

  it('is not proven by a corrupted proof', async () => {
    const { chain, bridge } = rollup
    const item = withdrawal()
    const world = await worldWith([item, withdrawal({ nonce: 1n })])
    const game = await propose(preimages(world).root)
    const proof = await proofOf(world, item)
    const attempt = (changes: object, what: Withdrawal = item) =>
      chain.errorOf(bridge, 'proveWithdrawal', [what, game.address, { ...proof, ...changes }])
    const flip = (hex: Hex, at: number): Hex => {
      const bytes = hexToBytes(hex)
      bytes[at] = (bytes[at] ?? 0) ^ 1
      return bytesToHex(bytes)
    }
    for (const at of [0, 31, 130, 191])
      expect(await attempt({ statePreimage: flip(proof.statePreimage, at) })).toBe(
        'OutputProof_WrongPreimage',
      )
    for (const at of [0, 40, 223])
      expect(await attempt({ worldPreimage: flip(proof.worldPreimage, at) })).toBe(
        'OutputProof_WrongPreimage',
      )
    expect(await attempt({ account: flip(proof.account as Hex, 20) })).toBe(
      'OutputProof_InvalidAccountProof',
    )
    const corrupt = (nodes: readonly Hex[]) =>
      nodes.map((node, i) => (i === nodes.length - 1 ? flip(node, 5) : node))
    expect(await attempt({ accountProof: corrupt(proof.accountProof) })).not.toBe('')
    expect(await attempt({ storageProof: corrupt(proof.storageProof) })).not.toBe('')
    expect(await attempt({ storageProof: [] })).toBe('L1Bridge_InvalidStorageProof')
    expect(await attempt({}, withdrawal({ value: 3n }))).toBe('L1Bridge_InvalidStorageProof')
    expect(await attempt({ statePreimage: `${proof.statePreimage}00` })).toBe(
      'OutputProof_WrongPreimage',
    )
    expect(await attempt({})).toBe('')
  })

  it('is not proven against a stranger, a lost or a blacklisted root', async () => {
    const { chain, bridge, anchors, guardian } = rollup
    const item = withdrawal()
    const world = await worldWith([item])
    const game = await propose(preimages(world).root)
    const attempt = async (address: Hex) =>
      chain.errorOf(bridge, 'proveWithdrawal', [item, address, await proofOf(world, item)], {
        from: prover,
      })
    expect(await attempt(USER)).toBe('L1Bridge_UnknownGame')
    expect(await attempt(game.address)).toBe('')
    await chain.send(anchors, 'blacklist', [game.address], { from: guardian })
    expect(await attempt(game.address)).toBe('L1Bridge_GameLost')
    expect(await finalizeError(item)).toBe('L1Bridge_GameNotFinal')
  })

  it('tells its target who sent it on L2', async () => {
    const { chain, caller } = rollup
    const receiver = await chain.deploy(Receiver)
    const data = encodeFunctionData({ abi: Receiver.abi, functionName: 'take', args: ['0x1234'] })
    const item = withdrawal({ target: receiver.address, data, gasLimit: 300_000n })
    await ready([item])
    expect(await finalizeError(item)).toBe('')
    expect((await chain.read<Hex>(receiver, 'sender')).toLowerCase()).toBe(USER)
    expect(await chain.read(receiver, 'received')).toBe(ETHER)
    expect(await chain.errorOf(caller, 'l2Sender')).toBe('WithdrawalCaller_NoWithdrawal')
    expect(await chain.errorOf(caller, 'execute', [USER, USER, '0x'])).toBe(
      'WithdrawalCaller_NotBridge',
    )
  })

  it('whose call fails can be tried again, and cannot be paid twice from within', async () => {
    const { chain, bridge } = rollup
    const receiver = await chain.deploy(Receiver)
    const data = encodeFunctionData({ abi: Receiver.abi, functionName: 'take', args: ['0x'] })
    const item = withdrawal({ target: receiver.address, data, gasLimit: 1_000_000n })
    await ready([item])
    await chain.send(receiver, 'setMode', [1])
    expect(await finalizeError(item)).toBe('L1Bridge_CallFailed')
    await chain.send(receiver, 'prepare', [bridge.address, item, prover])
    await chain.send(receiver, 'setMode', [2])
    expect(await finalizeError(item)).toBe('L1Bridge_CallFailed')
    await chain.send(receiver, 'setMode', [0])
    expect(await finalizeError(item, prover, { gas: 900_000n })).toBe('L1Bridge_NotEnoughGas')
    expect(await finalizeError(item)).toBe('')
    expect(await chain.read(receiver, 'received')).toBe(ETHER)
  })

  it('cannot speak for the bridge: neither to the inbox as minter, nor to a token as owner', async () => {
    const { chain, bridge, inbox } = rollup
    const token = await chain.deploy(DemoToken, ['Demo', 'DEMO', 100n * ETHER])
    await chain.send(token, 'approve', [bridge.address, 10n * ETHER])
    await chain.send(bridge, 'depositERC20', [token.address, USER, 10n * ETHER, 500_000n])
    const steal = encodeFunctionData({
      abi: DemoToken.abi,
      functionName: 'transfer',
      args: [USER, ETHER],
    })
    const direct = withdrawal({
      nonce: 1n,
      target: bridge.address,
      value: 0n,
      data: encodeAbiParameters(
        [{ type: 'address' }, { type: 'address' }, { type: 'address' }, { type: 'uint256' }],
        [token.address, USER, USER, ETHER],
      ),
    })
    const onToken = withdrawal({ nonce: 2n, target: token.address, value: 0n, data: steal })
    const toInbox = withdrawal({
      nonce: 3n,
      target: inbox.address,
      value: 0n,
      gasLimit: 500_000n,
      data: encodeFunctionData({
        abi: inbox.abi,
        functionName: 'deposit',
        args: [L2_BRIDGE, 100_000n, '0x'],
      }),
    })
    await ready([direct, onToken, toInbox])
    expect(await finalizeError(direct)).toBe('L1Bridge_ForbiddenTarget')
    expect(await finalizeError(onToken)).toBe('L1Bridge_CallFailed')
    const outcome = await chain.send(bridge, 'finalizeWithdrawal', [toInbox, prover])
    const sender = String(
      outcome.logs.find(({ name }) => name === 'MessageQueued')?.args.sender,
    ).toLowerCase()
    const alias =
      (BigInt(bridge.address) + 0x1111000000000000000000000000000000001111n) % (1n << 160n)
    expect(BigInt(sender)).not.toBe(alias)
    expect(await chain.read(bridge, 'escrowed', [token.address])).toBe(10n * ETHER)
  })
})

describe('tokens', () => {
  it("are escrowed with a deposit and released by L2's bridge alone", async () => {
    const { chain, bridge } = rollup
    const token = await chain.deploy(DemoToken, ['Demo', 'DEMO', 100n * ETHER])
    await chain.send(token, 'approve', [bridge.address, 10n * ETHER])
    const { logs } = await chain.send(bridge, 'depositERC20', [
      token.address,
      USER,
      10n * ETHER,
      500_000n,
    ])
    expect(logs.map(({ name }) => name)).toContain('MessageQueued')
    const data = encodeAbiParameters(
      [{ type: 'address' }, { type: 'address' }, { type: 'address' }, { type: 'uint256' }],
      [token.address, USER, chain.account(29), 4n * ETHER],
    )
    const item = withdrawal({
      sender: L2_BRIDGE,
      target: bridge.address,
      value: 0n,
      gasLimit: 0n,
      data,
    })
    const more = { ...item, nonce: 1n, data: data.replace(/.{16}$/, 'ffffffffffffffff') as Hex }
    await ready([item, more])
    expect(await finalizeError(item)).toBe('')
    expect(await chain.read(token, 'balanceOf', [chain.account(29)])).toBe(4n * ETHER)
    expect(await chain.read(bridge, 'escrowed', [token.address])).toBe(6n * ETHER)
    expect(await finalizeError(more)).toBe('L1Bridge_EscrowTooSmall')
  })

  it('with a fee on transfer count as what arrived', async () => {
    const { chain, bridge } = rollup
    const token = await chain.deploy(TaxToken)
    await chain.send(token, 'approve', [bridge.address, 100n * ETHER])
    const { logs } = await chain.send(bridge, 'depositERC20', [
      token.address,
      USER,
      100n * ETHER,
      500_000n,
    ])
    expect(logs.find(({ name }) => name === 'Erc20Deposited')?.args.amount).toBe(99n * ETHER)
    expect(await chain.read(bridge, 'escrowed', [token.address])).toBe(99n * ETHER)
  })

  it('are refused without code, recipient, amount or gas', async () => {
    const { chain, bridge } = rollup
    const token = await chain.deploy(DemoToken, ['Demo', 'DEMO', 100n * ETHER])
    await chain.send(token, 'approve', [bridge.address, 10n * ETHER])
    const attempt = (args: readonly unknown[]) => chain.errorOf(bridge, 'depositERC20', args)
    expect(await attempt([USER, USER, 1n, 500_000n])).toBe('L1Bridge_InvalidToken')
    expect(await attempt([token.address, NO_GAME, 1n, 500_000n])).toBe('L1Bridge_InvalidRecipient')
    expect(await attempt([token.address, USER, 0n, 500_000n])).toBe('L1Bridge_AmountZero')
    expect(await attempt([token.address, USER, 1n, 499_999n])).toBe('L1Bridge_GasLimitTooSmall')
    expect(await attempt([token.address, USER, 11n * ETHER, 500_000n])).toBe(
      'ERC20InsufficientAllowance',
    )
  })
})

describe('ETH', () => {
  it('comes in through the inbox alone', async () => {
    const { chain, bridge, inbox } = rollup
    const { logs } = await chain.send(bridge, 'depositETH', [USER, 100_000n], { value: ETHER })
    expect(logs.map(({ name }) => name)).toEqual(['MessageQueued', 'EthReceived'])
    expect(await chain.balanceOf(bridge.address)).toBe(51n * ETHER)
    expect(await chain.balanceOf(inbox.address)).toBe(0n)
    expect(await chain.errorOf(bridge, 'depositETH', [USER, 100_000n])).toBe('L1Bridge_AmountZero')
    expect(await chain.errorOf(bridge, 'depositETH', [NO_GAME, 100_000n], { value: 1n })).toBe(
      'L1Bridge_InvalidRecipient',
    )
  })
})
