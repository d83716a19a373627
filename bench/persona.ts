/** Figures of Personas: how long ranking takes, what trust takes from Sybils, and what an action costs in a campaign that really runs. */

import { runScenario } from '../tools/sim/run.ts'
import { createPopulation, type Population, planAction } from '../workers/persona/population.ts'
import { computeRewards, type EpochRecord, rewardTrees } from '../workers/persona/rewards.ts'
import { matchingScore } from '../workers/persona/score.ts'
import { badgesOf } from '../workers/persona/setup.ts'
import { trustRounds } from '../workers/persona/trust.ts'
import { ACTION_KINDS, type FormulaName } from '../workers/protocol/persona.ts'
import { initKeccak } from '../workers/rollup/keccak.ts'
import { type BenchOptions, MeasurementError, median, type Report, timed } from './figure.ts'
import { measurePersonaLoad, type PersonaLoad } from './personaLoad.ts'

const SIZES = [1_000, 10_000] as const
const ACTIONS_EACH = 10
const LOAD: PersonaLoad = { personas: 200, rates: [50, 250, 1_000], phaseMs: 60_000 }
const QUICK_LOAD: PersonaLoad = { personas: 8, rates: [50], phaseMs: 20_000 }
const ROUNDS = 8
/** Points of the demonstration's badges (tools/genesis/persona.ts). */
const POINTS: Readonly<Record<string, number>> = {
  governanceVotes: 50,
  liquidityUsd: 100,
  followers: 40,
  quizzes: 30,
  vouches: 25,
}
const CRITERIA = [
  { kind: 0, valuation: 'binary', weight: 500_000_000n, maximum: 1n },
  { kind: 1, valuation: 'scaled', weight: 300_000_000n, maximum: 1_000n },
  { kind: 2, valuation: 'logarithmic', weight: 200_000_000n, maximum: 100_000n },
] as const
const CRITERIA_BADGES = ['governanceVotes', 'liquidityUsd', 'followers'] as const

export async function measurePersona(options: BenchOptions, report: Report): Promise<void> {
  await initKeccak()
  for (const size of SIZES) {
    await report.attempt(`ranking ${size}`, () => measureRanking(size, options, report))
  }
  await report.attempt('sybils', async () => measureSybils(report))
  const load = options.isQuick ? QUICK_LOAD : LOAD
  await report.attempt('load', () => measurePersonaLoad(load, report))
  if (!options.isQuick) await report.attempt('campaign', () => measureCampaign(report))
}

async function measureRanking(
  size: number,
  { isQuick }: BenchOptions,
  report: Report,
): Promise<void> {
  const record = recordOf(
    createPopulation({ seed: 7, personas: size, sybilPermille: 200 }),
    'trusted',
  )
  const ranking: number[] = []
  const trees: number[] = []
  for (let run = 0; run < (isQuick ? 1 : 5); run += 1) {
    const sent = record.counts.map((counts) => counts[2] ?? 0)
    const { points, sources } = record
    const [, ranked] = await timed(() => trustRounds({ points, sources, sent, rounds: ROUNDS }))
    const [, rooted] = await timed(() => rewardTrees(computeRewards(record)))
    ranking.push(ranked.cpuMs)
    trees.push(rooted.cpuMs)
  }
  const edges = record.sources.reduce((sum, chain) => sum + chain.length, 0)
  const note = `${edges} social actions, ${ROUNDS} rounds of EigenTrust in fixed point, processor time`
  report.figure({
    name: `graph ranking, ${size} Personas`,
    unit: 'ms',
    value: median(ranking),
    note,
  })
  report.figure({
    name: `rows and all ${ROUNDS + 2} trees, ${size} Personas`,
    unit: 'ms',
    value: median(trees),
    note: 'ranking included, Keccak in WebAssembly, processor time',
  })
}

function measureSybils(report: Report): void {
  const population = createPopulation({ seed: 7, personas: 1_000, sybilPermille: 200 })
  const share = (formula: FormulaName): number => {
    const { rows } = computeRewards(recordOf(population, formula))
    const sum = (from: number) => rows.slice(from).reduce((total, { amount }) => total + amount, 0n)
    return Number((sum(population.sybilsFrom) * 10_000n) / sum(0)) / 100
  }
  report.figure({
    name: 'Sybil share of payouts with trust',
    unit: '%',
    value: share('trusted'),
    peer: { name: 'without trust', value: share('plain') },
    note: '1,000 Personas, a fifth of them Sybils in rings of eight who act twice as often',
  })
}

/** What the chain would have recorded of so many actions each. */
function recordOf(population: Population, formula: FormulaName): EpochRecord {
  const { people } = population
  const counts = people.map(() => new Array<number>(8).fill(0))
  const sources = people.map((): number[] => [])
  for (let number = 0; number < ACTIONS_EACH * people.length; number += 1) {
    const { actor, target, kind } = planAction(population, number)
    const lane = ACTION_KINDS.indexOf(kind)
    const own = counts[actor]
    if (own === undefined) throw new MeasurementError(`There is no person ${actor}.`)
    own[lane] = (own[lane] ?? 0) + 1
    if (kind === 'social') sources[target]?.push(actor + 1)
  }
  const badges = people.map(badgesOf)
  return {
    terms: {
      formula,
      trustIterations: ROUNDS,
      epochBudget: 10_000n * 10n ** 18n,
      actionWeights: [1, 1, 2, 0, 0, 0, 0, 0],
      actionCaps: new Array<number>(8).fill(1_000),
    },
    counts,
    sources,
    points: badges.map((all) =>
      BigInt(all.reduce((sum, { kind }) => sum + (POINTS[kind] ?? 0), 0)),
    ),
    pms: badges.map((all) =>
      matchingScore(
        CRITERIA,
        (kind) => all.find((badge) => badge.kind === CRITERIA_BADGES[kind])?.value ?? 0n,
      ),
    ),
  }
}

async function measureCampaign(report: Report): Promise<void> {
  const { section, virtualMs, wallMs, complaints } = await runScenario({
    scenario: 'persona-campaign',
    seed: 7,
    preset: 'classroom',
    host: 'threads',
    untilMs: null,
    isVerbose: false,
  })
  if (complaints.length > 0) throw new MeasurementError(complaints.join(' '))
  const persona = (section?.['persona'] ?? {}) as Readonly<Record<string, number>>
  const actions = persona['actions'] ?? Number.NaN
  const note = `scenario persona-campaign, ${actions} actions of 200 Personas, ${virtualMs} virtual ms in ${wallMs} ms`
  const tell = (name: string, unit: string, key: string) =>
    report.figure({ name, unit, value: persona[key] ?? Number.NaN, note })
  tell('bytes on L1 per action', 'bytes', 'bytesPerAction')
  tell('L1 gas per action', 'gas', 'l1GasPerAction')
  tell('actions in the largest rollup batch', 'actions', 'largestBatchActions')
}
