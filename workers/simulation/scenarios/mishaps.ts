/** Scenarios in which nodes fail or break the rules of ordering and storage. */
import { dataNode, sequencerNode } from '../../protocol/nodes.ts'
import type { Parameters } from '../../rollup/parameters.ts'
import type { Summary } from '../summary.ts'
import { anyActor } from './actor.ts'
import { calmComplaints, everydayUsers } from './calm.ts'
import { createFault } from './faultActor.ts'
import type { Scenario } from './scenario.ts'

const boundMs = ({ batchIntervalMs, l1SlotMs }: Parameters): number =>
  8 * batchIntervalMs + 40 * l1SlotMs

const sequencerCrash: Scenario = {
  name: 'sequencer-crash',
  description:
    'A member of the committee crashes and is restarted: its views are skipped, order goes on, it catches up without voting twice.',
  boundMs,
  isDone: ({ nullifiedViews, batches, heads }) =>
    nullifiedViews > 0 && batches.size >= 3 && heads.safe > 0n,
  complaints: calmComplaints,
  actors: (setting) => {
    const { batchIntervalMs } = setting.parameters
    const node = sequencerNode(2)
    return [
      ...everydayUsers(setting),
      anyActor(createFault('crash', { atMs: batchIntervalMs / 2 }, [{ kind: 'crash', node }])),
      anyActor(createFault('restart', { atMs: 2 * batchIntervalMs }, [{ kind: 'restart', node }])),
    ]
  },
}

const EQUIVOCATOR = 3

const sequencerEquivocates: Scenario = {
  name: 'sequencer-equivocates',
  description:
    'A member of the committee votes for two blocks in one view; its two votes are evidence, and L1 slashes its stake.',
  boundMs,
  isDone: ({ sequencersSlashed, batches }) =>
    sequencersSlashed.has(EQUIVOCATOR) && batches.size >= 2,
  complaints: (summary) => [...calmComplaints(summary), ...wrongSlashes(summary)],
  actors: (setting) => [
    ...everydayUsers(setting),
    anyActor(
      createFault('equivocate', { atMs: setting.parameters.batchIntervalMs / 2 }, [
        { kind: 'corrupt', node: sequencerNode(EQUIVOCATOR), fraud: 'equivocate' },
      ]),
    ),
  ],
}

function wrongSlashes({ sequencersSlashed }: Summary): string[] {
  return [...sequencersSlashed]
    .filter((culprit) => culprit !== EQUIVOCATOR)
    .map((culprit) => `The honest sequencer-${culprit} was slashed.`)
}

const dataOffline: Scenario = {
  name: 'da-offline-4',
  description:
    'As many data nodes as the quorum can miss go offline, four of sixteen: batches are still certified, posted and read.',
  boundMs,
  isDone: ({ batches, heads }) => batches.size >= 3 && heads.safe > 0n,
  complaints: calmComplaints,
  actors: (setting) => {
    const { dataNodeCount, dataQuorum } = setting.parameters
    const missing = Math.min(4, dataNodeCount - dataQuorum)
    const stride = dataNodeCount / missing
    const nodes = Array.from({ length: missing }, (_, index) => dataNode(index * stride + 1))
    return [
      ...everydayUsers(setting),
      anyActor(
        createFault(
          'offline',
          { atMs: 3_000 },
          nodes.map((node) => ({ kind: 'crash' as const, node })),
        ),
      ),
    ]
  },
}

const l1Reorg: Scenario = {
  name: 'l1-reorg',
  description:
    'L1 replaces the blocks that hold a batch and deposits: every role walks back and derives again, no deposit counts twice.',
  boundMs,
  isDone: ({ reorgs, batches, heads, timeMs }) =>
    reorgs.l1 > 0 && batches.size >= 3 && heads.safe > 0n && timeMs > 0,
  complaints: calmComplaints,
  actors: (setting) => [
    ...everydayUsers(setting),
    anyActor(
      createFault(
        'reorg',
        {
          atMs: 2 * setting.parameters.l1SlotMs,
          after: (event) => event.kind === 'report' && event.type === 'batch.posted',
        },
        [{ kind: 'l1Reorg', depth: 4 }],
      ),
    ),
  ],
}

export const mishapScenarios: readonly Scenario[] = [
  sequencerCrash,
  sequencerEquivocates,
  dataOffline,
  l1Reorg,
]
