import fc from 'fast-check'
import { concatHex, encodeFunctionData, type Hex, numberToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PERSONA } from '../../../tools/genesis/persona.ts'
import { bytesToHex } from '../../../workers/rollup/bytes.ts'
import { accountKey } from '../../../workers/rollup/keys.ts'
import * as Passport from '../../generated/Passport.ts'
import * as Simple7702Account from '../../generated/Simple7702Account.ts'
import {
  createPersona,
  DAY,
  domainOf,
  ETHER,
  GOVERNANCE,
  LIQUIDITY,
  ONCHAIN,
  type Persona,
  personOf,
  REGISTRAR,
} from './persona.ts'

let persona: Persona
let restore: () => void
const [alice, bob] = [personOf(0), personOf(1)]
const sponsor = privateKeyToAccount(bytesToHex(accountKey('persona-registrar')))
const pair = (high: bigint, low: bigint): Hex =>
  concatHex([numberToHex(high, { size: 16 }), numberToHex(low, { size: 16 })])
const LIMITS = pair(300_000n, 600_000n)
const FEES = pair(1n, 2_000_000_000n)
const PAYMASTER_LIMITS = [200_000n, 50_000n] as const

beforeAll(async () => {
  persona = await createPersona()
  restore = persona.chain.capture()
})
beforeEach(() => {
  restore()
  restore = persona.chain.capture()
})

const uint = (name: string) => ({ name, type: 'uint256' })
const REQUEST = [
  { name: 'sender', type: 'address' },
  uint('nonce'),
  { name: 'initCode', type: 'bytes' },
  { name: 'callData', type: 'bytes' },
  { name: 'accountGasLimits', type: 'bytes32' },
  uint('preVerificationGas'),
  { name: 'gasFees', type: 'bytes32' },
  uint('paymasterVerificationGasLimit'),
  uint('paymasterPostOpGasLimit'),
  { name: 'validAfter', type: 'uint48' },
  { name: 'validUntil', type: 'uint48' },
]

/** A user operation by which Alice, who has no ETH, mints her passport; the sponsor and she signed it. */
async function operation(validUntil: bigint, signer = sponsor) {
  const { chain, contracts } = persona
  const mint = encodeFunctionData({ abi: Passport.abi, functionName: 'mint' })
  const callData = encodeFunctionData({
    abi: Simple7702Account.abi as never,
    functionName: 'execute',
    args: [PERSONA.passport, 0n, mint],
  } as never) as Hex
  const base = {
    sender: alice.address,
    nonce: await chain.read<bigint>(contracts.entryPoint, 'getNonce', [alice.address, 0n]),
    initCode: '0x' as Hex,
    callData,
    accountGasLimits: LIMITS,
    preVerificationGas: 50_000n,
    gasFees: FEES,
  }
  const [verification, post] = PAYMASTER_LIMITS
  const sponsored = await signer.signTypedData({
    domain: domainOf('PersonaPaymaster', PERSONA.paymaster),
    types: { UserOperationRequest: REQUEST },
    primaryType: 'UserOperationRequest',
    message: {
      ...base,
      paymasterVerificationGasLimit: verification,
      paymasterPostOpGasLimit: post,
      validAfter: 0n,
      validUntil,
    },
  })
  const times = [numberToHex(0, { size: 6 }), numberToHex(validUntil, { size: 6 })]
  const paymasterAndData = concatHex([
    PERSONA.paymaster,
    pair(verification, post),
    ...times,
    sponsored,
  ])
  const unsigned = { ...base, paymasterAndData, signature: '0x' as Hex }
  const hash = await chain.read<Hex>(contracts.entryPoint, 'getUserOpHash', [unsigned])
  return { ...unsigned, signature: await alice.sign({ hash }) }
}

async function handle(userOperation: unknown) {
  const { chain, contracts } = persona
  const bundler = chain.account(3)
  return chain.attempt(contracts.entryPoint, 'handleOps', [[userOperation], bundler], {
    from: bundler,
  })
}

