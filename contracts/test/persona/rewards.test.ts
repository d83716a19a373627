import { concatHex, type Hex, numberToHex } from 'viem'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeBatch, micro, move, signGroup, social } from './batch.ts'
import {
  createPersona,
  DAY,
  EPOCH_BUDGET,
  EPOCH_SECONDS,
  ETHER,
  FOLLOWERS,
  GOVERNANCE,
  LIQUIDITY,
  ONCHAIN,
  ONE,
  type Persona,
  personOf,
  REGISTRAR,
  signSession,
  ZKTLS,
} from './persona.ts'
import { amountsOf, computeEpoch, type Epoch, type Row, rowTree, trustTrees } from './rewards.ts'

const PEOPLE = 5
const BOND = ETHER
const DEMAND_BOND = ETHER / 100n
const CHALLENGE_SECONDS = 16
const DEAD: Hex = '0x000000000000000000000000000000000000dead'

let persona: Persona
let restore: () => void
let campaign: bigint
let start: bigint
let honest: Epoch
let proposer: Hex
let challenger: Hex
const sources = new Map<bigint, bigint[]>()

/** One, two and three have badges and praise each other; four and five have none, and praise each other and number one. */
const PLANS: readonly (readonly Hex[])[] = [
  [micro(1), micro(2), move(0, 1), social(2n), social(3n), social(2n)],
  [micro(1), social(1n), social(3n)],
  [move(1, 1), social(1n)],
  [social(5n), social(5n), social(1n), micro(1)],
  [social(4n), micro(1)],
]
const TARGETS = [[2n, 3n, 2n], [1n, 3n], [1n], [5n, 5n, 1n], [4n]] as const

beforeAll(async () => {
  persona = await createPersona()
  const { chain } = persona
  proposer = chain.account(5)
  challenger = chain.account(6)
  for (let i = 0; i < PEOPLE; i++) await persona.mint(personOf(i))
  await issueBadges()
  start = chain.timestamp()
  campaign = await persona.campaign()
  await act()
  await chain.mine(1, EPOCH_SECONDS)
  honest = await computeEpoch({ persona, campaign, start, epoch: 0n, sources })
  restore = chain.capture()
})
beforeEach(() => {
  restore()
  restore = persona.chain.capture()
})

async function issueBadges(): Promise<void> {
  const [expiresAt] = [persona.chain.timestamp() + BigInt(100 * DAY)]
  const badge = (index: number, kind: number, value: bigint, from: Hex, expires = 0n) =>
    persona.badge({
      person: personOf(index),
      passport: BigInt(index + 1),
      kind,
      value,
      from,
      expiresAt: expires,
    })
  await badge(0, GOVERNANCE, 1n, ONCHAIN)
  await badge(0, LIQUIDITY, 400n, ONCHAIN)
  await badge(0, FOLLOWERS, 10_000n, ZKTLS, expiresAt)
  await badge(1, GOVERNANCE, 1n, ONCHAIN)
  await badge(2, LIQUIDITY, 5_000n, ONCHAIN)
}

async function act(): Promise<void> {
  const { chain, contracts } = persona
  const key = personOf(99)
  const deadline = start + 50n
  const groups = []
  for (let i = 0; i < PEOPLE; i++) {
    const passport = BigInt(i + 1)
    const session = {
      passport,
      key: key.address,
      campaign,
      allowance: 50n,
      expiry: deadline,
      nonce: 0n,
    }
    const signature = await signSession(personOf(i), session)
    await chain.send(contracts.engagements, 'openSession', [session, signature])
    const actions = concatHex(PLANS[i] ?? [])
    const message = { passport, actions, campaign, nonce: 0n, deadline }
    groups.push(await signGroup(passport, key, message))
    for (const target of TARGETS[i] ?? []) {
      sources.set(target, [...(sources.get(target) ?? []), passport])
    }
  }
  const { result } = await chain.send(contracts.engagements, 'submit', [
    encodeBatch(campaign, deadline, groups),
  ])
  expect(result).toEqual([17n, 0n])
}

const propose = (epoch: Epoch, changes: { root?: Hex; trustRoots?: Hex[] } = {}) =>
  persona.chain.attempt(
    persona.contracts.rewards,
    'propose',
    [
      campaign,
      epoch.epoch,
      changes.root ?? rowTree(epoch).root,
      epoch.total,
      changes.trustRoots ?? trustTrees(epoch).map(({ root }) => root),
      amountsOf(epoch),
    ],
    { from: proposer, value: BOND },
  )
