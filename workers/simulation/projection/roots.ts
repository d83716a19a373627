import type { RootStatus, RootView } from '../../protocol/projection.ts'
import type { ReportEvent } from '../../protocol/trace.ts'
import { GENESIS_TIMESTAMP } from '../../rollup/parameters.ts'
import { pushBounded, updateLast } from './window.ts'

const rootsMax = 16

/** Unix seconds of a contract → virtual milliseconds. */
export function secondsToVirtualMs(seconds: bigint): number {
  return (Number(seconds) - GENESIS_TIMESTAMP) * 1_000
}

/** Folds output roots from proposal to finality. */
export function foldRoots(roots: readonly RootView[], event: ReportEvent): readonly RootView[] {
  switch (event.type) {
    case 'root.proposed':
      return propose(roots, event.timeMs, event.payload)
    case 'root.checked': {
      const { node, game, expected, agrees } = event.payload
      return updateLast(
        roots,
        (root) => root.game === game,
        (root) => ({
          ...root,
          checks: [
            ...root.checks.filter((check) => check.node !== node),
            { node, agrees, expected },
          ],
        }),
      )
    }
    case 'dispute.move':
      return event.payload.parentIndex < 0
        ? roots
        : setStatus(roots, event.payload.game, 'disputed', ['proposed'])
    case 'root.resolved': {
      const { game, status } = event.payload
      return setStatus(roots, game, status === 'defenderWins' ? 'defended' : 'rejected', [
        'proposed',
        'disputed',
      ])
    }
    case 'root.finalized':
      return setStatus(roots, event.payload.game, 'finalized', ['proposed', 'disputed', 'defended'])
    default:
      return roots
  }
}

type ProposalReport = Extract<ReportEvent, { type: 'root.proposed' }>['payload']

function propose(
  roots: readonly RootView[],
  timeMs: number,
  report: ProposalReport,
): readonly RootView[] {
  if (roots.some((root) => root.game === report.game)) return roots
  const { deadline, ...fields } = report
  const root: RootView = {
    ...fields,
    status: 'proposed',
    proposedMs: timeMs,
    deadlineMs: secondsToVirtualMs(deadline),
    checks: [],
  }
  return pushBounded(roots, root, rootsMax)
}

function setStatus(
  roots: readonly RootView[],
  game: string,
  status: RootStatus,
  from: readonly RootStatus[],
): readonly RootView[] {
  return updateLast(
    roots,
    (root) => root.game === game,
    (root) => (from.includes(root.status) ? { ...root, status } : root),
  )
}
