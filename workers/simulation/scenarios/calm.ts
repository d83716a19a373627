/** Scenarios in which nobody cheats and nothing breaks. */
import type { Parameters } from '../../rollup/parameters.ts'
import type { Summary } from '../summary.ts'
import { type Actor, anyActor } from './actor.ts'
import { createDepositor } from './depositor.ts'
import { createExplorer } from './explorer.ts'
import type { Scenario, ScenarioSetting } from './scenario.ts'
import { createUsers } from './users.ts'
import { createWithdrawer } from './withdrawer.ts'

/** Everyday users: transfers of ETH and of a token, now and then a deposit, a withdrawal, or something out of the ordinary. */
export function everydayUsers({ contracts, parameters }: ScenarioSetting): Actor<unknown>[] {
  const { l1SlotMs, l2BlockMs } = parameters
  return [
    anyActor(createUsers({ everyMs: 2 * l2BlockMs, tokenPercent: 60 })),
    anyActor(
      createDepositor(contracts.l1Bridge ?? '', {
        firstMs: 4 * l1SlotMs,
        everyMs: 12 * l1SlotMs,
      }),
    ),
    anyActor(
      createWithdrawer(contracts.l1Bridge ?? '', {
        firstMs: 30 * l2BlockMs,
        everyMs: 40 * l1SlotMs,
      }),
    ),
    anyActor(createExplorer({ firstMs: 6_000, everyMs: 8 * l1SlotMs })),
  ]
}

/** Time until a root that is proposed at once is final, with room for a few proposals more. */
export function finalityBoundMs(parameters: Parameters): number {
  const {
    batchIntervalMs,
    proposalIntervalMs,
    dataChallengeWindowSeconds,
    disputeWindowSeconds,
    airGapSeconds,
  } = parameters
  const windowsMs = 1_000 * (dataChallengeWindowSeconds + disputeWindowSeconds + airGapSeconds)
  return 2 * windowsMs + 6 * proposalIntervalMs + 4 * batchIntervalMs
}

export const steady: Scenario = {
  name: 'steady',
  description:
    'Everyday users and honest nodes: transfers, deposits and withdrawals until roots are final.',
  boundMs: finalityBoundMs,
  isDone: ({ heads, rootsFinalized, withdrawals }) =>
    rootsFinalized >= 2 && heads.finalized > 0n && withdrawals.finalized > 0,
  complaints: (summary) => [...calmComplaints(summary), ...disputesComplaints(summary)],
  actors: everydayUsers,
}

export const quiet: Scenario = {
  name: 'quiet',
  description:
    'Nobody sends anything: empty blocks and honest nodes, for people who bring their own transactions.',
  boundMs: finalityBoundMs,
  isDone: ({ rootsFinalized }) => rootsFinalized >= 1,
  complaints: (summary) => [...calmComplaints(summary), ...disputesComplaints(summary)],
  actors: () => [],
}

/** What must never happen, whatever the scenario. */
export function calmComplaints({ deaths }: Summary): readonly string[] {
  return deaths.map(({ node, error, timeMs }) => `${node} died at ${timeMs} ms: ${error}`)
}

function disputesComplaints({ games }: Summary): readonly string[] {
  return [...games].flatMap(([game, { moves }]) =>
    moves > 0 ? [`Root ${game} was disputed.`] : [],
  )
}
