/** The pure rules of docs/specs/PERSONA.md: fixed point, decay, match, trust, shares, trees, actions, signatures, population. */
import fc from 'fast-check'
import { hashTypedData, recoverAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { bytesToHex, concatBytes, word, ZERO_HASH } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { accountAddress, accountKey } from '../rollup/keys.ts'
import {
  type Action,
  encodeAction,
  encodeBatch,
  groupSize,
  parseActions,
  varint,
} from './actions.ts'
import { ENGAGEMENTS, PASSPORT } from './addresses.ts'
import { decayedValue, halfLifeFactor } from './decay.ts'
import { binaryLog, integerSqrt, ONE } from './fixed.ts'
import { formulaAt, REWARD_FORMULAS } from './formulas.ts'
import { createPopulation, planAction, RING_SIZE } from './population.ts'
import { createPositionTree } from './positionTree.ts'
import {
  computeRewards,
  type EpochRecord,
  type RewardTerms,
  rewardTrees,
  withEarned,
} from './rewards.ts'
import { type Criterion, matchingScore, valuate } from './score.ts'
import { type TrustInput, trustRounds } from './trust.ts'
import { createDigests, signDigest, signDigestCompactly } from './typedData.ts'

describe('fixed point', () => {
  test('the integer root is the greatest whose square does not exceed the value', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 1n << 200n), (value) => {
        const root = integerSqrt(value)
        return root * root <= value && (root + 1n) * (root + 1n) > value
      }),
    )
    expect(() => integerSqrt(-1n)).toThrow('at least 0')
  })

  test('the binary logarithm is exact at powers of two and true to 14 digits between', () => {
    for (let power = 0n; power < 128n; power += 1n)
      expect(binaryLog(1n << power)).toBe(power << 48n)
    // log2(10) = 3.321928094887362…
    expect(Number(binaryLog(10n)) / 2 ** 48).toBeCloseTo(3.321928094887362, 13)
    expect(() => binaryLog(0n)).toThrow('from 1')
    expect(() => binaryLog(1n << 128n)).toThrow('2^128')
  })

  test('the logarithm never falls', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, (1n << 96n) - 2n),
        (value) => binaryLog(value + 1n) >= binaryLog(value),
      ),
    )
  })
})

describe('decay', () => {
  const DAY = 86_400

  test('a badge fades in a straight line to nothing, one without decay never', () => {
    expect(decayedValue(1_000n, 0n, 100n)).toBe(1_000n)
    expect(decayedValue(1_000n, 25n, 100n)).toBe(750n)
    expect(decayedValue(1_000n, 99n, 100n)).toBe(10n)
    expect(decayedValue(1_000n, 100n, 100n)).toBe(0n)
    expect(decayedValue(1_000n, 101n, 100n)).toBe(0n)
    expect(decayedValue(1_000n, 10n ** 9n, 0n)).toBe(1_000n)
  })

  test('everyday signals halve with every half-life', () => {
    expect(halfLifeFactor(0, 30 * DAY)).toBe(ONE)
    expect(halfLifeFactor(-5, 30 * DAY)).toBe(ONE)
    expect(halfLifeFactor(30 * DAY, 30 * DAY)).toBe(ONE / 2n)
    expect(halfLifeFactor(90 * DAY, 30 * DAY)).toBe(ONE / 8n)
    // √½ after half of one.
    expect(halfLifeFactor(15 * DAY, 30 * DAY)).toBe(707_106_781n)
    expect(halfLifeFactor(10_000 * DAY, 30 * DAY)).toBe(0n)
    expect(() => halfLifeFactor(1, 0)).toThrow('positive')
  })

  test('nothing gains with age', () => {
    const seconds = fc.integer({ min: 1, max: 10_000_000 })
    fc.assert(
      fc.property(seconds, seconds, seconds, (age, more, life) => {
        const [young, old] = [BigInt(age), BigInt(age + more)]
        return (
          halfLifeFactor(age + more, life) <= halfLifeFactor(age, life) &&
          decayedValue(10n ** 12n, old, BigInt(life)) <=
            decayedValue(10n ** 12n, young, BigInt(life))
        )
      }),
    )
  })
})

