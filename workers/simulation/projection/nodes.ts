import type { NodeId } from '../../kernel/role.ts'
import { nodeRole } from '../../protocol/nodes.ts'
import type { NodeView } from '../../protocol/projection.ts'
import type { TraceEvent } from '../../protocol/trace.ts'
import { describeAction } from './words.ts'

const recentMax = 6

export type Nodes = Readonly<Record<NodeId, NodeView>>

export function emptyNodes(ids: readonly NodeId[]): Nodes {
  return Object.fromEntries(
    ids.map((id): [NodeId, NodeView] => [
      id,
      {
        id,
        role: nodeRole(id),
        index: Number(id.split('-')[1] ?? 0),
        state: 'running',
        frauds: [],
        recent: [],
        lastError: null,
      },
    ]),
  )
}

/** Folds the health of nodes and what each did lately. */
export function foldNodes(nodes: Nodes, event: TraceEvent): Nodes {
  switch (event.kind) {
    case 'fault':
      return foldFault(nodes, event)
    case 'died':
      return change(nodes, event.node, (node) => ({
        ...node,
        state: 'crashed',
        lastError: event.error,
      }))
    case 'report': {
      const text = describeAction(event)
      const acted =
        text === null
          ? nodes
          : change(nodes, event.node, (node) => ({
              ...node,
              recent: [{ timeMs: event.timeMs, text }, ...node.recent].slice(0, recentMax),
            }))
      if (event.type === 'role.error') {
        return change(acted, event.payload.node, (node) => ({
          ...node,
          lastError: event.payload.error,
        }))
      }
      if (event.type === 'fraud.armed') {
        const { node: id, fraud } = event.payload
        return change(acted, id, (node) =>
          node.frauds.includes(fraud) ? node : { ...node, frauds: [...node.frauds, fraud] },
        )
      }
      return acted
    }
    default:
      return nodes
  }
}

/** Whose lie was judged is shown as honest again, until the next one. */
export function forgiveNodes(
  nodes: Nodes,
  over: readonly { readonly node: NodeId; readonly fraud: string }[],
): Nodes {
  return over.reduce(
    (known, { node: id, fraud }) =>
      change(known, id, (node) => ({
        ...node,
        frauds: node.frauds.filter((name) => name !== fraud),
      })),
    nodes,
  )
}

function foldFault(nodes: Nodes, event: Extract<TraceEvent, { kind: 'fault' }>): Nodes {
  const { fault } = event
  switch (fault.kind) {
    case 'crash':
      return change(nodes, fault.node, (node) => ({ ...node, state: 'crashed' }))
    case 'restart':
      return change(nodes, fault.node, (node) => ({ ...node, state: 'running', lastError: null }))
    case 'slow':
      return change(nodes, fault.node, (node) => ({
        ...node,
        state: fault.factor > 1 ? 'slow' : 'running',
      }))
    case 'corrupt':
      return change(nodes, fault.node, (node) =>
        node.frauds.includes(fault.fraud)
          ? node
          : { ...node, frauds: [...node.frauds, fault.fraud] },
      )
    case 'heal':
      return change(nodes, fault.node, (node) => ({ ...node, frauds: [] }))
    default:
      return nodes
  }
}

function change(nodes: Nodes, id: NodeId, fn: (node: NodeView) => NodeView): Nodes {
  const node = nodes[id]
  return node === undefined ? nodes : { ...nodes, [id]: fn(node) }
}
