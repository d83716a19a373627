/** A campaign on a whole devnet, from passports to a claim whose gas a paymaster pays; then L1 is shown who Alice is. */
import { createPublicClient, createWalletClient, custom, type Hex, keccak256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDevnet, type Devnet } from '../../tools/devnet.ts'
import { ownerAccount } from '../../workers/persona/accounts.ts'
import { createPersonaEngine } from '../../workers/persona/engine.ts'
import { LITEPAPER_DRAFT } from '../../workers/protocol/litepaperDraft.ts'
import type {
  CommandResult,
  PersonaApi,
  PersonaCommand,
  PersonaProjection,
} from '../../workers/protocol/persona.ts'
import type { Json } from '../../workers/protocol/world.ts'
import { trexL1, trexL2 } from '../viem.ts'
import { personaActions, personaL1Actions } from './actions.ts'

const PEOPLE = 4
const FOLLOWERS = 2n
const alice = ownerAccount(0)
let devnet: Devnet
let engine: PersonaApi
let seen: PersonaProjection

/** Time passes, and the engine hears of it. */
async function beat(seconds = 2): Promise<void> {
  const { timeMs } = await devnet.advance(seconds)
  await engine.advance(timeMs)
  expect(seen.setup.failure).toBeNull()
}

async function until(isDone: () => boolean | Promise<boolean>, seconds = 2): Promise<void> {
  for (let beats = 0; beats < 120; beats += 1) {
    if (await isDone()) return
    await beat(seconds)
  }
  throw new Error('It did not come to that.')
}

async function perform(command: PersonaCommand): Promise<CommandResult> {
  const done = engine.perform(command)
  let isOver = false
  const mark = (): void => {
    isOver = true
  }
  done.then(mark, mark)
  await until(() => isOver)
  return done
}

beforeAll(async () => {
  devnet = await createDevnet()
  engine = createPersonaEngine(
    async (method, params) => (await devnet.l2.request({ method, params: [...params] })) as Json,
  )
  await engine.subscribe((patch) => {
    seen = { ...seen, ...patch }
  })
  await engine.open({ seed: 7, personas: PEOPLE, sybilPermille: 0 })
  await until(() => seen.setup.stage === 'ready')
  await perform({ kind: 'createCampaign', draft: { ...LITEPAPER_DRAFT, epochSeconds: 20 } })
  await until(() => seen.setup.stage === 'ready')
  await engine.setLoad(4)
  await until(() => seen.load.included > 40)
  await engine.setLoad(0)
  await until(() => seen.epochs.some(({ status }) => status === 'closed'))
  await perform({ kind: 'publishRewards', campaign: '1' })
  await until(() => seen.epochs.some(({ status }) => status === 'final'))
}, 600_000)
afterAll(() => devnet.close())

const clients = () => {
  const [first] = devnet.accounts
  const account = privateKeyToAccount(first?.privateKey as Hex)
  const onL1 = { account, chain: trexL1, transport: custom(devnet.l1), pollingInterval: 20 }
  return {
    l1: createWalletClient(onL1).extend(personaL1Actions),
    waiting: createPublicClient({ chain: trexL1, transport: custom(devnet.l1) }),
    l2: createPublicClient({ chain: trexL2, transport: custom(devnet.l2) }).extend(personaActions),
  }
}

test('who has no ether links a wallet and takes a reward: a paymaster pays, through EntryPoint', async () => {
  const { l2 } = clients()
  const linked = await perform({ kind: 'linkWallet', passport: 1, wallet: 0 })
  const claimed = await perform({ kind: 'claim', campaign: '1', passport: 1 })
  for (const { gas, sponsoredWei } of [linked, claimed]) {
    expect(gas).toBe('sponsored')
    expect(sponsoredWei).toBeGreaterThan(0n)
  }
  expect(await l2.getBalance({ address: alice.address })).toBe(0n)
  const code = await l2.getCode({ address: alice.address })
  expect(code).toBe('0xef0100e6cae83bde06e4c305530e199d7217f42808555b')
  const persona = await l2.resolvePassport({ address: alice.address })
  expect(persona).toMatchObject({ passport: 1n, owner: alice.address })
  expect(persona?.wallets).toHaveLength(2)
  expect((await engine.persona(1, '1'))?.claimedWei).toBeGreaterThan(0n)
}, 300_000)

test('L1 is shown her badge, wallet and score from a final root, and refuses a changed one', async () => {
  const { l1, l2, waiting } = clients()
  const campaign = 1n
  const passport = 1n
  const from = await l2.getBlockNumber()
  const isFinal = async () => {
    const status = (await devnet.l2.request({ method: 'rollup_syncStatus' })) as {
      readonly finalized: { readonly number: Hex }
    }
    return BigInt(status.finalized.number) >= from
  }
  await until(isFinal, 10)

  const badge = { passport, kind: FOLLOWERS }
  const proof = await l2.readBadgeProof(badge)
  const last = proof.statePreimage.at(-1) === '0' ? '1' : '0'
  const statePreimage = `${proof.statePreimage.slice(0, -1)}${last}` as Hex
  await expect(l1.proveBadge({ ...badge, proof: { ...proof, statePreimage } })).rejects.toThrow(
    'OutputProof_WrongPreimage',
  )
  await waiting.waitForTransactionReceipt({ hash: await l1.proveBadge({ ...badge, proof }) })
  const proven = await l1.getProvenBadge(badge)
  expect(proven.badge).toMatchObject({ value: 10_000n, revokedAt: 0 })
  expect(proven.entryIndex).toBeGreaterThan(0n)

  const wallet = { wallet: alice.address }
  const walletProof = await l2.readWalletProof(wallet)
  const hash = await l1.proveWallet({ ...wallet, proof: walletProof })
  await waiting.waitForTransactionReceipt({ hash })
  expect((await l1.getProvenPassport(wallet))[0]).toBe(passport)

  const scoreProof = await l2.readScoreProof({ campaign })
  const { blockNumber } = scoreProof
  expect(blockNumber).toBeGreaterThanOrEqual(from)
  expect(scoreProof.outputRoot).toBe(keccak256(scoreProof.statePreimage))
  expect(await l2.computeRewardRow({ campaign, passport, blockNumber: 1n })).toBeNull()
  const row = await l2.computeRewardRow({ campaign, passport, blockNumber })
  if (row === null) throw new TypeError('Alice has no row.')
  const greedy = { ...row, row: { ...row.row, cumulative: row.row.cumulative + 1n } }
  await expect(l1.proveScore({ campaign, row: greedy, proof: scoreProof })).rejects.toThrow(
    'PersonaProver_WrongRow',
  )
  const scored = await l1.proveScore({ campaign, row, proof: scoreProof })
  await waiting.waitForTransactionReceipt({ hash: scored })
  const score = await l1.getProvenScore({ campaign, passport })
  expect(score).toMatchObject({ pms: row.row.pms, cumulative: row.row.cumulative })
  expect(score.pms).toBeGreaterThan(700_000_000n)
}, 600_000)
