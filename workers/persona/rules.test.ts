/** The pure rules: fixed point, decay, matching score, trust, formulas, population. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decayFactor } from './decay.ts'
import { integerSqrt, mulWad, WAD } from './fixed.ts'
import { type Engagement, REWARD_FORMULAS, shareBudget } from './formulas.ts'
import { log10Wad } from './logarithm.ts'
import { createPopulation, planAction, RING_SIZE } from './population.ts'
import { assertConditions, type Condition, matchingScore, valuate } from './score.ts'
import {
  eigenTrust,
  TRUST_ALPHA,
  TRUST_ITERATIONS,
  type TrustEdge,
  trustIterations,
} from './trust.ts'

const percent = (value: number) => (BigInt(value) * WAD) / 100n

describe('fixed point', () => {
  test('the integer root is the greatest whose square does not exceed the value', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 1n << 200n), (value) => {
        const root = integerSqrt(value)
        expect(root * root <= value && (root + 1n) * (root + 1n) > value).toBe(true)
      }),
    )
    expect(() => integerSqrt(-1n)).toThrow('at least 0')
  })

  test('the logarithm is exact at powers of ten and true to 15 digits between', () => {
    for (let power = 0; power <= 30; power += 1) {
      expect(log10Wad(10n ** BigInt(power))).toBe(BigInt(power) * WAD)
    }
    expect(log10Wad(2n)).toBe(301_029_995_663_981_195n)
    expect(log10Wad(9_999n)).toBe(3_999_956_568_380_192_489n)
    expect(() => log10Wad(0n)).toThrow('at least 1')
  })

  test('the logarithm never falls', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 24n), (value) => log10Wad(value + 1n) >= log10Wad(value)),
    )
  })
})

describe('decay', () => {
  const DAY = 86_400

  test('halves with every half-life and starts at one', () => {
    expect(decayFactor(0, 30 * DAY)).toBe(WAD)
    expect(decayFactor(-5, 30 * DAY)).toBe(WAD)
    expect(decayFactor(30 * DAY, 30 * DAY)).toBe(WAD / 2n)
    expect(decayFactor(90 * DAY, 30 * DAY)).toBe(WAD / 8n)
    // √½ after half of one.
    expect(decayFactor(15 * DAY, 30 * DAY)).toBe(707_106_781_186_547_524n)
    expect(decayFactor(10_000 * DAY, 30 * DAY)).toBe(0n)
    expect(() => decayFactor(1, 0)).toThrow('positive')
  })

  test('never rises with age', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000_000),
        fc.nat(100_000),
        fc.integer({ min: 1, max: 10_000_000 }),
        (age, more, half) => decayFactor(age + more, half) <= decayFactor(age, half),
      ),
    )
  })
})

describe('matching score', () => {
  const litepaper: readonly Condition[] = [
    { valuation: 'binary', weight: percent(50), full: 1n },
    { valuation: 'scaled', weight: percent(30), full: 1_000n },
    { valuation: 'logarithmic', weight: percent(20), full: 100_000n },
  ]

  test('Alice scores 0.78 exactly', () => {
    expect(matchingScore(litepaper, [1n, 400n, 10_000n])).toBe(percent(78))
  })

  test('reach of 1,000 followers is 0.6, of 100,000 and more 1', () => {
    const reach = litepaper[2] as Condition
    expect(valuate(reach, 1_000n)).toBe(percent(60))
    expect(valuate(reach, 100_000n)).toBe(WAD)
    expect(valuate(reach, 10n ** 9n)).toBe(WAD)
    expect(valuate(reach, 1n)).toBe(0n)
    expect(valuate(reach, 0n)).toBe(0n)
  })

  test('one follower less is a little less', () => {
    const score = matchingScore(litepaper, [1n, 400n, 9_999n])
    expect(score).toBeLessThan(percent(78))
    expect(score).toBeGreaterThan(percent(77))
  })

  test('stays within 0 and 1 and never falls when a value rises', () => {
    const value = fc.bigInt(0n, 10n ** 7n)
    fc.assert(
      fc.property(fc.tuple(value, value, value), fc.nat(2), value, (values, at, more) => {
        const score = matchingScore(litepaper, values)
        const raised = values.map((one, index) => (index === at ? one + more : one))
        expect(score >= 0n && score <= WAD).toBe(true)
        expect(matchingScore(litepaper, raised) >= score).toBe(true)
      }),
    )
  })

  test('weights must sum to one, full values must be in range', () => {
    expect(() => assertConditions(litepaper)).not.toThrow()
    expect(() => assertConditions(litepaper.slice(1))).toThrow('sum to 1')
    const [binary] = litepaper as [Condition]
    expect(() => assertConditions([{ ...binary, weight: WAD, full: 0n }])).toThrow('at least 1')
    expect(() => assertConditions([{ valuation: 'logarithmic', weight: WAD, full: 1n }])).toThrow(
      'at least 2',
    )
    expect(() => assertConditions([{ ...binary, weight: 0n }])).toThrow('above 0')
  })
})

describe('trust', () => {
  const options = { alpha: TRUST_ALPHA, iterations: TRUST_ITERATIONS }
  const edge = (from: number, to: number, weight = 1n): TrustEdge => ({ from, to, weight })
  /** Node 0 is a validator that vouches for 1 and 2; 3, 4 and 5 praise each other; `bridges` come from honest people. */
  const ring = (bridges: readonly TrustEdge[]) => ({
    nodes: 6,
    preTrust: [WAD, 0n, 0n, 0n, 0n, 0n],
    edges: [
      edge(0, 1, 3n),
      edge(0, 2),
      edge(1, 2),
      edge(2, 1),
      edge(3, 4, 1_000n),
      edge(4, 5, 1_000n),
      edge(5, 3, 1_000n),
      ...bridges,
    ],
  })

  test('a ring that nobody vouches for has none, however much it praises itself', () => {
    expect(eigenTrust(ring([]), options).slice(3)).toEqual([0n, 0n, 0n])
  })

  test('a ring that fools one honest person stays below everyone honest', () => {
    const trust = eigenTrust(ring([edge(2, 3, 1n)]), options)
    const honest = trust.slice(1, 3)
    for (const sybil of trust.slice(3)) {
      expect(sybil).toBeGreaterThan(0n)
      for (const one of honest) expect(sybil).toBeLessThan(one)
    }
  })

  test('is never more than was given beforehand', () => {
    const total = eigenTrust(ring([edge(2, 3)]), options).reduce((sum, one) => sum + one, 0n)
    expect(total <= WAD).toBe(true)
  })

  test('two nodes that trust each other come to the closed form', () => {
    // t₀ = ½ + ½·t₁ and t₁ = ½·t₀: ⅔ and ⅓.
    const graph = { nodes: 2, preTrust: [WAD, 0n], edges: [edge(0, 1), edge(1, 0)] }
    const [first, second] = eigenTrust(graph, { alpha: TRUST_ALPHA, iterations: 80 }) as [
      bigint,
      bigint,
    ]
    expect(Number(first - (2n * WAD) / 3n)).toBeLessThan(10)
    expect(Number(second - WAD / 3n)).toBeLessThan(10)
  })

  const graphs = fc.integer({ min: 2, max: 12 }).chain((nodes) =>
    fc.record({
      nodes: fc.constant(nodes),
      edges: fc.array(
        fc.record({
          from: fc.nat(nodes - 1),
          to: fc.nat(nodes - 1),
          weight: fc.bigInt(1n, 1_000n),
        }),
        { maxLength: 40 },
      ),
      order: fc.shuffledSubarray(
        Array.from({ length: nodes }, (_, index) => index),
        { minLength: nodes },
      ),
    }),
  )

  test('does not depend on the order of edges or on the names of nodes', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges, order }) => {
        const preTrust = Array.from({ length: nodes }, (_, node) => (node < 2 ? WAD / 2n : 0n))
        const trust = eigenTrust({ nodes, preTrust, edges }, options)
        const renamed = eigenTrust(
          {
            nodes,
            preTrust: preTrust.map((_, node) => preTrust[order.indexOf(node)] as bigint),
            edges: [...edges].reverse().map(({ from, to, weight }) => ({
              from: order[from] as number,
              to: order[to] as number,
              weight,
            })),
          },
          options,
        )
        expect(trust.map((_, node) => renamed[order[node] as number])).toEqual(trust)
      }),
    )
  })

  test('tells every iteration, the pre-trust first', () => {
    const graph = ring([])
    const rows = [...trustIterations(graph, options)]
    expect(rows).toHaveLength(TRUST_ITERATIONS + 1)
    expect(rows[0]).toEqual(graph.preTrust)
    expect(rows.at(-1)).toEqual(eigenTrust(graph, options))
  })

  test('refuses edges to nowhere and worthless edges', () => {
    const graph = { nodes: 2, preTrust: [WAD, 0n] }
    expect(() => eigenTrust({ ...graph, edges: [edge(0, 2)] }, options)).toThrow(
      'from 0 to 1, is 2',
    )
    expect(() => eigenTrust({ ...graph, edges: [edge(0, 1, 0n)] }, options)).toThrow('positive')
    expect(() => eigenTrust({ nodes: 2, preTrust: [], edges: [] }, options)).toThrow(
      'one entry per node',
    )
  })
})