describe('match', () => {
  const litepaper: readonly Criterion[] = [
    { kind: 0, valuation: 'binary', weight: 500_000_000n, maximum: 1n },
    { kind: 1, valuation: 'scaled', weight: 300_000_000n, maximum: 1_000n },
    { kind: 2, valuation: 'logarithmic', weight: 200_000_000n, maximum: 100_000n },
  ]
  const score = (...values: readonly bigint[]) =>
    matchingScore(litepaper, (kind) => values[kind] ?? 0n)

  test('Alice scores 0.78 exactly', () => {
    expect(score(1n, 400n, 10_000n)).toBe(780_000_000n)
  })

  test('reach of 1,000 followers is 0.6, of 10,000 0.8, of 100,000 and more 1', () => {
    const reach = litepaper[2] as Criterion
    expect(valuate(reach, 1_000n)).toBe(600_000_000n)
    expect(valuate(reach, 10_000n)).toBe(800_000_000n)
    expect(valuate(reach, 100_000n)).toBe(ONE)
    expect(valuate(reach, 10n ** 9n)).toBe(ONE)
    expect(valuate(reach, 1n)).toBe(0n)
    expect(valuate(reach, 0n)).toBe(0n)
    expect(valuate(reach, 9_999n)).toBeLessThan(800_000_000n)
  })

  test('stays within 0 and 1 and never falls when a value rises', () => {
    const value = fc.bigInt(0n, 10n ** 7n)
    fc.assert(
      fc.property(fc.tuple(value, value, value), fc.nat(2), value, (values, at, more) => {
        const raised = values.map((one, index) => (index === at ? one + more : one))
        const before = score(...values)
        return before >= 0n && before <= ONE && score(...raised) >= before
      }),
    )
  })
})

describe('trust', () => {
  /** Passports 1 and 2 have badges; 3, 4 and 5 praise each other, and 2 may be fooled by 3. */
  const ring = (fooled: number): TrustInput => ({
    points: [30n, 10n, 0n, 0n, 0n],
    sources: [
      [2, 2, 2],
      [1, 1],
      [...Array<number>(40).fill(5), ...Array<number>(fooled).fill(2)],
      Array<number>(40).fill(3),
      Array<number>(40).fill(4),
    ],
    sent: [2, 3 + fooled, 40, 40, 40],
    rounds: 12,
  })

  test('a ring that nobody vouches for has none, however much it praises itself', () => {
    expect(trustRounds(ring(0)).at(-1)?.slice(2)).toEqual([0n, 0n, 0n])
  })

  test('a ring that fools one honest person stays below everyone honest', () => {
    const trust = trustRounds(ring(1)).at(-1) as readonly bigint[]
    for (const sybil of trust.slice(2)) {
      expect(sybil).toBeGreaterThan(0n)
      for (const one of trust.slice(0, 2)) expect(sybil).toBeLessThan(one)
    }
  })

  test('two passports that praise each other come to the closed form', () => {
    // t₁ = ½·p + ½·t₂ and t₂ = ½·t₁: ⅔ and ⅓ of the points.
    const [first, second] = trustRounds({
      points: [1_000_000n, 0n],
      sources: [[2], [1]],
      sent: [1, 1],
      rounds: 60,
    }).at(-1) as [bigint, bigint]
    expect(Number(first - (2_000_000n * ONE) / 3n)).toBeCloseTo(0, -1)
    expect(Number(second - (1_000_000n * ONE) / 3n)).toBeCloseTo(0, -1)
  })

  test('what found no room in a chain is no edge, but is shared all the same', () => {
    const trust = trustRounds({ points: [8n, 0n], sources: [[], [1]], sent: [4, 0], rounds: 1 })
    expect(trust).toEqual([
      [8n * ONE, 0n],
      [4n * ONE, ONE],
    ])
  })

  const graphs = fc.integer({ min: 2, max: 10 }).chain((passports) =>
    fc.record({
      points: fc.array(fc.bigInt(0n, 50n), { minLength: passports, maxLength: passports }),
      praise: fc.array(
        fc.tuple(fc.integer({ min: 1, max: passports }), fc.integer({ min: 1, max: passports })),
        { maxLength: 60 },
      ),
      order: fc.shuffledSubarray(
        Array.from({ length: passports }, (_, index) => index),
        {
          minLength: passports,
        },
      ),
    }),
  )
  const inputOf = (
    points: readonly bigint[],
    praise: readonly (readonly [number, number])[],
  ): TrustInput => ({
    points,
    sources: points.map((_, index) =>
      praise.filter(([, to]) => to === index + 1).map(([from]) => from),
    ),
    sent: points.map((_, index) => praise.filter(([from]) => from === index + 1).length),
    rounds: 8,
  })

  test('does not depend on the order of praise or on the numbers of passports', () => {
    fc.assert(
      fc.property(graphs, ({ points, praise, order }) => {
        const trust = trustRounds(inputOf(points, praise)).at(-1) as readonly bigint[]
        const moved = (passport: number) => (order[passport - 1] as number) + 1
        const renamed = trustRounds(
          inputOf(
            points.map((_, index) => points[order.indexOf(index)] as bigint),
            [...praise].reverse().map(([from, to]) => [moved(from), moved(to)] as const),
          ),
        ).at(-1) as readonly bigint[]
        expect(trust.map((_, index) => renamed[order[index] as number])).toEqual(trust)
      }),
    )
  })

  test('never makes trust out of nothing', () => {
    fc.assert(
      fc.property(graphs, ({ points, praise }) => {
        const all = trustRounds(inputOf(points, praise)).map((round) =>
          round.reduce((sum, one) => sum + one, 0n),
        )
        return all.every((sum) => sum <= (all[0] as bigint))
      }),
    )
  })

  test('refuses a source that is no passport or did less than is said', () => {
    const input = { points: [1n, 1n], sent: [1, 0], rounds: 1 }
    expect(() => trustRounds({ ...input, sources: [[3], []] })).toThrow('Passport 3')
    expect(() => trustRounds({ ...input, sources: [[], [1, 1]] })).toThrow('did 1 social actions')
  })
})

