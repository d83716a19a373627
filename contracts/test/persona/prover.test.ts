import { encodeAbiParameters, type Hex, keccak256, toHex } from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import { PERSONA } from '../../../tools/genesis/persona.ts'
import { bytesToHex, hexToBytes } from '../../../workers/rollup/bytes.ts'
import { boundaryState, openOutput } from '../../../workers/rollup/machine/boundary.ts'
import { stateHash } from '../../../workers/rollup/machine/hash.ts'
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
} from '../../../workers/rollup/trie/world.ts'
import * as DisputeGame from '../../generated/DisputeGame.ts'
import * as PersonaProver from '../../generated/PersonaProver.ts'
import type { Contract } from '../harness.ts'
import { AIR_GAP, createRollup, DEPOSIT_ONLY, DISPUTE_WINDOW, type Rollup } from '../rollup.ts'
import { type Row, rowLeaf, treeOf } from './rewards.ts'

const USER: Hex = '0x00000000000000000000000000000000000000aa'
const NO_GAME: Hex = `0x${'00'.repeat(20)}`
const BADGE = 10_000n | (1_767_225_600n << 96n) | (1_800_000_000n << 136n) | (2n << 216n)
const uint = { type: 'uint256' } as const
const ROWS: readonly Row[] = [1n, 2n, 3n].map((passport) => ({
  passport,
  engagement: 5n,
  pms: 780_000_000n,
  trust: 9n,
  prefix: passport,
  amount: 10n,
  cumulative: 20n + passport,
}))
const TREE = treeOf(ROWS.map(rowLeaf))

const badgeSlot = (passport: bigint, kind: bigint): Hex => {
  const inner = keccak256(encodeAbiParameters([uint, uint], [passport, 0n]))
  return keccak256(encodeAbiParameters([uint, { type: 'bytes32' }], [kind, inner]))
}
const rootSlot = keccak256(encodeAbiParameters([uint, uint], [7n, 0n]))
const walletSlot = keccak256(encodeAbiParameters([{ type: 'address' }, uint], [USER, 0n]))

let rollup: Rollup
let prover: Contract
let game: Contract
const world = l2World()

beforeEach(async () => {
  rollup = await createRollup()
  const { chain, factory, anchors } = rollup
  prover = await chain.deploy(PersonaProver, [factory.address, anchors.address])
  game = await propose()
})

function l2World(): WorldState {
  const contracts = [PERSONA.badges, PERSONA.epochRewards, PERSONA.passport]
  const codeHash = hexToBytes(keccak256(toHex('code')))
  const account = { nonce: 1n, balance: 0n, codeHash, storage: EMPTY_STORAGE }
  let state = EMPTY_WORLD
  for (const address of contracts) state = setAccount(state, hexToBytes(address), account)
  for (let kind = 0n; kind < 8n; kind++)
    state = put(state, PERSONA.badges, badgeSlot(2n, kind), BADGE)
  state = put(state, PERSONA.epochRewards, rootSlot, BigInt(TREE.root))
  return put(state, PERSONA.passport, walletSlot, 2n)
}

function put(state: WorldState, address: Hex, slot: Hex, value: bigint): WorldState {
  return setStorage(state, hexToBytes(address), hexToBytes(slot), value)
}

const state = () =>
  boundaryState({
    chainId: 7_331_002,
    coinbase: hexToBytes(USER),
    gasLimit: 60_000_000n,
    batchIndex: 2n,
    inboxCount: 1n,
    number: 3n,
    timestamp: 4n,
    prevrandao: hexToBytes(keccak256(toHex('randao'))),
    baseFee: 7n,
    gasUsed: 0n,
    blockHash: (number) => hexToBytes(keccak256(toHex(`block ${number}`))),
    world,
  })

async function propose(): Promise<Contract> {
  const { chain, factory, inbox } = rollup
  await chain.send(inbox, 'deposit', [USER, 100_000n, '0x'], { value: 1n })
  await chain.mine(Number(DEPOSIT_ONLY))
  await chain.send(inbox, 'forceInclude', [chain.headerOf(chain.blockNumber() - 1n).rlp])
  const value = await chain.read<bigint>(factory, 'initBond')
  const args = [bytesToHex(stateHash(state())), 1n, NO_GAME]
  const { result } = await chain.send(factory, 'create', args, { value })
  return { address: (result as string).toLowerCase() as Hex, abi: DisputeGame.abi }
}

