import { encodeAbiParameters, type Hex, keccak256 } from 'viem'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PERSONA } from '../../../tools/genesis/persona.ts'
import {
  type BadgeOptions,
  createPersona,
  DAY,
  ETHER,
  FOLLOWERS,
  GOVERNANCE,
  LIQUIDITY,
  NO_UID,
  ONCHAIN,
  type Persona,
  personOf,
  REGISTRAR,
  ZKTLS,
} from './persona.ts'

let persona: Persona
let restore: () => void
let rogue: Hex
const [alice, bob] = [personOf(0), personOf(1)]

beforeAll(async () => {
  persona = await createPersona()
  await persona.mint(alice)
  rogue = persona.chain.account(7)
  restore = persona.chain.capture()
})
beforeEach(() => {
  restore()
  restore = persona.chain.capture()
})

const issue = (changes: Partial<BadgeOptions> = {}) =>
  persona.badge({
    person: alice,
    passport: 1n,
    kind: GOVERNANCE,
    value: 3n,
    from: ONCHAIN,
    ...changes,
  })
const errorOf = async (changes: Partial<BadgeOptions>) => (await issue(changes)).error?.name
const pointsAt = (time = persona.chain.timestamp()) =>
  persona.chain.read<bigint>(persona.contracts.points, 'balanceAt', [1n, time])
const valueAt = (kind: number, time = persona.chain.timestamp()) =>
  persona.chain.read<bigint>(persona.contracts.badges, 'valueAt', [1n, kind, time])
const uidOf = async (kind = GOVERNANCE): Promise<Hex> =>
  (await persona.chain.read<[unknown, Hex]>(persona.contracts.badges, 'badgeOf', [1n, kind]))[1]

async function revoke(kind: number, from: Hex): Promise<string> {
  const { chain, contracts } = persona
  const { schema } = await chain.read<{ schema: Hex }>(contracts.badges, 'kindOf', [kind])
  const args = [{ schema, data: { uid: await uidOf(kind), value: 0n } }]
  return (await chain.attempt(contracts.eas, 'revoke', args, { from })).error?.name ?? ''
}

async function register(): Promise<void> {
  const { chain, contracts } = persona
  const options = { from: rogue, value: ETHER }
  await chain.send(contracts.validators, 'register', [0, 'Rogue'], options)
}

describe('badges', () => {
  it('give value and points, at the slot that L1 proves', async () => {
    expect((await issue()).reverted).toBe(false)
    expect(await pointsAt()).toBe(50n)
    expect(await valueAt(GOVERNANCE)).toBe(3n)
    const pair = [{ type: 'uint256' }, { type: 'uint256' }]
    const inner = keccak256(encodeAbiParameters(pair, [1n, 0n]))
    const outer = [{ type: 'uint256' }, { type: 'bytes32' }]
    const slot = keccak256(encodeAbiParameters(outer, [BigInt(GOVERNANCE), inner]))
    const word = BigInt(await persona.chain.storageOf(PERSONA.badges, slot))
    expect(word & ((1n << 96n) - 1n)).toBe(3n)
    expect((word >> 96n) & ((1n << 40n) - 1n)).toBe(persona.chain.timestamp())
  })

  it('come from a validator of the right kind, to a wallet of the passport', async () => {
    expect(await errorOf({ from: ZKTLS })).toBe('Badges_NotValidator')
    expect(await errorOf({ from: rogue })).toBe('Badges_NotValidator')
    expect(await errorOf({ person: bob })).toBe('Badges_NotWalletOf')
    expect(await errorOf({ passport: 2n })).toBe('Badges_NotWalletOf')
    expect(await errorOf({ value: 1n << 96n })).toBe('Badges_ValueTooLarge')
  })

  it('must expire where their kind says so, and count until then', async () => {
    const now = persona.chain.timestamp()
    const followers = { kind: FOLLOWERS, from: ZKTLS, value: 10_000n }
    const latest = now + BigInt(120 * DAY)
    expect(await errorOf(followers)).toBe('Badges_MustExpire')
    expect(await errorOf({ ...followers, expiresAt: latest + 1n })).toBe('Badges_MustExpire')
    expect(await errorOf({ ...followers, expiresAt: latest })).toBeUndefined()
    expect([await valueAt(FOLLOWERS, latest - 1n), await valueAt(FOLLOWERS, latest)]).toEqual([
      10_000n,
      0n,
    ])
    expect([await pointsAt(latest - 1n), await pointsAt(latest)]).toEqual([40n, 0n])
  })

  it('decay linearly and keep their points', async () => {
    const now = persona.chain.timestamp()
    await issue({ kind: LIQUIDITY, value: 1_000n })
    const daysLater = (days: number) => now + BigInt(days * DAY)
    expect(await valueAt(LIQUIDITY, daysLater(45))).toBe(750n)
    expect(await valueAt(LIQUIDITY, daysLater(179))).toBe(5n)
    expect(await valueAt(LIQUIDITY, daysLater(180))).toBe(0n)
    expect(await pointsAt(daysLater(181))).toBe(100n)
  })

  it('are upgraded by naming the badge that they replace, and the past stays', async () => {
    await issue()
    const [first, start] = [await uidOf(), persona.chain.timestamp()]
    await persona.chain.mine(1, 10)
    expect(await errorOf({ value: 9n })).toBe('Badges_NotUpgrade')
    const upgraded = await issue({ value: 9n, refUid: first })
    expect(upgraded.logs.map(({ name }) => name)).toContain('BadgeUpgraded')
    expect(await valueAt(GOVERNANCE, start + 9n)).toBe(3n)
    expect(await valueAt(GOVERNANCE, start + 10n)).toBe(9n)
    expect(await valueAt(GOVERNANCE, start - 1n)).toBe(0n)
    expect(await pointsAt()).toBe(50n)
  })

  it('end when their validator revokes them, and nobody else can', async () => {
    await issue()
    const start = persona.chain.timestamp()
    await persona.chain.mine(1, 10)
    expect(await revoke(GOVERNANCE, ZKTLS)).not.toBe('')
    expect(await revoke(GOVERNANCE, ONCHAIN)).toBe('')
    expect([await pointsAt(), await pointsAt(start + 9n)]).toEqual([0n, 50n])
    expect(await errorOf({ value: 4n })).toBeUndefined()
    expect(await valueAt(GOVERNANCE)).toBe(4n)
  })
})