describe('reward formulas', () => {
  const engagement: fc.Arbitrary<Engagement> = fc.record({
    actionWeight: fc.bigInt(0n, 1_000n * WAD),
    score: fc.bigInt(0n, WAD),
    trust: fc.bigInt(0n, WAD),
  })

  for (const formula of Object.values(REWARD_FORMULAS)) {
    test(`${formula.name}: pays at most the budget, and nothing for nothing`, () => {
      fc.assert(
        fc.property(
          fc.array(engagement, { maxLength: 30 }),
          fc.bigInt(0n, 10n ** 24n),
          (all, budget) => {
            const shares = shareBudget(formula, budget, all)
            expect(shares.reduce((sum, one) => sum + one, 0n) <= budget).toBe(true)
            for (const [index, { actionWeight, score, trust }] of all.entries()) {
              if (actionWeight === 0n || score === 0n || trust === 0n)
                expect(shares[index]).toBe(0n)
            }
          },
        ),
      )
    })

    test(`${formula.name}: whoever does more gets no less`, () => {
      fc.assert(
        fc.property(engagement, engagement, fc.bigInt(1n, WAD), (one, other, more) => {
          const budget = 10n ** 22n
          const before = shareBudget(formula, budget, [one, other])[0] as bigint
          const raised = { ...one, actionWeight: one.actionWeight + more }
          expect((shareBudget(formula, budget, [raised, other])[0] as bigint) >= before).toBe(true)
        }),
      )
    })
  }

  test('they differ where they say so', () => {
    const few = { actionWeight: WAD, score: WAD, trust: WAD }
    const many = { ...few, actionWeight: 9n * WAD }
    const share = (name: keyof typeof REWARD_FORMULAS) =>
      shareBudget(REWARD_FORMULAS[name], 1_000n, [few, many])
    expect(share('proportional')).toEqual([100n, 900n])
    expect(share('squareRoot')).toEqual([250n, 750n])
    expect(share('capped')).toEqual([20n, 20n])
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

test('mulWad rounds down', () => {
  expect(mulWad(WAD - 1n, WAD - 1n)).toBe(WAD - 2n)
})