describe('rewards', () => {
  const terms: RewardTerms = {
    formula: 'trusted',
    trustIterations: 4,
    epochBudget: 10_000n * 10n ** 18n,
    actionWeights: [1, 2, 3, 0, 0, 0, 0, 0],
    actionCaps: [10, 10, 5, 0, 0, 0, 0, 0],
  }
  const record: EpochRecord = {
    terms,
    counts: [
      [4, 2, 1, 0, 0, 0, 0, 0],
      [0, 0, 9, 0, 0, 0, 0, 0],
      [2, 0, 0, 7, 0, 0, 0, 0],
    ],
    sources: [[2, 2, 2], [1], [2]],
    points: [40n, 20n, 5n],
    pms: [780_000_000n, 500_000_000n, 100_000_000n],
  }

  test('rows follow from the record: engagement with caps, prefixes, amounts, earlier rewards', () => {
    const { rows, total, trust } = computeRewards(record)
    expect(rows.map(({ engagement }) => engagement)).toEqual([11n, 15n, 2n])
    expect(trust).toHaveLength(5)
    expect(rows.map(({ trust: own }) => own)).toEqual(trust[4])
    const shares = rows.map((row) => row.engagement * row.pms * row.trust)
    expect(rows[1]?.prefix).toBe((shares[0] as bigint) + (shares[1] as bigint))
    expect(total).toBe(rows[2]?.prefix)
    expect(rows[0]?.amount).toBe((terms.epochBudget * (shares[0] as bigint)) / total)
    const earlier = rows
      .slice(0, 2)
      .map((row, index) => ({ ...row, cumulative: BigInt(7 * index) }))
    const later = withEarned({ rows, total, trust }, earlier).rows
    const more = later.map(({ cumulative }, index) => cumulative - (rows[index]?.amount ?? 0n))
    expect(more).toEqual([0n, 7n, 0n])
  })

  test('an epoch in which nobody did anything pays nobody', () => {
    const idle = { ...record, counts: [[], [], []], sources: [[], [], []] }
    const { rows, total } = computeRewards(idle)
    expect(total).toBe(0n)
    expect(rows.map(({ amount }) => amount)).toEqual([0n, 0n, 0n])
  })

  test('formulas differ where they say so, and are found by their contract', () => {
    const { trusted, plain, squareRoot } = REWARD_FORMULAS
    expect(trusted.shareOf(9n, ONE, 0n)).toBe(0n)
    expect(plain.shareOf(9n, ONE, 0n)).toBe(9n * ONE * ONE)
    expect(squareRoot.shareOf(9n * ONE, ONE, ONE)).toBe(3n * ONE * ONE * ONE)
    expect(formulaAt('0x420000000000000000000000000000000000003C')).toBe('plain')
    expect(formulaAt(PASSPORT)).toBeNull()
  })

  const shareInput = fc.tuple(
    fc.bigInt(0n, 1n << 63n),
    fc.bigInt(0n, ONE),
    fc.bigInt(0n, 1n << 79n),
  )
  for (const [name, { shareOf }] of Object.entries(REWARD_FORMULAS)) {
    test(`${name} never falls when an argument rises, and fits`, () => {
      fc.assert(
        fc.property(
          shareInput,
          fc.nat(2),
          fc.bigInt(0n, ONE),
          ([engagement, pms, trust], at, more) => {
            const base = shareOf(engagement, pms, trust)
            const raised = shareOf(
              at === 0 ? engagement + more : engagement,
              at === 1 ? pms + more : pms,
              at === 2 ? trust + more : trust,
            )
            return raised >= base && base < 1n << 192n
          },
        ),
      )
    })

    test(`${name}: the same record gives the same roots, and amounts stay within the budget`, () => {
      const swapped = { ...record, terms: { ...terms, formula: name as RewardTerms['formula'] } }
      const rewards = computeRewards(swapped)
      const paid = rewards.rows.reduce((sum, { amount }) => sum + amount, 0n)
      expect(paid <= terms.epochBudget).toBe(true)
      expect(rewardTrees(computeRewards(swapped)).rewards.root).toEqual(
        rewardTrees(rewards).rewards.root,
      )
    })
  }

  test('one wrong row changes the root', () => {
    const rewards = computeRewards(record)
    const rows = rewards.rows.map((row) =>
      row.passport === 2 ? { ...row, amount: row.amount + 1n } : row,
    )
    expect(rewardTrees({ ...rewards, rows }).rewards.root).not.toEqual(
      rewardTrees(rewards).rewards.root,
    )
  })
})

