import { concatHex, encodePacked, type Hex, keccak256, numberToHex, size, sliceHex } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeBatch, type Group, micro, move, signGroup, social } from './batch.ts'
import { createPersona, type Persona, personOf, signEngagement, signSession } from './persona.ts'

let persona: Persona
let restore: () => void
let campaign: bigint
let deadline: bigint
const [alice, bob, carol, key] = [personOf(0), personOf(1), personOf(2), personOf(9)]

async function open(
  owner: PrivateKeyAccount,
  passport: bigint,
  changes: Record<string, unknown> = {},
): Promise<bigint> {
  const { chain, contracts } = persona
  const nonce = await chain.read<bigint>(contracts.engagements, 'sessionNonceOf', [passport])
  const session = {
    passport,
    key: key.address,
    campaign,
    allowance: 100n,
    expiry: deadline,
    nonce,
    ...changes,
  }
  const signature = await signSession(owner, session)
  const { result } = await chain.send(contracts.engagements, 'openSession', [session, signature])
  return result as bigint
}

beforeAll(async () => {
  persona = await createPersona()
  for (const person of [alice, bob, carol]) await persona.mint(person)
  campaign = await persona.campaign()
  deadline = persona.chain.timestamp() + 50n
  await open(alice, 1n)
  await open(bob, 2n)
  restore = persona.chain.capture()
})
beforeEach(() => {
  restore()
  restore = persona.chain.capture()
})

const group = (
  session: bigint,
  passport: bigint,
  actions: readonly Hex[],
  nonce = 0n,
  changes: Record<string, unknown> = {},
): Promise<Group> =>
  signGroup(session, key, {
    passport,
    actions: concatHex(actions),
    campaign,
    nonce,
    deadline,
    ...changes,
  })
const submit = (groups: readonly Group[]) =>
  persona.chain.attempt(persona.contracts.engagements, 'submit', [
    encodeBatch(campaign, deadline, groups),
  ])
const refusalsOf = async (groups: readonly Group[]) => {
  const { logs, error } = await submit(groups)
  expect(error).toBeUndefined()
  return logs.filter(({ name }) => name === 'GroupRefused').map(({ args }) => args.reason)
}
const countsOf = (passport: bigint) =>
  persona.chain.read<bigint>(persona.contracts.engagements, 'countsOf', [campaign, 0n, passport])
const playOf = (passport: bigint) =>
  persona.chain.read<Record<string, number>>(persona.contracts.engagements, 'playOf', [passport])

