/** Scenarios in which those who execute, and those who watch, are down. */
import { challengerNode, dataNode, EXECUTORS, executorNode } from '../../protocol/nodes.ts'
import type { TraceEvent } from '../../protocol/trace.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import { accountAddress } from '../../rollup/keys.ts'
import type { Parameters } from '../../rollup/parameters.ts'
import type { Summary } from '../summary.ts'
import { type Actor, anyActor } from './actor.ts'
import { calmComplaints, everydayUsers, finalityBoundMs } from './calm.ts'
import { createFault } from './faultActor.ts'
import { armMs, disputeBoundMs, isCaught, placeComplaints } from './frauds.ts'
import type { Scenario, ScenarioSetting } from './scenario.ts'

const STANDBY = EXECUTORS[1] ?? executorNode(1)

const executorCrash: Scenario = {
  name: 'executor-crash',
  description:
    'The executor crashes for good: the standby answers clients in its place, proposes roots, and they become final.',
  boundMs: (parameters) => finalityBoundMs(parameters) + 4 * parameters.proposalIntervalMs,
  isDone: (summary) => summary.answering.current === STANDBY && hasFinalRoot(summary),
  complaints: calmComplaints,
  actors: (setting) => [
    ...everydayUsers(setting),
    anyActor(
      createFault('crash', { atMs: 2.5 * setting.parameters.proposalIntervalMs }, [
        { kind: 'crash', node: executorNode(0) },
      ]),
    ),
  ],
}

function hasFinalRoot({ games }: Summary): boolean {
  const account = bytesToHex(accountAddress(STANDBY))
  return [...games.values()].some(
    ({ proposer, isFinal }) => isFinal && proposer.toLowerCase() === account,
  )
}

/** Moves after which the dispute is well under way, and far from its end. */
const MOVES_BEFORE = 10
const isMidGame = (event: TraceEvent): boolean =>
  event.kind === 'report' &&
  event.type === 'dispute.move' &&
  event.payload.claimIndex >= MOVES_BEFORE

/** The executor lies; what befalls the challenger in the middle of the dispute is up to the scenario. */
function lie({ parameters }: ScenarioSetting): Actor<unknown> {
  return anyActor(
    createFault('lie', { atMs: armMs(parameters) }, [
      { kind: 'corrupt', node: executorNode(0), fraud: 'fraud-sstore' },
    ]),
  )
}

const challengerCrash: Scenario = {
  name: 'challenger-crash',
  description:
    'The challenger crashes in the middle of a dispute and is restarted: it reads the game again from L1, plays on, and wins.',
  boundMs: disputeBoundMs,
  isDone: isCaught,
  complaints: (summary) => [
    ...calmComplaints(summary),
    ...placeComplaints(summary, 'fraud-sstore'),
  ],
  actors: (setting) => {
    const node = challengerNode(0)
    return [
      ...everydayUsers(setting),
      lie(setting),
      anyActor(createFault('crash', { atMs: 0, after: isMidGame }, [{ kind: 'crash', node }])),
      anyActor(
        createFault('restart', { atMs: 5_000, after: isMidGame }, [{ kind: 'restart', node }]),
      ),
    ]
  },
}

const REPLACEMENT = challengerNode(1)

const challengerReplaced: Scenario = {
  name: 'challenger-replaced',
  description:
    'The challenger is lost in the middle of a dispute: another one, with an empty disk, rebuilds everything from genesis, L1 and the data nodes that are left, takes over, and wins.',
  boundMs: disputeBoundMs,
  challengers: 2,
  isDone: (summary) => isCaught(summary) && hasMoved(summary, REPLACEMENT),
  complaints: (summary) => [
    ...calmComplaints(summary),
    ...placeComplaints(summary, 'fraud-sstore'),
    ...(hasMoved(summary, REPLACEMENT) ? [] : [`${REPLACEMENT} made no move.`]),
  ],
  actors: (setting) => {
    const lost = challengerNode(0)
    return [
      ...everydayUsers(setting),
      lie(setting),
      // Until it is needed, the replacement is a machine that is switched off.
      anyActor(createFault('off', { atMs: 0 }, [{ kind: 'crash', node: REPLACEMENT }])),
      anyActor(
        createFault('loss', { atMs: 0, after: isMidGame }, [
          { kind: 'crash', node: lost },
          ...missingDataNodes(setting.parameters).map((node) => ({ kind: 'crash' as const, node })),
        ]),
      ),
      anyActor(
        createFault('boot', { atMs: 3_000, after: isMidGame }, [
          { kind: 'restart', node: REPLACEMENT },
        ]),
      ),
    ]
  },
}

/** As many data nodes as the quorum can miss. */
function missingDataNodes({ dataNodeCount, dataQuorum }: Parameters) {
  return Array.from({ length: dataNodeCount - dataQuorum }, (_, index) => dataNode(index))
}

function hasMoved({ games }: Summary, node: string): boolean {
  const account = bytesToHex(accountAddress(node))
  return [...games.values()].some(({ claimants }) => claimants.has(account))
}

const unwatched: Scenario = {
  name: 'fraud-unwatched',
  description:
    'No honest challenger runs: the executor proposes a false root, its window closes, and the theft is final. This is what a watcher is for.',
  boundMs: disputeBoundMs,
  breaks: ['falseRootsFall'],
  isDone: ({ games }) => [...games.values()].some(({ honest, isFinal }) => !honest && isFinal),
  complaints: (summary) => [
    ...calmComplaints(summary),
    ...[...summary.games].flatMap(([game, { moves }]) =>
      moves > 0 ? [`Somebody disputed root ${game}.`] : [],
    ),
  ],
  actors: (setting) => [
    ...everydayUsers(setting),
    anyActor(createFault('nobody', { atMs: 1_000 }, [{ kind: 'crash', node: challengerNode(0) }])),
    lie(setting),
  ],
}

export const outageScenarios: readonly Scenario[] = [
  executorCrash,
  challengerCrash,
  challengerReplaced,
  unwatched,
]
