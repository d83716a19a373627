/**
 * Folds the conductor's trace into what observers see (`protocol/projection.ts`). Sections are immutable and change identity
 * only when their content does; `patch()` therefore hands out no more than what changed.
 */
import { EXECUTORS, nodeRole } from '../protocol/nodes.ts'
import type {
  ForkView,
  LogEntry,
  Projection,
  ProjectionPatch,
  StorageView,
  TrafficView,
} from '../protocol/projection.ts'
import type { ReportEvent, TraceEvent, TraceHeader } from '../protocol/trace.ts'
import { type Answering, foldAnswering, isShown, openAnswering } from './answering.ts'
import { foldBatches } from './projection/batches.ts'
import { emptyBridge, foldBridge } from './projection/bridge.ts'
import { emptyCommittee, foldCommittee } from './projection/committee.ts'
import { foldDisputes, type Proposal } from './projection/disputes.ts'
import { foldFrauds, healFrauds, judged } from './projection/frauds.ts'
import { emptyL1, foldL1 } from './projection/l1.ts'
import { emptyL2, foldL2 } from './projection/l2.ts'
import { emptyNodes, foldNodes, forgiveNodes } from './projection/nodes.ts'
import { foldRoots } from './projection/roots.ts'
import { emptyTotals, foldTotals, measureRate } from './projection/totals.ts'
import { createTraffic } from './projection/traffic.ts'
import { pushBounded } from './projection/window.ts'
import { describeNotable, describeStandingLie } from './projection/words.ts'

const logMax = 240
const proposalsMax = 64

export interface Projector {
  /** Folds one event. Events come in the order of the trace. */
  apply(event: TraceEvent): void
  /** Everything, as of now. */
  projection(): Projection
  /** The sections that changed since the last call; all of them at the first. */
  patch(): ProjectionPatch
  /** Whether the world is kept; no part of the simulation, nor of a snapshot. */
  setStorage(view: StorageView): void
  /** Where the world was forked from; it is not in a snapshot either. */
  setFork(view: ForkView): void
  snapshot(): ProjectorSnapshot
  /** Returns to a snapshot, e.g. when the world rolls back; messages in flight are forgotten. */
  restore(snapshot: ProjectorSnapshot): void
}

export interface ProjectorSnapshot {
  readonly sections: Sections
  readonly proposals: ReadonlyMap<string, Proposal>
  readonly answering: Answering
}

type Sections = Omit<Projection, 'traffic' | 'storage' | 'fork'>

export function createProjector(header: TraceHeader): Projector {
  let sections = emptySections(header)
  const traffic = createTraffic(header.nodes)
  const proposals = new Map<string, Proposal>()
  let answering = openAnswering(EXECUTORS)
  let sent: Partial<Projection> = {}
  let shown: {
    readonly timeMs: number
    readonly total: number
    readonly view: TrafficView
  } | null = null
  let rateMs = -1
  let storage: StorageView = { state: 'off', savedMs: null, error: null }
  let fork: ForkView | null = null

  function apply(event: TraceEvent): void {
    if (event.kind === 'message') {
      traffic.add(event)
      return
    }
    if (event.kind === 'fault' || event.kind === 'died') answering = foldAnswering(answering, event)
    if (!isShown(answering, event)) return
    if (event.kind === 'report') rememberProposal(proposals, event)
    sections = foldSections(sections, event, { header, proposals })
  }

  function projection(): Projection {
    const { timeMs } = sections.clock
    if (rateMs !== timeMs) {
      rateMs = timeMs
      const transactionsPerSecond = measureRate(sections.l2.blocks, timeMs)
      const messages = traffic.total()
      if (
        transactionsPerSecond !== sections.totals.transactionsPerSecond ||
        messages !== sections.totals.messages
      ) {
        sections = { ...sections, totals: { ...sections.totals, transactionsPerSecond, messages } }
      }
    }
    return { ...sections, storage, fork, traffic: trafficNow(timeMs) }
  }

  /** The same view as long as neither time nor messages moved. */
  function trafficNow(timeMs: number): TrafficView {
    const total = traffic.total()
    if (shown === null || shown.timeMs !== timeMs || shown.total !== total) {
      shown = { timeMs, total, view: traffic.view(timeMs) }
    }
    return shown.view
  }

  function patch(): ProjectionPatch {
    const whole = projection()
    const changed = Object.entries(whole).filter(
      ([name, section]) => sent[name as keyof Projection] !== section,
    )
    sent = whole
    return Object.fromEntries(changed) as ProjectionPatch
  }

  function restore(snapshot: ProjectorSnapshot): void {
    sections = snapshot.sections
    answering = snapshot.answering
    proposals.clear()
    for (const [game, proposal] of snapshot.proposals) proposals.set(game, proposal)
    traffic.clear()
    shown = null
  }

  const setStorage = (view: StorageView): void => {
    storage = view
  }
  const setFork = (view: ForkView): void => {
    fork = view
  }
  const snapshot = () => ({ sections, proposals: new Map(proposals), answering })
  return { apply, projection, patch, setStorage, setFork, snapshot, restore }
}

function emptySections(header: TraceHeader): Sections {
  const { seed, scenario, buildHash, parameters, nodes } = header
  return {
    clock: { timeMs: 0, phase: 'paused', speed: 1, failure: null },
    run: { seed, scenario, buildHash, parameters },
    nodes: emptyNodes(nodes),
    l1: emptyL1,
    committee: emptyCommittee(parameters.sequencerCount),
    l2: emptyL2,
    batches: [],
    roots: [],
    disputes: [],
    frauds: [],
    bridge: emptyBridge,
    totals: emptyTotals,
    log: [],
  }
}

