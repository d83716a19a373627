import { sequencerNode } from '../../protocol/nodes.ts'
import type { CommitteeView, MemberView, ViewView } from '../../protocol/projection.ts'
import type { ReportEvent } from '../../protocol/trace.ts'
import { pushBounded, updateLast } from './window.ts'

const viewsMax = 32

export function emptyCommittee(size: number): CommitteeView {
  const members = Array.from(
    { length: size },
    (_, index): MemberView => ({
      index,
      node: sequencerNode(index),
      view: 0n,
      vote: null,
      slashedWei: 0n,
      accused: false,
    }),
  )
  return { view: 0n, leader: 0, members, views: [], quorum: Math.floor((2 * size) / 3) + 1 }
}

/** Folds views, votes and certificates. Every member reports for itself; the first report of a fact counts. */
export function foldCommittee(committee: CommitteeView, event: ReportEvent): CommitteeView {
  switch (event.type) {
    case 'view.started': {
      const { node, view, leader } = event.payload
      const members = updateLast(
        committee.members,
        (member) => member.node === node,
        (member) => (member.view >= view ? member : { ...member, view, vote: null }),
      )
      const views = knowView(committee.views, view, leader, event.timeMs)
      const ahead = view > committee.view
      return { ...committee, members, views, ...(ahead ? { view, leader } : {}) }
    }
    case 'view.proposed': {
      const { view, leader, hash, blocks, transactions } = event.payload
      const known = knowView(committee.views, view, leader, event.timeMs)
      return {
        ...committee,
        views: updateView(known, view, (entry) => ({
          ...entry,
          hash,
          blocks,
          transactions,
          stage: later(entry.stage, 'proposed'),
        })),
      }
    }
    case 'view.voted': {
      const { voter, kind, view } = event.payload
      const members = updateLast(
        committee.members,
        (member) => member.index === voter,
        (member) => (view < member.view ? member : { ...member, view, vote: kind }),
      )
      const views = updateView(committee.views, view, (entry) => ({
        ...entry,
        [kind]: entry[kind] | (1 << voter),
      }))
      return { ...committee, members, views }
    }
    case 'view.certified': {
      const { kind, view, signers } = event.payload
      const stage = certifiedStage[kind]
      const views = updateView(committee.views, view, (entry) => ({
        ...entry,
        [kind]: entry[kind] | signers,
        stage: later(entry.stage, stage),
      }))
      return views === committee.views ? committee : { ...committee, views }
    }
    case 'sequencer.evidence':
      return updateMember(committee, event.payload.culprit, (member) => ({
        ...member,
        accused: true,
      }))
    case 'sequencer.slashed':
      return updateMember(committee, event.payload.culprit, (member) => ({
        ...member,
        accused: false,
        slashedWei: member.slashedWei + event.payload.amountWei,
      }))
    default:
      return committee
  }
}

const certifiedStage = {
  notarize: 'notarized',
  nullify: 'nullified',
  finalize: 'finalized',
} as const

const stageOrder: Readonly<Record<ViewView['stage'], number>> = {
  waiting: 0,
  proposed: 1,
  notarized: 2,
  nullified: 3,
  finalized: 4,
}

function later(a: ViewView['stage'], b: ViewView['stage']): ViewView['stage'] {
  return stageOrder[b] > stageOrder[a] ? b : a
}

function knowView(
  views: readonly ViewView[],
  view: bigint,
  leader: number,
  startedMs: number,
): readonly ViewView[] {
  if (views.some((entry) => entry.view === view)) return views
  const entry: ViewView = {
    view,
    leader,
    startedMs,
    hash: null,
    blocks: 0,
    transactions: 0,
    stage: 'waiting',
    notarize: 0,
    nullify: 0,
    finalize: 0,
  }
  return pushBounded(views, entry, viewsMax)
}

function updateView(
  views: readonly ViewView[],
  view: bigint,
  change: (entry: ViewView) => ViewView,
): readonly ViewView[] {
  return updateLast(views, (entry) => entry.view === view, change)
}

function updateMember(
  committee: CommitteeView,
  index: number,
  change: (member: MemberView) => MemberView,
): CommitteeView {
  return {
    ...committee,
    members: updateLast(committee.members, (member) => member.index === index, change),
  }
}
