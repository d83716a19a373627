/** One data node at work: what its functions share during one event, and how they speak. */
import type { Effect, NodeId, Plain, RoleContext } from '../kernel/role.ts'
import type { Messages, MessageType } from '../protocol/messages.ts'
import { dataNode } from '../protocol/nodes.ts'
import type { Reports, ReportType } from '../protocol/reports.ts'
import { columnsOfNode } from '../rollup/data/columns.ts'
import type { Parameters } from '../rollup/parameters.ts'
import type { DataNodeConfig } from './config.ts'
import type { DataState } from './state.ts'

export interface DataNode {
  readonly id: NodeId
  readonly config: DataNodeConfig
  readonly parameters: Parameters
  readonly rng: RoleContext['rng']
  state: DataState
  nowMs: number
  effects: Effect[]
}

export function send<T extends MessageType>(
  node: DataNode,
  to: NodeId,
  type: T,
  payload: Messages[T],
): void {
  node.effects.push({ kind: 'send', to, type, payload: payload as unknown as Plain })
}

export function report<T extends ReportType>(node: DataNode, type: T, payload: Reports[T]): void {
  node.effects.push({ kind: 'report', type, payload: payload as unknown as Plain })
}

export function setTimer(node: DataNode, id: string, delayMs: number): void {
  node.effects.push({ kind: 'timer', id, delayMs })
}

/** The columns that this node keeps: an aligned range. */
export function ownColumns(node: DataNode): readonly number[] {
  return columnsOfNode(node.config.index, node.parameters.dataNodeCount)
}

export function otherNodes(node: DataNode): readonly NodeId[] {
  const { dataNodeCount } = node.parameters
  return Array.from({ length: dataNodeCount }, (_, index) => dataNode(index)).filter(
    (id) => id !== node.id,
  )
}
