/** Scenarios in which somebody lies about state, and the contracts of L1 find out. */
import { type DecidedAt, FRAUDS, type FraudInfo, type FraudName } from '../../protocol/faults.ts'
import { ALIAS_COUNT, challengerNode, executorNode } from '../../protocol/nodes.ts'
import type { DecisiveStep } from '../../protocol/reports.ts'
import type { Parameters } from '../../rollup/parameters.ts'
import { disputesOf, type Summary } from '../summary.ts'
import { type Actor, anyActor, nextTurnMs } from './actor.ts'
import { calmComplaints, everydayUsers, finalityBoundMs } from './calm.ts'
import { createFault } from './faultActor.ts'
import type { Scenario } from './scenario.ts'

/** The cheater is told to cheat once users trade, so that there is something to lie about. */
export const armMs = ({ batchIntervalMs }: Parameters): number => Math.max(20_000, batchIntervalMs)

/** A game takes two clocks at the most, and what it waits for before and after. */
export function disputeBoundMs(parameters: Parameters): number {
  return finalityBoundMs(parameters) + 2_000 * parameters.gameClockSeconds
}

function fraudScenario(info: FraudInfo): Scenario {
  const { name, description, outcome } = info
  return {
    name,
    description: `${description} ${outcome}`,
    boundMs: disputeBoundMs,
    isDone: isCaught,
    complaints: (summary) => [
      ...calmComplaints(summary),
      ...lieComplaints(summary, info),
      ...playComplaints(summary, name),
    ],
    actors: (setting) => [
      ...everydayUsers(setting),
      anyActor(
        createFault(name, { atMs: armMs(setting.parameters) }, [
          { kind: 'corrupt', node: executorNode(0), fraud: name },
        ]),
      ),
    ],
  }
}

/** The lie was refuted, all of them where there were several, and honest roots go on. */
export function isCaught(summary: Summary): boolean {
  return areLiesRefuted(summary) && honestAfterLie(summary)
}

function areLiesRefuted({ games }: Summary): boolean {
  const lies = [...games.values()].filter(({ honest }) => !honest)
  return lies.length > 0 && lies.every(({ status }) => status === 'challengerWins')
}

/** The last root is an honest one: the chain goes on. */
function honestAfterLie({ games }: Summary): boolean {
  const all = [...games.values()]
  const lie = all.findLastIndex(({ honest }) => !honest)
  return all.slice(lie + 1).some(({ honest }) => honest)
}

/** A lie that was not refuted, or not at the step where the catalogue says that it is. */
export function placeComplaints(summary: Summary, fraud: FraudName): string[] {
  const info = FRAUDS.find(({ name }) => name === fraud)
  return info === undefined ? [] : lieComplaints(summary, info)
}

function lieComplaints(summary: Summary, { decidedAt }: FraudInfo): string[] {
  const lies = disputesOf(summary).filter(({ injected }) => injected)
  if (lies.length === 0) return ['No false root was disputed.']
  return lies.flatMap(({ game, honestWon, decidedBy }) => {
    if (honestWon === false) return [`The false root ${game} stood.`]
    if (honestWon === null) return []
    return wrongPlace(decidedBy, decidedAt).map((text) => `Game ${game} ${text}`)
  })
}

/** False roots, and players in the game about one, beside the challenger and the liar's own account, that a play is about. */
const PLAYED: Readonly<Partial<Record<FraudName, { roots: number; aliases: number }>>> = {
  'fraud-several': { roots: 3, aliases: 0 },
  'fraud-freeload': { roots: 1, aliases: 1 },
  'fraud-sybils': { roots: 1, aliases: ALIAS_COUNT },
}

/** A lie that was caught, but not played as the scenario says. */
function playComplaints({ games }: Summary, fraud: FraudName): string[] {
  const expected = PLAYED[fraud]
  if (expected === undefined) return []
  const lies = [...games.values()].filter(({ honest }) => !honest)
  const names = Math.max(0, ...lies.map(({ claimants }) => claimants.size))
  const complaints: string[] = []
  if (lies.length !== expected.roots) {
    complaints.push(`${lies.length} false roots were proposed, not ${expected.roots}.`)
  }
  if (names !== expected.aliases + 2) {
    complaints.push(`${names} accounts moved in the game, not ${expected.aliases + 2}.`)
  }
  return complaints
}

/** Where a dispute was decided, if not where it must be. */
function wrongPlace(step: DecisiveStep | null, expected: DecidedAt | null): string[] {
  if (expected === null) {
    return step === null ? [] : [`was decided by a step at ${step.phase}, not by a clock.`]
  }
  if (step === null) return ['was decided by a clock, not by a step.']
  const { phases, opcodes } = expected
  const isRight =
    phases.includes(step.phase) && (opcodes === undefined || opcodes.includes(step.opcode))
  const names = [...phases, ...(opcodes ?? [])].join(' ')
  return isRight ? [] : [`was decided at ${step.phase} ${step.opcode}, not at ${names}.`]
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

/** Rationale: a reward is claimed by Personas alone, who have scenarios of their own. */
function isEveryday({ name, role }: FraudInfo): boolean {
  return role === 'executor' && name !== 'fraud-reward'
}

/** A devnet's user cheats every so often, on the very blocks that the executor lies about. */
function createCheater(everyMs: number): Actor<number> {
  const account = `0x${'c4'.repeat(20)}`
  const calls = [
    // None mints: ETH out of nothing would leave the bridge insolvent, as the checkers rightly say.
    ['anvil_setNonce', [account, '0x7']],
    ['anvil_setStorageAt', [account, '0x1', `0x${'5'.repeat(64)}`]],
    ['anvil_setCode', [account, '0x3360005534600155']],
  ] as const
  return {
    name: 'cheater',
    initial: everyMs,
    nextMs: (atMs) => atMs,
    act: async (atMs, { timeMs }) => ({
      state: nextTurnMs(atMs, everyMs, timeMs),
      actions: calls.map(([method, params]) => ({
        kind: 'input',
        node: executorNode(0),
        type: 'rpc',
        payload: { method, params },
      })),
    }),
  }
}

/** A lie as any other, in a world with cheats: they change nothing about who wins. */
function cheatedDispute(info: FraudInfo): Scenario {
  const lied = fraudScenario(info)
  return {
    ...lied,
    name: 'cheated-dispute',
    description: `${lied.description} A devnet’s user cheats in the same blocks, which changes nothing about it.`,
    actors: (setting) => [
      ...lied.actors(setting),
      anyActor(createCheater(setting.parameters.l2BlockMs)),
    ],
  }
}

export const fraudScenarios: readonly Scenario[] = [
  ...FRAUDS.filter(({ name }) => name === 'fraud-sstore').map(cheatedDispute),
  ...FRAUDS.filter(isEveryday).map(fraudScenario),
  falseChallenge,
]