describe('a batch', () => {
  it('records the actions of many under one signature each', async () => {
    const groups = [
      await group(1n, 1n, [micro(3), micro(3), move(1, 3), move(0, 1), social(2n)]),
      await group(2n, 2n, [social(1n), social(1n), micro(0)]),
    ]
    const { result, logs } = await submit(groups)
    expect(result).toEqual([8n, 0n])
    expect(logs.map(({ name }) => name)).toEqual([
      'ActionsRecorded',
      'ActionsRecorded',
      'BatchRecorded',
    ])
    expect(logs[0]?.args).toMatchObject({ passport: 1n, session: 1n, nonce: 0n })
    expect(await countsOf(1n)).toBe(2n | (2n << 32n) | (1n << 64n))
    expect(await playOf(1n)).toMatchObject({ x: 3, y: 31, moves: 2, coins: 6, tasks: 8, hearts: 2 })
    expect(await playOf(2n)).toMatchObject({ coins: 5, tasks: 1, hearts: 1 })
    const edges = await persona.chain.read(persona.contracts.engagements, 'inEdgesOf', [
      campaign,
      0n,
      1n,
    ])
    const link = (chain: Hex) =>
      sliceHex(keccak256(encodePacked(['bytes28', 'uint32'], [chain, 2])), 0, 28)
    expect(edges).toEqual([link(link(`0x${'00'.repeat(28)}`)), 2])
  })

  it('cannot be replayed, and passes over what is wrong without harm to the others', async () => {
    const first = await group(1n, 1n, [micro(1)])
    const second = await group(2n, 2n, [micro(1)])
    expect(await refusalsOf([first])).toEqual([])
    expect(await refusalsOf([first, second])).toEqual([6])
    expect([await countsOf(1n), await countsOf(2n)]).toEqual([1n, 1n])
  })

  it('refuses each group with one bit of it changed', async () => {
    const good = await group(1n, 1n, [micro(1), social(2n)])
    const flip = (hex: Hex, bit: number): Hex =>
      numberToHex(BigInt(hex) ^ (1n << BigInt(bit)), { size: size(hex) })
    for (const bit of [0, 255, 256, 300, 511]) {
      expect(await refusalsOf([{ ...good, signature: flip(good.signature, bit) }])).toEqual([6])
    }
    expect(await refusalsOf([{ ...good, actions: flip(good.actions, 32) }])).toEqual([6])
    expect(await refusalsOf([{ ...good, session: 2n }])).not.toEqual([])
    expect(await refusalsOf([good])).toEqual([])
  })

  it('holds each session to its limits', async () => {
    const { chain, contracts } = persona
    const small = await open(carol, 3n, { allowance: 2n })
    expect(await refusalsOf([await group(small, 3n, [micro(0), micro(0), micro(0)])])).toEqual([4])
    expect(await refusalsOf([await group(small, 3n, [micro(0), micro(0)])])).toEqual([])
    expect(await refusalsOf([await group(9n, 1n, [micro(0)])])).toEqual([0])
    const other = await persona.campaign()
    const elsewhere = await open(carol, 3n, { campaign: other })
    expect(await refusalsOf([await group(elsewhere, 3n, [micro(0)])])).toEqual([3])
    const short = await open(carol, 3n, { expiry: chain.timestamp() })
    await chain.mine()
    expect(await refusalsOf([await group(short, 3n, [micro(0)])])).toEqual([2])
    const notOwner = { from: bob.address }
    expect(await chain.errorOf(contracts.engagements, 'revokeSession', [1n], notOwner)).toBe(
      'Engagements_NotOwner',
    )
    await chain.send(contracts.engagements, 'revokeSession', [1n], { from: alice.address })
    expect(await refusalsOf([await group(1n, 1n, [micro(0)])])).toEqual([1])
  })

  it('refuses malformed actions', async () => {
    const cases: readonly Hex[][] = [
      [social(1n)],
      [social(0n)],
      [social(4n)],
      [micro(1), '0x400000'],
      [numberToHex(64, { size: 1 })],
    ]
    for (const actions of cases)
      expect(await refusalsOf([await group(1n, 1n, actions)])).toEqual([5])
  })

  it('reverts where it cannot be read, after its deadline and outside of the campaign', async () => {
    const { chain, contracts } = persona
    const good = encodeBatch(campaign, deadline, [await group(1n, 1n, [micro(1)])])
    const head = encodeBatch(campaign, deadline, [])
    const broken: readonly Hex[] = [
      '0x',
      head,
      sliceHex(good, 0, size(good) - 1),
      concatHex([good, '0x00']),
      concatHex([head, '0x8100', sliceHex(good, size(head) + 1)]),
      concatHex([head, '0x0100', sliceHex(good, size(head) + 2)]),
      concatHex([head, '0xffffffffffffffffff02', sliceHex(good, size(head) + 1)]),
    ]
    for (const batch of broken) {
      expect(await chain.errorOf(contracts.engagements, 'submit', [batch])).toBe(
        'Engagements_MalformedBatch',
      )
    }
    await chain.mine(1, 51)
    expect(await chain.errorOf(contracts.engagements, 'submit', [good])).toBe('Engagements_Expired')
    const late = chain.timestamp() + 1_000n
    await chain.mine(1, 400)
    const after = encodeBatch(campaign, late, [])
    expect(await chain.errorOf(contracts.engagements, 'submit', [after])).toBe(
      'Campaigns_NotRunning',
    )
  })
})

describe('a session', () => {
  it('needs the signature of the owner, the next nonce, and a time to come', async () => {
    const { chain, contracts } = persona
    const base = {
      passport: 1n,
      key: key.address,
      campaign,
      allowance: 5n,
      expiry: deadline,
      nonce: 1n,
    }
    const attempt = async (changes: Partial<typeof base>, signer = alice) => {
      const session = { ...base, ...changes }
      const args = [session, await signSession(signer, session)]
      return chain.errorOf(contracts.engagements, 'openSession', args)
    }
    const undo = chain.capture()
    expect(await attempt({}, bob)).toBe('Engagements_WrongSignature')
    expect(await attempt({ nonce: 0n })).toBe('Engagements_WrongNonce')
    expect(await attempt({ nonce: 2n })).toBe('Engagements_WrongNonce')
    expect(await attempt({ expiry: chain.timestamp() - 1n })).toBe('Engagements_Expired')
    expect(await attempt({ allowance: 0n })).toBe('Engagements_InvalidSession')
    expect(await attempt({ campaign: campaign + 1n })).toBe('Engagements_InvalidSession')
    undo()
    const session = { ...base }
    const args = [session, await signSession(alice, session)]
    await chain.send(contracts.engagements, 'openSession', args)
    expect(await chain.errorOf(contracts.engagements, 'openSession', args)).toBe(
      'Engagements_WrongNonce',
    )
  })
})

describe('an owner', () => {
  it('acts without a session, once per signature', async () => {
    const { chain, contracts } = persona
    const actions = concatHex([micro(2), social(3n)])
    const message = { passport: 1n, actions, campaign, nonce: 0n, deadline }
    const args = [message, await signEngagement(alice, message)]
    const forged = [message, await signEngagement(bob, message)]
    expect(await chain.errorOf(contracts.engagements, 'engage', forged)).toBe(
      'Engagements_WrongSignature',
    )
    await chain.send(contracts.engagements, 'engage', args)
    expect(await countsOf(1n)).toBe(1n | (1n << 64n))
    expect(await chain.errorOf(contracts.engagements, 'engage', args)).toBe(
      'Engagements_WrongNonce',
    )
  })
})