interface FoldContext {
  readonly header: TraceHeader
  readonly proposals: ReadonlyMap<string, Proposal>
}

function foldSections(sections: Sections, event: TraceEvent, context: FoldContext): Sections {
  const clock = foldClock(sections.clock, event)
  const nodes = foldNodes(sections.nodes, event)
  const timed =
    clock === sections.clock && nodes === sections.nodes ? sections : { ...sections, clock, nodes }
  if (event.kind !== 'report')
    return {
      ...timed,
      frauds: healFrauds(timed.frauds, event),
      totals: foldTotals(timed.totals, event),
      log: foldFaultLog(timed.log, event),
    }
  return foldReport(timed, event, context)
}

function foldReport(
  sections: Sections,
  event: ReportEvent,
  { header, proposals }: FoldContext,
): Sections {
  const { parameters, accounts } = header
  const frauds = foldFrauds(sections.frauds, event, accounts)
  const next = {
    ...sections,
    nodes: forgiveNodes(sections.nodes, judged(sections.frauds, frauds)),
    frauds,
    l1: foldL1(sections.l1, event),
    committee: foldCommittee(sections.committee, event),
    l2: foldL2(sections.l2, event),
    batches: foldBatches(sections.batches, event, parameters.dataChallengeWindowSeconds * 1_000),
    roots: foldRoots(sections.roots, event),
    disputes: foldDisputes(sections.disputes, event, proposals, {
      accounts,
    }),
    bridge: foldBridge(sections.bridge, event),
  }
  if (!isNews(sections, next, event)) return next
  const sentence = describeStandingLie(event, next.roots) ?? describeNotable(event)
  return {
    ...next,
    totals: foldTotals(sections.totals, event),
    log:
      sentence === null
        ? sections.log
        : appendLog(sections.log, { timeMs: event.timeMs, ...sentence }),
  }
}

/** Several nodes tell of the same fact; it is news when it changed the section that it belongs to. */
function isNews(before: Sections, after: Sections, event: ReportEvent): boolean {
  switch (event.type) {
    case 'l2.block':
      return before.l2.blocks !== after.l2.blocks
    case 'l2.reorg':
      return nodeRole(event.node) !== 'challenger'
    case 'batch.posted':
      return stageOf(before, event.payload.index) !== stageOf(after, event.payload.index)
    case 'batch.settled':
      return stageOf(before, event.payload.index) !== stageOf(after, event.payload.index)
    case 'view.certified':
      return viewStage(before, event.payload.view) !== viewStage(after, event.payload.view)
    case 'root.proposed':
    case 'root.finalized':
      return before.roots !== after.roots
    case 'root.resolved':
      return before.roots !== after.roots
    case 'dispute.move':
    case 'dispute.step':
    case 'dispute.resolved':
      return before.disputes !== after.disputes
    case 'deposit.queued':
    case 'withdrawal.initiated':
      return before.bridge !== after.bridge
    case 'sequencer.evidence':
      return before.committee.members[event.payload.culprit]?.accused === false
    default:
      return true
  }
}

function stageOf(sections: Sections, index: bigint): string | undefined {
  return sections.batches.find((batch) => batch.index === index)?.stage
}

function viewStage(sections: Sections, view: bigint): string | undefined {
  return sections.committee.views.find((entry) => entry.view === view)?.stage
}

function foldClock(clock: Sections['clock'], event: TraceEvent): Sections['clock'] {
  if (event.kind === 'pace')
    return {
      timeMs: Math.max(clock.timeMs, event.timeMs),
      phase: event.phase,
      speed: event.speed,
      failure: event.failure,
    }
  return event.timeMs > clock.timeMs ? { ...clock, timeMs: event.timeMs } : clock
}

function foldFaultLog(log: readonly LogEntry[], event: TraceEvent): readonly LogEntry[] {
  const text = faultWords(event)
  return text === null
    ? log
    : appendLog(log, { timeMs: event.timeMs, tone: 'fault', track: 'fault', text, link: null })
}

function faultWords(event: TraceEvent): string | null {
  if (event.kind === 'died') return `${event.node} stopped: ${event.error}`
  if (event.kind !== 'fault') return null
  const { fault } = event
  switch (fault.kind) {
    case 'crash':
      return `${fault.node} crashed`
    case 'restart':
      return `${fault.node} restarted`
    case 'slow':
      return fault.factor > 1
        ? `${fault.node} runs ${fault.factor} times slower`
        : `${fault.node} runs at full speed again`
    case 'heal':
      return `${fault.node} is honest again`
    case 'partition':
      return 'The network is split'
    case 'reconnect':
      return 'The network is whole again'
    case 'corrupt':
    case 'l1Reorg':
      return null
    default:
      return null
  }
}

function appendLog(log: readonly LogEntry[], entry: Omit<LogEntry, 'id'>): readonly LogEntry[] {
  return pushBounded(log, { id: (log.at(-1)?.id ?? 0) + 1, ...entry }, logMax)
}

function rememberProposal(proposals: Map<string, Proposal>, event: ReportEvent): void {
  if (event.type !== 'root.proposed' || proposals.has(event.payload.game)) return
  proposals.set(event.payload.game, { ...event.payload, timeMs: event.timeMs })
  const oldest = proposals.keys().next()
  if (proposals.size > proposalsMax && !oldest.done) proposals.delete(oldest.value)
}