describe('trees', () => {
  const hash = (left: Uint8Array, right: Uint8Array) => keccak256(concatBytes(left, right))
  const fold = (leaf: Uint8Array, passport: number, proof: readonly Uint8Array[]) => {
    let [node, at] = [leaf, passport - 1]
    for (const sibling of proof) {
      node = at % 2 === 0 ? hash(node, sibling) : hash(sibling, node)
      at >>= 1
    }
    return node
  }

  test('every proof leads from its leaf to the root, of any size; a wrong leaf does not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (size) => {
        const leaves = Array.from({ length: size }, (_, index) => keccak256(word(index)))
        const tree = createPositionTree(leaves)
        const depth = Math.ceil(Math.log2(size))
        for (const [index, leaf] of leaves.entries()) {
          const proof = tree.proof(index + 1)
          expect(proof).toHaveLength(depth)
          expect(fold(leaf, index + 1, proof)).toEqual(tree.root)
          expect(fold(keccak256(leaf), index + 1, proof)).not.toEqual(tree.root)
        }
      }),
    )
  })

  test('leaves beyond the last are zero words', () => {
    const [a, b, c] = [word(1), word(2), word(3)]
    expect(createPositionTree([a, b, c]).root).toEqual(hash(hash(a, b), hash(c, ZERO_HASH)))
    const five = createPositionTree([a, b, c, a, b]).root
    const empty = hash(ZERO_HASH, ZERO_HASH)
    expect(five).toEqual(hash(hash(hash(a, b), hash(c, a)), hash(hash(b, ZERO_HASH), empty)))
    expect(() => createPositionTree([])).toThrow('at least one')
    expect(() => createPositionTree([a]).proof(2)).toThrow('from 1 to 1, is 2')
  })
})