describe('validators', () => {
  it('register with a bond alone, and their badges count once they are listed', async () => {
    const { chain, contracts } = persona
    const small = { from: rogue, value: ETHER - 1n }
    expect(await chain.errorOf(contracts.validators, 'register', [0, 'Rogue'], small)).toBe(
      'Validators_BondTooSmall',
    )
    await register()
    expect(await errorOf({ from: rogue })).toBeUndefined()
    expect(await pointsAt()).toBe(0n)
    expect(await chain.errorOf(contracts.validators, 'list', [rogue], { from: rogue })).toBe(
      'AccessControlUnauthorizedAccount',
    )
    await chain.send(contracts.validators, 'list', [rogue], { from: REGISTRAR })
    expect(await pointsAt()).toBe(50n)
  })

  it('that are not listed cannot replace what stands', async () => {
    await issue()
    await register()
    const refUid = await uidOf()
    expect(await errorOf({ from: rogue, value: 1n, refUid })).toBe('Badges_NotValidator')
    expect(await valueAt(GOVERNANCE)).toBe(3n)
  })

  it('that turn rogue lose the bond, and all of their badges stop counting from that second', async () => {
    const { chain, contracts } = persona
    await issue()
    await issue({ kind: LIQUIDITY, value: 500n })
    await chain.mine(1, 10)
    const revokedAt = chain.timestamp()
    const args = [ONCHAIN, 'sold badges']
    expect(await chain.errorOf(contracts.validators, 'revoke', args, { from: rogue })).toBe(
      'AccessControlUnauthorizedAccount',
    )
    const burnt = await chain.balanceOf('0x000000000000000000000000000000000000dead')
    await chain.send(contracts.validators, 'revoke', args, { from: REGISTRAR })
    expect(await chain.balanceOf('0x000000000000000000000000000000000000dead')).toBe(burnt + ETHER)
    expect([await pointsAt(revokedAt - 1n), await pointsAt(revokedAt)]).toEqual([150n, 0n])
    expect(await valueAt(GOVERNANCE)).toBe(0n)
    expect(await errorOf({ value: 1n, refUid: NO_UID })).toBe('Badges_NotValidator')
  })

  it('resign, keep their badges counting, and get the bond back later', async () => {
    const { chain, contracts } = persona
    await issue()
    await chain.send(contracts.validators, 'resign', [], { from: ONCHAIN })
    expect(await pointsAt()).toBe(50n)
    expect(await errorOf({ refUid: await uidOf() })).toBe('Badges_NotValidator')
    expect(await chain.errorOf(contracts.validators, 'withdrawBond', [], { from: ONCHAIN })).toBe(
      'Validators_NotYet',
    )
    await chain.mine(1, DAY)
    const before = await chain.balanceOf(ONCHAIN)
    await chain.send(contracts.validators, 'withdrawBond', [], { from: ONCHAIN })
    expect(await chain.balanceOf(ONCHAIN)).toBe(before + ETHER)
  })
})