const rewardsError = (name: string, args: readonly unknown[], value = 0n) =>
  persona.chain.errorOf(persona.contracts.rewards, name, args, { from: challenger, value })
const rowProof = (epoch: Epoch, passport: number) => ({
  row: epoch.rows[passport - 1],
  proof: rowTree(epoch).proof(passport - 1),
})
const trustProof = (epoch: Epoch, round: number, passport: number) => ({
  passport: BigInt(passport),
  trust: epoch.trust[round]?.[passport - 1] ?? 0n,
  proof: trustTrees(epoch)[round]?.proof(passport - 1) ?? [],
})
const evidence = (epoch: Epoch, passport: number, last?: Epoch) => ({
  row: rowProof(epoch, passport),
  before: rowProof(epoch, Math.max(1, passport - 1)),
  trust: trustProof(epoch, 3, passport),
  last: rowProof(last ?? epoch, passport),
})
/** An epoch with some rows changed and everything after them consistent in itself. */
const tamper = (epoch: Epoch, passport: number, change: (row: Row) => Partial<Row>): Epoch => ({
  ...epoch,
  rows: epoch.rows.map((row, i) => (i === passport - 1 ? { ...row, ...change(row) } : row)),
})
const finalize = async () => {
  await persona.chain.mine(1, CHALLENGE_SECONDS + 1)
  await persona.chain.send(persona.contracts.rewards, 'finalize', [campaign])
}

describe('scores', () => {
  it("are those of the litepaper's example, to the last digit, and follow decay", async () => {
    const { chain, contracts } = persona
    const args = [campaign, 1n, start]
    expect(await chain.read(contracts.campaigns, 'pmsAt', args)).toBe(780_000_000n)
    // A minute later the liquidity of 400 is 399.99…, rounded down.
    expect(honest.rows.map(({ pms }) => pms)).toEqual([
      779_700_000n,
      500_000_000n,
      300_000_000n,
      0n,
      0n,
    ])
  })

  it('of reach are exact for powers of ten', async () => {
    const { chain, contracts } = persona
    const read = async (value: bigint) => {
      const [, refUid] = await chain.read<[unknown, Hex]>(contracts.badges, 'badgeOf', [
        1n,
        FOLLOWERS,
      ])
      const expiresAt = chain.timestamp() + 1_000n
      const base = { person: personOf(0), passport: 1n, kind: FOLLOWERS, from: ZKTLS }
      await persona.badge({ ...base, value, expiresAt, refUid })
      const args = [campaign, 1n, chain.timestamp()]
      return (await chain.read<bigint[]>(contracts.campaigns, 'valuesAt', args))[2]
    }
    expect(await read(1_000n)).toBe((6n * ONE) / 10n)
    expect(await read(100_000n)).toBe(ONE)
    expect(await read(10n ** 20n)).toBe(ONE)
    expect(await read(1n)).toBe(0n)
    expect(await read(2n)).toBe(BigInt(Math.round((1e9 * Math.log10(2)) / 5)))
  })

  it('give nothing to those whom nobody vouches for', () => {
    expect(honest.total).toBeGreaterThan(0n)
    expect(honest.rows.map(({ amount }) => amount > 0n)).toEqual([true, true, true, false, false])
  })
})