describe('actions', () => {
  const action: fc.Arbitrary<Action> = fc.oneof(
    fc.record({ kind: fc.constant('microReward' as const), task: fc.nat(31) }),
    fc.record({
      kind: fc.constant('gameMove' as const),
      direction: fc.nat(3),
      steps: fc.integer({ min: 1, max: 8 }),
    }),
    fc.record({
      kind: fc.constant('social' as const),
      target: fc.integer({ min: 1, max: 0xff_ffff }),
      reaction: fc.nat(31),
    }),
  )

  test('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 20 }), (actions) => {
        const read = parseActions(concatBytes(...actions.map(encodeAction)))
        expect(read.map(({ kind }) => kind)).toEqual(
          actions.map(({ kind }) => ['microReward', 'gameMove', 'social'].indexOf(kind)),
        )
        expect(read.map(({ target }) => target)).toEqual(
          actions.map((one) => (one.kind === 'social' ? one.target : null)),
        )
      }),
    )
  })

  test('have the bytes of the specification', () => {
    expect(encodeAction({ kind: 'gameMove', direction: 2, steps: 3 })).toEqual(Uint8Array.of(0x2a))
    expect(encodeAction({ kind: 'social', target: 0x010203, reaction: 5 })).toEqual(
      Uint8Array.of(0x45, 1, 2, 3),
    )
    expect(() => encodeAction({ kind: 'gameMove', direction: 2, steps: 9 })).toThrow('"steps"')
    expect(() => parseActions(Uint8Array.of(0, 0x40, 1, 2))).toThrow('at byte 1')
  })

  test('varints are little-endian and minimal', () => {
    expect(varint(0)).toEqual(Uint8Array.of(0))
    expect(varint(127)).toEqual(Uint8Array.of(127))
    expect(varint(300)).toEqual(Uint8Array.of(0xac, 0x02))
    expect(() => varint(-1)).toThrow('from 0')
  })

  test('a batch is its head and its groups', () => {
    const group = {
      session: 300,
      actions: Uint8Array.of(1, 2),
      signature: new Uint8Array(64).fill(9),
    }
    const batch = encodeBatch({ campaign: 1, deadline: 0x0102030405, groups: [group, group] })
    expect(batch.subarray(0, 11)).toEqual(Uint8Array.of(1, 1, 2, 3, 4, 5, 0xac, 2, 2, 1, 2))
    expect(batch).toHaveLength(6 + 2 * groupSize(group))
  })
})