describe('sponsored gas', () => {
  it('lets somebody without ETH mint a passport by EIP-7702 and EntryPoint 0.8', async () => {
    const { chain, contracts } = persona
    await chain.putCode(alice.address, `0xef0100${PERSONA.simple7702Account.slice(2)}`)
    const before = await chain.read<bigint>(contracts.entryPoint, 'balanceOf', [PERSONA.paymaster])
    const { error, logs } = await handle(await operation(chain.timestamp() + 100n))
    expect(error).toBeUndefined()
    const event = logs.find(({ name }) => name === 'UserOperationEvent')
    expect(event?.args).toMatchObject({ success: true })
    expect(await chain.read(contracts.passport, 'resolve', [alice.address])).toBe(1n)
    expect(await chain.balanceOf(alice.address)).toBe(0n)
    const after = await chain.read<bigint>(contracts.entryPoint, 'balanceOf', [PERSONA.paymaster])
    expect(before - after).toBe(event?.args.actualGasCost)
  })

  it('pays for nothing that the sponsor did not sign, or signed for an earlier time', async () => {
    const { chain } = persona
    await chain.putCode(alice.address, `0xef0100${PERSONA.simple7702Account.slice(2)}`)
    const stranger = await handle(await operation(chain.timestamp() + 100n, bob))
    expect(stranger.error?.name).toBe('FailedOp')
    const late = await handle(await operation(chain.timestamp() - 1n))
    expect(late.error?.name).toBe('FailedOp')
    const changed = await operation(chain.timestamp() + 100n)
    const pricier = await handle({ ...changed, preVerificationGas: 60_000n })
    expect(pricier.error?.name).toBe('FailedOp')
  })

  it('carries an operation once, whoever brings it again', async () => {
    const { chain, contracts } = persona
    await chain.putCode(alice.address, `0xef0100${PERSONA.simple7702Account.slice(2)}`)
    const signed = await operation(chain.timestamp() + 100n)
    expect((await handle(signed)).error).toBeUndefined()
    const deposit = () => chain.read<bigint>(contracts.entryPoint, 'balanceOf', [PERSONA.paymaster])
    const before = await deposit()
    expect((await handle(signed)).error?.name).toBe('FailedOp')
    expect(await deposit()).toBe(before)
  })

  it('is withdrawn by its owner alone', async () => {
    const { chain, contracts } = persona
    const args = [REGISTRAR, ETHER]
    const stranger = { from: bob.address }
    expect(await chain.errorOf(contracts.paymaster, 'withdraw', args, stranger)).toBe(
      'OwnableUnauthorizedAccount',
    )
    await chain.send(contracts.paymaster, 'withdraw', args, { from: REGISTRAR })
  })
})