async function finalize(): Promise<void> {
  const { chain, anchors } = rollup
  await chain.mine(1, Number(DISPUTE_WINDOW))
  await chain.send(game, 'resolveClaim', [0n])
  await chain.send(game, 'resolve')
  await chain.mine(1, Number(AIR_GAP))
  await chain.send(anchors, 'finalize', [game.address])
}

function proofOf(address: Hex, slot: Hex) {
  const account = getAccount(world, hexToBytes(address))
  const { statePreimage, worldPreimage } = openOutput(state())
  return {
    game: game.address,
    statePreimage: bytesToHex(statePreimage),
    worldPreimage: bytesToHex(worldPreimage),
    account: account === undefined ? '0x' : bytesToHex(encodeAccount(account)),
    accountProof: accountProof(world, hexToBytes(address)).map(bytesToHex),
    storageProof: storageProof(world, hexToBytes(address), hexToBytes(slot)).map(bytesToHex),
  }
}

describe('a Persona on L1', () => {
  it('shows a badge once the root is final, and the absence of one', async () => {
    const { chain } = rollup
    const args = [2n, 3n, proofOf(PERSONA.badges, badgeSlot(2n, 3n))]
    expect(await chain.errorOf(prover, 'proveBadge', args)).toBe('PersonaProver_NotFinal')
    await finalize()
    const { gasUsed } = await chain.send(prover, 'proveBadge', args)
    expect(gasUsed).toBeLessThan(400_000n)
    const badge = {
      value: 10_000n,
      issuedAt: 1_767_225_600,
      expiresAt: 1_800_000_000,
      revokedAt: 0,
      validator: 2,
    }
    expect(await chain.read(prover, 'badgeOf', [2n, 3n])).toEqual({ entryIndex: 1n, badge })
    const none = [3n, 3n, proofOf(PERSONA.badges, badgeSlot(3n, 3n))]
    const { result } = await chain.send(prover, 'proveBadge', none)
    expect(result).toMatchObject({ value: 0n, issuedAt: 0 })
  })

  it('shows no badge by the proof of another slot, account or game', async () => {
    const { chain } = rollup
    await finalize()
    const error = (proof: object) =>
      chain.errorOf(prover, 'proveBadge', [
        2n,
        3n,
        { ...proofOf(PERSONA.badges, badgeSlot(2n, 3n)), ...proof },
      ])
    expect(await error({})).toBe('')
    const { account, accountProof: nodes } = proofOf(PERSONA.passport, walletSlot)
    expect(await error({ account, accountProof: nodes })).toBe('OutputProof_InvalidAccountProof')
    expect(await error({ game: USER })).toBe('PersonaProver_UnknownGame')
    expect(await error({ storageProof: [] })).toBe('MerklePatricia_ProofTooShort')
    const storage = proofOf(PERSONA.badges, badgeSlot(2n, 3n)).storageProof
    const flipped = storage.map((node, i) => (i === 0 ? node.replace(/.$/, '1') : node))
    expect(await error({ storageProof: flipped })).toBe('MerklePatricia_WrongHash')
  })

  it('shows a score under the rewards root, for its own row alone', async () => {
    const { chain } = rollup
    await finalize()
    const proof = proofOf(PERSONA.epochRewards, rootSlot)
    const row = { row: ROWS[1], proof: TREE.proof(1) }
    const greedy = { ...row, row: { ...ROWS[1], cumulative: 23n } }
    expect(await chain.errorOf(prover, 'proveScore', [7n, greedy, proof])).toBe(
      'PersonaProver_WrongRow',
    )
    await chain.send(prover, 'proveScore', [7n, row, proof])
    expect(await chain.read(prover, 'scoreOf', [7n, 2n])).toEqual({
      entryIndex: 1n,
      pms: 780_000_000n,
      trust: 9n,
      cumulative: 22n,
    })
  })

  it('resolves a wallet', async () => {
    await finalize()
    const args = [USER, proofOf(PERSONA.passport, walletSlot)]
    await rollup.chain.send(prover, 'proveWallet', args)
    expect(await rollup.chain.read(prover, 'passportOf', [USER])).toEqual([2n, 1n])
  })
})