describe('signatures', () => {
  const digests = createDigests(7_331_002)
  const owner = accountAddress('persona-1')
  const domain = (name: string, verifyingContract: `0x${string}`) => ({
    name,
    version: '1',
    chainId: 7_331_002,
    verifyingContract,
  })

  test('every digest is what viem hashes', () => {
    const uint256 = <Name extends string>(name: Name) => ({ name, type: 'uint256' }) as const
    const address = bytesToHex(owner)
    expect(bytesToHex(digests.mint(owner, 99))).toBe(
      hashTypedData({
        domain: domain('Passport', PASSPORT),
        types: { Mint: [{ name: 'owner', type: 'address' }, uint256('deadline')] },
        primaryType: 'Mint',
        message: { owner: address, deadline: 99n },
      }),
    )
    expect(
      bytesToHex(digests.linkWallet({ passport: 3, wallet: owner, nonce: 4, deadline: 5 })),
    ).toBe(
      hashTypedData({
        domain: domain('Passport', PASSPORT),
        types: {
          LinkWallet: [
            uint256('passport'),
            { name: 'wallet', type: 'address' },
            uint256('nonce'),
            uint256('deadline'),
          ],
        },
        primaryType: 'LinkWallet',
        message: { passport: 3n, wallet: address, nonce: 4n, deadline: 5n },
      }),
    )
    expect(
      bytesToHex(digests.linkAccount({ passport: 3, claim: word(8), nonce: 4, deadline: 5 })),
    ).toBe(
      hashTypedData({
        domain: domain('Passport', PASSPORT),
        types: {
          LinkAccount: [
            uint256('passport'),
            { name: 'claim', type: 'bytes32' },
            uint256('nonce'),
            uint256('deadline'),
          ],
        },
        primaryType: 'LinkAccount',
        message: { passport: 3n, claim: bytesToHex(word(8)), nonce: 4n, deadline: 5n },
      }),
    )
    const session = { passport: 3, campaign: 1, allowance: 100, expiry: 200, nonce: 6 }
    expect(bytesToHex(digests.session({ ...session, key: owner }))).toBe(
      hashTypedData({
        domain: domain('Engagements', ENGAGEMENTS),
        types: {
          Session: [
            uint256('passport'),
            { name: 'key', type: 'address' },
            uint256('campaign'),
            uint256('allowance'),
            uint256('expiry'),
            uint256('nonce'),
          ],
        },
        primaryType: 'Session',
        message: {
          passport: 3n,
          key: address,
          campaign: 1n,
          allowance: 100n,
          expiry: 200n,
          nonce: 6n,
        },
      }),
    )
    const actions = Uint8Array.of(1, 2, 3)
    expect(
      bytesToHex(digests.engagement({ passport: 3, actions, campaign: 1, nonce: 7, deadline: 9 })),
    ).toBe(
      hashTypedData({
        domain: domain('Engagements', ENGAGEMENTS),
        types: {
          Engagement: [
            uint256('passport'),
            { name: 'actions', type: 'bytes' },
            uint256('campaign'),
            uint256('nonce'),
            uint256('deadline'),
          ],
        },
        primaryType: 'Engagement',
        message: {
          passport: 3n,
          actions: bytesToHex(actions),
          campaign: 1n,
          nonce: 7n,
          deadline: 9n,
        },
      }),
    )
  })

  test('both forms of a signature name the signer', async () => {
    for (let deadline = 0; deadline < 8; deadline += 1) {
      const digest = digests.mint(owner, deadline)
      const long = signDigest(digest, accountKey('persona-1'))
      const compact = signDigestCompactly(digest, accountKey('persona-1'))
      const hash = bytesToHex(digest)
      expect((await recoverAddress({ hash, signature: bytesToHex(long) })).toLowerCase()).toBe(
        bytesToHex(owner),
      )
      expect(long.subarray(0, 32)).toEqual(compact.subarray(0, 32))
      expect((compact[32] as number) >> 7).toBe((long[64] as number) - 27)
      expect((compact[32] as number) & 0x7f).toBe(long[32])
    }
  })
})

describe('population', () => {
  const options = { seed: 7, personas: 200, sybilPermille: 200 }

  test('200 people are 160 and 40 Sybils in rings, in all five archetypes, the same each time', () => {
    const population = createPopulation(options)
    const sybils = population.people.filter(({ ring }) => ring !== null)
    expect(sybils).toHaveLength(40)
    expect(new Set(sybils.map(({ ring }) => ring)).size).toBe(40 / RING_SIZE)
    expect(new Set(population.people.map(({ archetype }) => archetype)).size).toBe(5)
    expect(new Set(population.people.map(({ name }) => name)).size).toBe(200)
    expect(createPopulation(options)).toEqual(population)
    expect(createPopulation({ ...options, seed: 8 })).not.toEqual(population)
    expect(population.people[0]).toMatchObject({ name: 'Alice', followers: 10_000 })
  })

  test('an action follows from its number; Sybils praise their ring, nobody himself', () => {
    const population = createPopulation(options)
    const actions = Array.from({ length: 3_000 }, (_, number) => planAction(population, number))
    expect(planAction(population, 2_999)).toEqual(actions[2_999])
    const kinds = new Set(actions.map(({ kind }) => kind))
    expect(kinds.size).toBe(3)
    for (const { actor, target, kind } of actions) {
      const ring = population.people[actor]?.ring ?? null
      if (kind !== 'social') expect(target).toBe(actor)
      else expect(target).not.toBe(actor)
      if (kind === 'social' && ring !== null) expect(population.people[target]?.ring).toBe(ring)
    }
  })

  test('refuses what is out of range', () => {
    expect(() => createPopulation({ ...options, personas: 1 })).toThrow(
      'personas must be an integer from 2',
    )
    expect(() => createPopulation({ ...options, sybilPermille: 950 })).toThrow('sybilPermille')
  })
})