describe('a stream', () => {
  const RATE = 3n * ETHER
  async function open(): Promise<bigint> {
    const { chain, contracts } = persona
    const from = REGISTRAR
    await chain.send(contracts.token, 'approve', [PERSONA.streams, RATE * 100n], { from })
    const start = chain.timestamp()
    const args = [PERSONA.demoToken, start, start + 100n, RATE]
    return (await chain.send(contracts.streams, 'create', args, { from })).result as bigint
  }
  const accrued = (stream: bigint, passport: bigint) =>
    persona.chain.read<bigint>(persona.contracts.streams, 'accruedOf', [stream, passport])

  it('pays in proportion to points, second by second, once', async () => {
    const { chain, contracts } = persona
    for (const person of [alice, bob]) await persona.mint(person)
    const badge = { value: 1n, from: ONCHAIN }
    await persona.badge({ ...badge, person: alice, passport: 1n, kind: LIQUIDITY })
    await persona.badge({ ...badge, person: bob, passport: 2n, kind: GOVERNANCE })
    const stream = await open()
    await chain.send(contracts.streams, 'sync', [stream, 1n])
    await chain.send(contracts.streams, 'sync', [stream, 2n])
    await chain.mine(1, 30)
    // 100 and 50 points of 90 DEMO; the accumulator rounds down.
    expect(await accrued(stream, 1n)).toBeGreaterThan(60n * ETHER - 200n)
    expect(await accrued(stream, 1n)).toBeLessThanOrEqual(60n * ETHER)
    const due = await accrued(stream, 2n)
    await chain.send(contracts.streams, 'claim', [stream, 2n])
    expect(await chain.read(contracts.token, 'balanceOf', [bob.address])).toBe(due)
    expect(await chain.errorOf(contracts.streams, 'claim', [stream, 2n])).toBe(
      'Streams_NothingToClaim',
    )
    await chain.mine(1, 1_000)
    const both = (await accrued(stream, 1n)) + (await accrued(stream, 2n)) + due
    expect(both).toBeLessThanOrEqual(RATE * 100n)
    expect(both).toBeGreaterThan(RATE * 100n - 1_000n)
  })

  interface Moment {
    readonly act: 'badge' | 'sync' | 'claim'
    readonly person: number
    readonly seconds: number
  }
  const moment: fc.Arbitrary<Moment> = fc.record({
    act: fc.constantFrom('badge', 'sync', 'claim'),
    person: fc.nat(1),
    seconds: fc.nat(40),
  })

  it('never pays more than was put in, whoever gets points and claims when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 4, maxLength: 14 }), async (moments) => {
        restore()
        restore = persona.chain.capture()
        expect(await paidAfter(moments)).toBeLessThanOrEqual(RATE * 100n)
      }),
      { numRuns: 12 },
    )
  })

  /** What two passports were paid, and could still claim, once the stream is over. */
  async function paidAfter(moments: readonly Moment[]) {
    const { chain, contracts } = persona
    const people = [alice, bob] as const
    for (const person of people) await persona.mint(person)
    const stream = await open()
    const badges = new Set<string>()
    for (const { act, person, seconds } of moments) {
      const passport = BigInt(person + 1)
      const kind = badges.has(`${person}`) ? GOVERNANCE : LIQUIDITY
      if (act === 'claim') await chain.attempt(contracts.streams, 'claim', [stream, passport], {})
      else if (act === 'badge' && !badges.has(`${person}/${kind}`)) {
        const badge = { person: people[person] ?? alice, passport, kind, value: 1n, from: ONCHAIN }
        await persona.badge(badge)
        badges.add(`${person}`).add(`${person}/${kind}`)
      }
      await chain.send(contracts.streams, 'sync', [stream, passport])
      await chain.mine(1, seconds)
    }
    await chain.mine(1, 100)
    let sum = (await accrued(stream, 1n)) + (await accrued(stream, 2n))
    for (const { address } of people)
      sum += await chain.read<bigint>(contracts.token, 'balanceOf', [address])
    return sum
  }

  it('refuses times that are past or turned round, a rate of nothing, and streams that are none', async () => {
    const { chain, contracts } = persona
    const from = REGISTRAR
    const now = chain.timestamp()
    const create = (start: bigint, end: bigint, rate: bigint) =>
      chain.errorOf(contracts.streams, 'create', [PERSONA.demoToken, start, end, rate], { from })
    expect(await create(now - 100n, now + 100n, 1n)).toBe('Streams_InvalidTime')
    expect(await create(now + 100n, now + 100n, 1n)).toBe('Streams_InvalidTime')
    expect(await create(now + 100n, now + 200n, 0n)).toBe('Streams_RateZero')
    expect(await chain.errorOf(contracts.streams, 'claim', [1n, 1n])).toBe('Streams_Unknown')
  })

  it('stops for badges of a rogue validator once synced', async () => {
    const { chain, contracts } = persona
    await persona.mint(alice)
    await persona.badge({ person: alice, passport: 1n, kind: LIQUIDITY, value: 1n, from: ONCHAIN })
    const stream = await open()
    await chain.send(contracts.streams, 'sync', [stream, 1n])
    await chain.mine(1, 10)
    await chain.send(contracts.validators, 'revoke', [ONCHAIN, 'rogue'], { from: REGISTRAR })
    await chain.send(contracts.streams, 'sync', [stream, 1n])
    const before = await accrued(stream, 1n)
    await chain.mine(1, 10)
    expect(await accrued(stream, 1n)).toBe(before)
    expect(before).toBeGreaterThan(0n)
  })
})

describe('a Rexy', () => {
  it('hatches for its owner, stays, and wears what counts', async () => {
    const { chain, contracts } = persona
    await persona.mint(alice)
    expect(await chain.errorOf(contracts.rexy, 'hatch', [1n], { from: bob.address })).toBe(
      'Rexy_NotOwner',
    )
    await chain.send(contracts.rexy, 'hatch', [1n], { from: alice.address })
    const traits = () => chain.read<Record<string, unknown>>(contracts.rexy, 'traitsOf', [1n])
    expect(await traits()).toEqual({ hue: 137, spikes: 0, level: 0, gear: 0n })
    await persona.badge({ person: alice, passport: 1n, kind: LIQUIDITY, value: 9n, from: ONCHAIN })
    expect(await traits()).toEqual({ hue: 137, spikes: 1, level: 6, gear: 2n })
    const uri = await chain.read<string>(contracts.rexy, 'tokenURI', [1n])
    const json = JSON.parse(atob(uri.split(',')[1] ?? '')) as { name: string; image: string }
    expect(json.name).toBe('Rexy #1')
    expect(atob(json.image.split(',')[1] ?? '')).toMatch(/^<svg .*<\/svg>$/)
    await chain.mine(1, 181 * DAY)
    expect(await traits()).toEqual({ hue: 137, spikes: 0, level: 6, gear: 0n })
    const args = [alice.address, bob.address, 1n]
    expect(await chain.errorOf(contracts.rexy, 'transferFrom', args, { from: alice.address })).toBe(
      'LockedERC721_Locked',
    )
  })
})
