/** Which of several nodes answers clients: the first, until it is down; then the next that runs, until that one is down. */
import type { NodeId } from '../kernel/role.ts'
import type { ReportType } from '../protocol/reports.ts'
import type { TraceEvent } from '../protocol/trace.ts'

export interface Answering {
  readonly nodes: readonly NodeId[]
  readonly current: NodeId
  readonly down: readonly NodeId[]
}

/** The part of a trace event, the kernel's or the protocol's, that decides. */
export type NodeEvent =
  | { readonly kind: 'fault'; readonly fault: { readonly kind: string; readonly node?: NodeId } }
  | { readonly kind: 'died'; readonly node: NodeId }

/** What every executor tells of one L2 chain: observers take it from the one that clients talk to. */
const SHARED: ReadonlySet<ReportType> = new Set<ReportType>([
  'l2.block',
  'l2.head',
  'l2.reorg',
  'batch.settled',
  'root.finalized',
  'deposit.queued',
  'withdrawal.initiated',
  'withdrawal.proven',
  'withdrawal.finalized',
])

/** False for an executor's report that another one answers for. */
export function isShown({ nodes, current }: Answering, event: TraceEvent): boolean {
  if (event.kind !== 'report' || event.node === current) return true
  return !(nodes.includes(event.node) && SHARED.has(event.type))
}

/** `nodes` has at least one. */
export function openAnswering(nodes: readonly NodeId[]): Answering {
  return { nodes, current: nodes[0] ?? '', down: [] }
}

/**
 * Rationale: a node that was restarted first has to hear the past again, so whoever answers goes on answering. If none runs, the last
 * one that did stays the address to ask; it will not answer.
 */
export function foldAnswering(answering: Answering, event: NodeEvent): Answering {
  const { node, isDown } = outage(event)
  if (node === null || !answering.nodes.includes(node)) return answering
  const others = answering.down.filter((one) => one !== node)
  const down = isDown ? [...others, node] : others
  const { current, nodes } = answering
  const next = down.includes(current)
    ? (nodes.find((one) => !down.includes(one)) ?? current)
    : current
  return { nodes, current: next, down }
}

function outage(event: NodeEvent): { readonly node: NodeId | null; readonly isDown: boolean } {
  if (event.kind === 'died') return { node: event.node, isDown: true }
  const { kind, node = null } = event.fault
  if (kind === 'crash') return { node, isDown: true }
  return { node: kind === 'restart' ? node : null, isDown: false }
}
