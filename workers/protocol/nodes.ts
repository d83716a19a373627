import type { NodeId } from '../kernel/role.ts'

/** Ids of the logical nodes. Every other piece of code names nodes through these. */
export const L1_NODE: NodeId = 'l1'
export const executorNode = (index: number): NodeId => `executor-${index}`
export const challengerNode = (index: number): NodeId => `challenger-${index}`
export const sequencerNode = (index: number): NodeId => `sequencer-${index}`
export const dataNode = (index: number): NodeId => `da-${index}`

/** Executors in the order in which they answer clients: the first that runs, until it crashes. */
export const EXECUTORS: readonly NodeId[] = [executorNode(0), executorNode(1)]

export type RoleName = 'l1' | 'sequencer' | 'executor' | 'da' | 'challenger'

/** `sequencer-3` → `sequencer`. */
export function nodeRole(node: NodeId): RoleName {
  return node.split('-')[0] as RoleName
}
