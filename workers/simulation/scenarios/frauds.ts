/** Scenarios in which somebody lies about state, and the contracts of L1 find out. */
import { FRAUDS, type FraudName } from '../../protocol/faults.ts'
import { challengerNode, executorNode } from '../../protocol/nodes.ts'
import type { Parameters } from '../../rollup/parameters.ts'
import { disputesOf, type Summary } from '../summary.ts'
import { anyActor } from './actor.ts'
import { calmComplaints, everydayUsers, finalityBoundMs } from './calm.ts'
import { createFault } from './faultActor.ts'
import type { Scenario } from './scenario.ts'

const EXECUTOR_FRAUDS = [
  'fraud-sstore',
  'fraud-arithmetic',
  'fraud-fee',
  'fraud-skip',
  'fraud-deposit',
] as const

/** The cheater is told to cheat once users trade, so that there is something to lie about. */
const armMs = ({ batchIntervalMs }: Parameters): number => Math.max(20_000, batchIntervalMs)

/** A game takes two clocks at the most, and what it waits for before and after. */
function disputeBoundMs(parameters: Parameters): number {
  return finalityBoundMs(parameters) + 2_000 * parameters.gameClockSeconds
}

function fraudScenario(fraud: (typeof EXECUTOR_FRAUDS)[number]): Scenario {
  const info = FRAUDS.find((one) => one.name === fraud)
  return {
    name: fraud,
    description: `${info?.description ?? ''} ${info?.outcome ?? ''}`,
    boundMs: disputeBoundMs,
    isDone: (summary) => isLieRefuted(summary) && honestAfterLie(summary),
    complaints: (summary) => [...calmComplaints(summary), ...lieComplaints(summary, fraud)],
    actors: (setting) => [
      ...everydayUsers(setting),
      anyActor(
        createFault(fraud, { atMs: armMs(setting.parameters) }, [
          { kind: 'corrupt', node: executorNode(0), fraud },
        ]),
      ),
    ],
  }
}

function isLieRefuted(summary: Summary): boolean {
  return disputesOf(summary).some(({ injected, honestWon }) => injected && honestWon === true)
}

/** The last root is an honest one: the chain goes on. */
function honestAfterLie({ games }: Summary): boolean {
  const all = [...games.values()]
  const lie = all.findLastIndex(({ honest }) => !honest)
  return all.slice(lie + 1).some(({ honest }) => honest)
}

function lieComplaints(summary: Summary, fraud: FraudName): string[] {
  const lies = disputesOf(summary).filter(({ injected }) => injected)
  if (lies.length === 0) return ['No false root was disputed.']
  return lies.flatMap(({ game, honestWon, decidedBy }) => {
    if (honestWon === false) return [`The false root ${game} stood.`]
    if (honestWon === null) return []
    if (decidedBy === null) return [`Game ${game} was decided by a clock, not by a step.`]
    if (fraud === 'fraud-sstore' && decidedBy.opcode !== 'SSTORE') {
      return [
        `Game ${game} was decided at ${decidedBy.phase} ${decidedBy.opcode}, not at an SSTORE.`,
      ]
    }
    return []
  })
}

const falseChallenge: Scenario = {
  name: 'false-challenge',
  description:
    'The challenger disputes an honest root to the end; the last step proves the executor right, the challenger loses its bonds.',
  boundMs: disputeBoundMs,
  isDone: (summary) =>
    disputesOf(summary).some(({ injected, honestWon }) => !injected && honestWon === true),
  complaints: (summary) => [
    ...calmComplaints(summary),
    ...disputesOf(summary).flatMap(({ game, honestWon }) =>
      honestWon === false ? [`The honest root ${game} fell.`] : [],
    ),
  ],
  actors: (setting) => [
    ...everydayUsers(setting),
    anyActor(
      createFault('false-challenge', { atMs: armMs(setting.parameters) }, [
        { kind: 'corrupt', node: challengerNode(0), fraud: 'false-challenge' },
      ]),
    ),
  ],
}

export const fraudScenarios: readonly Scenario[] = [
  ...EXECUTOR_FRAUDS.map(fraudScenario),
  falseChallenge,
]