describe('an honest root', () => {
  it('stands against every challenge, becomes final, and pays each once', async () => {
    const { chain, contracts } = persona
    expect((await propose(honest)).error).toBeUndefined()
    for (let passport = 1; passport <= PEOPLE; passport++) {
      expect(await rewardsError('challengeRow', [campaign, evidence(honest, passport)])).toBe(
        'EpochRewards_RowIsRight',
      )
      for (let round = 0; round <= 3; round++) {
        const error = await rewardsError('challengeTrust', trustChallenge(honest, round, passport))
        expect(error).toBe('EpochRewards_RowIsRight')
      }
    }
    expect(await rewardsError('challengeTotal', [campaign, rowProof(honest, PEOPLE)])).toBe(
      'EpochRewards_RowIsRight',
    )
    expect(await rewardsError('finalize', [campaign])).toBe('EpochRewards_ChallengeOpen')
    await finalize()
    expect(await rewardsError('challengeRow', [campaign, evidence(honest, 1)])).toBe(
      'EpochRewards_NothingPending',
    )
    await chain.send(contracts.rewards, 'claim', [campaign, rowProof(honest, 1)])
    const paid = await chain.read(contracts.token, 'balanceOf', [personOf(0).address])
    expect(paid).toBe(honest.rows[0]?.amount)
    expect(await rewardsError('claim', [campaign, rowProof(honest, 1)])).toBe(
      'EpochRewards_NothingToClaim',
    )
    expect(await rewardsError('claim', [campaign, rowProof(honest, 4)])).toBe(
      'EpochRewards_NothingToClaim',
    )
    const before = await chain.balanceOf(proposer)
    await chain.send(contracts.rewards, 'withdraw', [], { from: proposer })
    expect(await chain.balanceOf(proposer)).toBe(before + BOND)
  })

  it('pays nobody by a wrong proof, a changed row or another leaf', async () => {
    await propose(honest)
    await finalize()
    const good = rowProof(honest, 2)
    const more = { ...good, row: { ...good.row, cumulative: EPOCH_BUDGET } }
    const flipped = {
      ...good,
      proof: good.proof.map((node, i) => (i === 1 ? DEAD.padEnd(66, '0') : node)),
    }
    const other = { row: good.row, proof: rowTree(honest).proof(0) }
    const short = { ...good, proof: good.proof.slice(1) }
    for (const proof of [more, flipped, other, short]) {
      expect(await rewardsError('claim', [campaign, proof])).toBe('EpochRewards_WrongProof')
    }
  })

  it('adds to what earlier epochs paid', async () => {
    const { chain, contracts } = persona
    await propose(honest)
    await finalize()
    await chain.send(contracts.rewards, 'claim', [campaign, rowProof(honest, 1)])
    await chain.mine(1, EPOCH_SECONDS)
    const input = { persona, campaign, start, epoch: 1n, sources: new Map(), before: honest }
    const next = await computeEpoch(input)
    expect(next.total).toBe(0n)
    const wrong = tamper(next, 1, ({ cumulative }) => ({ cumulative: cumulative + 1n }))
    const undo = chain.capture()
    await propose(wrong)
    const args = [campaign, evidence(wrong, 1, honest)]
    expect((await chain.attempt(contracts.rewards, 'challengeRow', args)).error).toBeUndefined()
    undo()
    await propose(next)
    expect(await rewardsError('challengeRow', [campaign, evidence(next, 1, honest)])).toBe(
      'EpochRewards_RowIsRight',
    )
    await finalize()
    expect(await rewardsError('claim', [campaign, rowProof(next, 1)])).toBe(
      'EpochRewards_NothingToClaim',
    )
    await chain.send(contracts.rewards, 'claim', [campaign, rowProof(next, 2)])
  })
})

/** Arguments of `challengeTrust` with the in-edges of the chain and honest leaves of the round before. */
function trustChallenge(epoch: Epoch, round: number, passport: number, before = epoch) {
  const from = sources.get(BigInt(passport)) ?? []
  const ids = [...new Set(from)].sort((a, b) => Number(a - b))
  const indices = ids.map((id) => Number(id - 1n))
  const tree = trustTrees(before)[Math.max(0, round - 1)]
  const set = {
    passports: ids,
    trusts: indices.map((i) => before.trust[Math.max(0, round - 1)]?.[i] ?? 0n),
    siblings: tree?.siblings(indices) ?? [],
  }
  const packed = concatHex(from.map((id) => numberToHex(id, { size: 4 })))
  return [
    campaign,
    BigInt(round),
    trustProof(epoch, round, passport),
    from.length === 0 ? '0x' : packed,
    set,
  ]
}

