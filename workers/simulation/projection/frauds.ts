import type { NodeId } from '../../kernel/role.ts'
import type { FraudView } from '../../protocol/projection.ts'
import type { ReportEvent, TraceEvent } from '../../protocol/trace.ts'
import { pushBounded, updateLast } from './window.ts'

const fraudsMax = 8

/** Folds dishonest behaviours: armed, acted, on trial, judged. `accounts`: L1 address → node. */
export function foldFrauds(
  frauds: readonly FraudView[],
  event: ReportEvent,
  accounts: Readonly<Record<string, NodeId>>,
): readonly FraudView[] {
  const { timeMs } = event
  switch (event.type) {
    case 'fraud.armed':
      return arm(frauds, event.payload.node, event.payload.fraud, timeMs)
    case 'fraud.injected': {
      const { node, fraud, step, root } = event.payload
      return updateLast(arm(frauds, node, fraud, timeMs), isWaiting(node), (view) => ({
        ...view,
        actedMs: timeMs,
        step,
        root,
      }))
    }
    case 'root.proposed': {
      const { game, claim } = event.payload
      const isIt = (view: FraudView) => view.root === claim && view.game === null
      return updateLast(frauds, isIt, (view) => ({ ...view, game }))
    }
    case 'dispute.move': {
      const { game, claimant } = event.payload
      const attacker = isLoose(accounts[claimant.toLowerCase()])
      const isAttack = (view: FraudView) => view.fraud === 'false-challenge' && attacker(view)
      return updateLast(frauds, isAttack, (view) => ({
        ...view,
        game,
        actedMs: view.actedMs ?? timeMs,
      }))
    }
    case 'sequencer.slashed': {
      const node = `sequencer-${event.payload.culprit}`
      return updateLast(
        frauds,
        (view) => view.node === node && !view.over,
        (view) => ({
          ...view,
          actedMs: view.actedMs ?? timeMs,
          over: true,
        }),
      )
    }
    case 'root.resolved':
      return updateLast(
        frauds,
        (view) => view.game === event.payload.game && !view.over,
        (view) => ({
          ...view,
          over: true,
        }),
      )
    default:
      return frauds
  }
}

/** A node that is made honest before its chance came never acts. */
export function healFrauds(frauds: readonly FraudView[], event: TraceEvent): readonly FraudView[] {
  if (event.kind !== 'fault' || event.fault.kind !== 'heal') return frauds
  const { node } = event.fault
  return frauds.filter((view) => !isWaiting(node)(view))
}

/** Nodes whose fraud was judged by this event: they are not shown as dishonest any longer. */
export function judged(
  before: readonly FraudView[],
  after: readonly FraudView[],
): readonly FraudView[] {
  if (before === after) return []
  const isPending = ({ node, fraud }: FraudView) =>
    after.some((other) => other.node === node && other.fraud === fraud && !other.over)
  return after.filter(
    (view, index) => view.over && before[index]?.over === false && !isPending(view),
  )
}

function arm(
  frauds: readonly FraudView[],
  node: NodeId,
  fraud: string,
  timeMs: number,
): readonly FraudView[] {
  if (frauds.some((view) => isWaiting(node)(view) && view.fraud === fraud)) return frauds
  const view: FraudView = {
    node,
    fraud,
    armedMs: timeMs,
    actedMs: null,
    step: null,
    root: null,
    game: null,
    over: false,
  }
  return pushBounded(frauds, view, fraudsMax)
}

const isWaiting = (node: NodeId) => (view: FraudView) =>
  view.node === node && view.actedMs === null && !view.over

const isLoose = (node: NodeId | undefined) => (view: FraudView) =>
  view.node === node && view.game === null && !view.over
