/** Figures of Personas: how long ranking takes, what trust takes from Sybils, and what an action costs in a campaign that really runs. */
import { runScenario } from '../tools/sim/run.ts'
import type { Book, CampaignRecord } from '../workers/persona/book.ts'
import { graphView } from '../workers/persona/graphView.ts'
import { createKnown } from '../workers/persona/known.ts'
import { epochRecord } from '../workers/persona/moment.ts'
import { createPopulation } from '../workers/persona/population.ts'
import { computeRewards, type RewardTerms, rewardTrees } from '../workers/persona/rewards.ts'
import { trustRounds } from '../workers/persona/trust.ts'
import {
  distributionOf,
  peopleByPassport,
  personaRow,
  relativeTrust,
} from '../workers/persona/views.ts'
import type { FormulaName } from '../workers/protocol/persona.ts'
import { initKeccak } from '../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../workers/rollup/secp256k1.ts'
import { type BenchOptions, MeasurementError, median, type Report, timed } from './figure.ts'
import { createMeasuredBook, START } from './personaBook.ts'
import { measurePersonaLoad, type PersonaLoad } from './personaLoad.ts'

const SIZES = [1_000, 10_000] as const
const ACTIONS_EACH = 10
const ROUNDS = 8
const EPOCH_SECONDS = 60
const LOADS: readonly PersonaLoad[] = [
  { personas: 200, rates: [50, 250, 1_000], phaseMs: 30_000 },
  { personas: 2_000, rates: [1_000], phaseMs: 30_000 },
  { personas: 10_000, rates: [1_000], phaseMs: 30_000 },
]
const QUICK_LOADS: readonly PersonaLoad[] = [{ personas: 8, rates: [50], phaseMs: 20_000 }]

export async function measurePersona(options: BenchOptions, report: Report): Promise<void> {
  await Promise.all([initKeccak(), initSecp256k1()])
  for (const size of SIZES) {
    await report.attempt(`ranking ${size}`, () => measureRanking(size, options, report))
  }
  await report.attempt('sybils', async () => measureSybils(report))
  for (const load of options.isQuick ? QUICK_LOADS : LOADS)
    await report.attempt(`load of ${load.personas}`, () => measurePersonaLoad(load, report))
  if (!options.isQuick) await report.attempt('campaign', () => measureCampaign(report))
}

/** Everybody's badges and ten actions each, in an epoch that is over. */
function bookOf(personas: number, formula: FormulaName) {
  const population = createPopulation({ seed: 7, personas, sybilPermille: 200 })
  const terms: RewardTerms = {
    formula,
    trustIterations: ROUNDS,
    epochBudget: 10_000n * 10n ** 18n,
    actionWeights: [1, 1, 2, 0, 0, 0, 0, 0],
    actionCaps: new Array<number>(8).fill(1_000),
  }
  const book = createMeasuredBook({ population, terms, actions: ACTIONS_EACH * personas })
  return { population, book, campaign: campaignOf(book), time: START + EPOCH_SECONDS }
}

function campaignOf(book: Book): CampaignRecord {
  const campaign = book.campaigns.get(1)
  if (campaign === undefined) throw new MeasurementError('There is no campaign.')
  return campaign
}

async function measureRanking(
  size: number,
  { isQuick }: BenchOptions,
  report: Report,
): Promise<void> {
  const { population, book, campaign, time } = bookOf(size, 'trusted')
  const record = epochRecord(book, campaign, 0)
  const people = peopleByPassport(book, population)
  const trust = relativeTrust(book, campaign, time)
  const setting = { book, population, people, campaign, time, trust }
  const known = createKnown()
  const sent = record.counts.map((counts) => counts[2] ?? 0)
  const { points, sources } = record
  const edges = sources.reduce((sum, chain) => sum + chain.length, 0)
  const tell = (name: string, value: number, note: string) =>
    report.figure({ name: `${name}, ${size} Personas`, unit: 'ms', value, note })
  const medianOf = async (task: () => unknown): Promise<number> => {
    const spent: number[] = []
    for (let run = 0; run < (isQuick ? 1 : 5); run += 1) {
      spent.push((await timed(async () => task()))[1].cpuMs)
    }
    return median(spent)
  }
  const note = `${edges} social actions, ${ROUNDS} rounds of EigenTrust in fixed point, processor time`
  const rounds = ROUNDS
  tell('graph ranking', await medianOf(() => trustRounds({ points, sources, sent, rounds })), note)
  tell(
    `rows and all ${ROUNDS + 2} trees`,
    await medianOf(() => rewardTrees(computeRewards(record)).trust),
    'ranking included, Keccak in WebAssembly, processor time',
  )
  tell(
    'Value Graph',
    await medianOf(() => graphView(setting)),
    `${edges} social actions, ${book.badges} badges`,
  )
  tell(
    'scores of everybody, anew',
    await medianOf(() => distributionOf(setting)),
    'once a minute of virtual time, or when a badge came',
  )
  known.distribution(setting)
  tell(
    'scores of everybody, nothing new',
    await medianOf(() => known.distribution(setting)),
    'a turn in which no badge came',
  )
  tell(
    'table of everybody',
    await medianOf(() => book.passports.map((one) => personaRow(setting, one))),
    'for one question of the page',
  )
}

function measureSybils(report: Report): void {
  const share = (formula: FormulaName): number => {
    const { population, book, campaign } = bookOf(1_000, formula)
    const { rows } = computeRewards(epochRecord(book, campaign, 0))
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