describe('a wrong root', () => {
  const cases: readonly [string, number, (row: Row) => Partial<Row>][] = [
    ['amount', 4, () => ({ amount: EPOCH_BUDGET, cumulative: EPOCH_BUDGET })],
    [
      'amount by one wei',
      2,
      ({ amount, cumulative }) => ({ amount: amount + 1n, cumulative: cumulative + 1n }),
    ],
    ['cumulative', 3, ({ cumulative }) => ({ cumulative: cumulative + 1n })],
    ['engagement', 1, ({ engagement }) => ({ engagement: engagement + 1n })],
    ['score', 5, () => ({ pms: ONE })],
    ['trust', 4, ({ trust }) => ({ trust: trust + 1n })],
    ['prefix', 2, ({ prefix }) => ({ prefix: prefix + 1n })],
    ['overflowing prefix', 1, () => ({ prefix: 2n ** 256n - 1n })],
  ]
  it.each(cases)(
    'falls by one row with a wrong %s, and its bond with it',
    async (_, passport, change) => {
      const { chain, contracts } = persona
      const wrong = tamper(honest, passport, change)
      await propose(wrong)
      const burnt = await chain.balanceOf(DEAD)
      const args = [campaign, evidence(wrong, passport)]
      const { logs, gasUsed } = await chain.send(contracts.rewards, 'challengeRow', args, {
        from: challenger,
      })
      expect(logs.find(({ name }) => name === 'RootRemoved')?.args).toMatchObject({
        fault: 0,
        challenger: expect.stringMatching(new RegExp(challenger, 'i')),
      })
      expect(gasUsed).toBeLessThan(1_000_000n)
      expect(await chain.balanceOf(DEAD)).toBe(burnt + BOND / 2n)
      expect(await chain.read(contracts.rewards, 'creditOf', [challenger])).toBe(BOND / 2n)
      expect((await propose(honest)).error).toBeUndefined()
    },
  )

  it('falls by a total that its rows do not give', async () => {
    const wrong = { ...honest, total: honest.total + 1n }
    await propose(wrong)
    const args = [campaign, rowProof(wrong, PEOPLE)]
    expect(
      (await persona.chain.attempt(persona.contracts.rewards, 'challengeTotal', args)).error,
    ).toBeUndefined()
  })

  it.each([0, 1, 2, 3])('falls by one trust of round %i', async (round) => {
    const { chain, contracts } = persona
    const trust = honest.trust.map((values, k) =>
      k === round ? values.map((v, i) => (i === 3 ? v + 1n : v)) : values,
    )
    const wrong = { ...honest, trust }
    await propose(wrong)
    const args = trustChallenge(wrong, round, 4)
    const { logs } = await chain.send(contracts.rewards, 'challengeTrust', args, {
      from: challenger,
    })
    expect(logs.find(({ name }) => name === 'RootRemoved')?.args.fault).toBe(2)
  })

  it('is not brought down by evidence that is not the chain’s', async () => {
    await propose(honest)
    const [, round, leaf, packed, set] = trustChallenge(honest, 2, 1)
    const reversed = concatHex([2n, 4n, 3n].map((id) => numberToHex(id, { size: 4 })))
    const forged = { ...(set as object), trusts: [0n, 0n, 0n] }
    for (const [given, before] of [
      [reversed, set],
      ['0x', set],
      [packed, forged],
    ] as const) {
      expect(await rewardsError('challengeTrust', [campaign, round, leaf, given, before])).toBe(
        'EpochRewards_WrongEvidence',
      )
    }
    const stranger = { ...evidence(honest, 2), trust: trustProof(honest, 3, 1) }
    expect(await rewardsError('challengeRow', [campaign, stranger])).toBe(
      'EpochRewards_WrongEvidence',
    )
  })
})

describe('a demand', () => {
  it('is answered by the leaf, costs its bond, and begins the time anew', async () => {
    const { chain, contracts } = persona
    await propose(honest)
    expect(await rewardsError('demand', [campaign, 0n, 6n], DEMAND_BOND)).toBe(
      'EpochRewards_WrongEvidence',
    )
    await chain.send(contracts.rewards, 'demand', [campaign, 0n, 2n], {
      from: challenger,
      value: DEMAND_BOND,
    })
    await chain.send(contracts.rewards, 'demand', [campaign, 4n, 1n], {
      from: challenger,
      value: DEMAND_BOND,
    })
    await chain.mine(1, CHALLENGE_SECONDS)
    await chain.send(contracts.rewards, 'openRow', [campaign, rowProof(honest, 2)])
    await chain.send(contracts.rewards, 'openTrust', [campaign, 3n, trustProof(honest, 3, 1)])
    expect(await rewardsError('openRow', [campaign, rowProof(honest, 2)])).toBe(
      'EpochRewards_NotDemanded',
    )
    expect(await rewardsError('finalize', [campaign])).toBe('EpochRewards_ChallengeOpen')
    await finalize()
    expect(await chain.read(contracts.rewards, 'creditOf', [proposer])).toBe(
      BOND + 2n * DEMAND_BOND,
    )
  })

  it('that nobody answers brings the root down; other demands are refunded', async () => {
    const { chain, contracts } = persona
    await propose(honest, { root: `0x${'ab'.repeat(32)}` })
    const ask = { from: challenger, value: DEMAND_BOND }
    await chain.send(contracts.rewards, 'demand', [campaign, 0n, 3n], ask)
    await chain.send(contracts.rewards, 'demand', [campaign, 0n, 4n], ask)
    expect(await rewardsError('demand', [campaign, 0n, 3n], DEMAND_BOND)).toBe(
      'EpochRewards_AlreadyDemanded',
    )
    expect(await rewardsError('openRow', [campaign, rowProof(honest, 3)])).toBe(
      'EpochRewards_WrongProof',
    )
    expect(await rewardsError('expire', [campaign, 0n, 3n])).toBe('EpochRewards_ChallengeOpen')
    await chain.mine(1, CHALLENGE_SECONDS + 1)
    expect(await rewardsError('finalize', [campaign])).toBe('EpochRewards_DemandOpen')
    expect(await rewardsError('refundDemand', [campaign, 1n, 0n, 4n])).toBe(
      'EpochRewards_DemandStands',
    )
    await chain.send(contracts.rewards, 'expire', [campaign, 0n, 3n])
    await chain.send(contracts.rewards, 'refundDemand', [campaign, 1n, 0n, 4n])
    expect(await rewardsError('refundDemand', [campaign, 1n, 0n, 4n])).toBe(
      'EpochRewards_NotDemanded',
    )
    expect(await chain.read(contracts.rewards, 'creditOf', [challenger])).toBe(
      BOND / 2n + 2n * DEMAND_BOND,
    )
  })
})

describe('a budget', () => {
  it('is never exceeded, even by a wrong root that nobody challenged', async () => {
    const { chain, contracts } = persona
    const greedy = tamper(honest, 1, () => ({ amount: EPOCH_BUDGET, cumulative: EPOCH_BUDGET }))
    await propose(greedy)
    await finalize()
    await chain.send(contracts.rewards, 'claim', [campaign, rowProof(greedy, 1)])
    expect(await rewardsError('claim', [campaign, rowProof(greedy, 2)])).toBe(
      'Campaigns_OverAllocated',
    )
    expect(await chain.read(contracts.campaigns, 'availableOf', [campaign])).toBe(EPOCH_BUDGET * 3n)
  })

  it('is moved by the rewards contract alone, and must be there', async () => {
    const { chain, contracts } = persona
    const from = REGISTRAR
    const error = (name: string, args: readonly unknown[]) =>
      chain.errorOf(contracts.campaigns, name, args, { from })
    expect(await error('allocate', [campaign, 1n])).toBe('Campaigns_NotRewards')
    expect(await error('pay', [campaign, from, 1n])).toBe('Campaigns_NotRewards')
    expect(await error('reclaim', [campaign])).toBe('Campaigns_NotRunning')
    await chain.mine(1, 2 * DAY)
    await chain.send(contracts.campaigns, 'reclaim', [campaign], { from })
    expect((await propose(honest)).error?.name).toBe('EpochRewards_BudgetMissing')
  })
})

describe('an epoch', () => {
  it('is proposed once it is over, in order, with the bond, one at a time', async () => {
    const { chain, contracts } = persona
    const later = { ...honest, epoch: 1n }
    expect((await propose(later)).error?.name).toBe('EpochRewards_WrongEpoch')
    await propose(honest)
    expect((await propose(honest)).error?.name).toBe('EpochRewards_AlreadyPending')
    await finalize()
    expect((await propose(honest)).error?.name).toBe('EpochRewards_WrongEpoch')
    expect((await propose(later)).error?.name).toBe('EpochRewards_EpochNotOver')
    const args = [campaign, 1n, DEAD.padEnd(66, '0'), 0n, [], '0x']
    expect(await chain.errorOf(contracts.rewards, 'propose', args, { value: BOND - 1n })).toBe(
      'EpochRewards_WrongBond',
    )
    await chain.mine(1, EPOCH_SECONDS)
    expect(await chain.errorOf(contracts.rewards, 'propose', args, { value: BOND })).toBe(
      'EpochRewards_WrongRootCount',
    )
  })
})
