import type { NodeId } from '../kernel/role.ts'

/** Ids of the logical nodes. Every other piece of code names nodes through these. */
export const L1_NODE: NodeId = 'l1'
export const executorNode = (index: number): NodeId => `executor-${index}`
export const challengerNode = (index: number): NodeId => `challenger-${index}`
export const sequencerNode = (index: number): NodeId => `sequencer-${index}`
export const dataNode = (index: number): NodeId => `da-${index}`

/** Executors in the order in which they answer clients: the first that runs, until it crashes. */
export const EXECUTORS: readonly NodeId[] = [executorNode(0), executorNode(1)]

/** Accounts beside its own that a dishonest executor may play with, as if they were strangers. */
export const ALIAS_COUNT = 8
/** The name from which an alias' key is derived. */
export const aliasName = (owner: NodeId, index: number): NodeId => `${owner}/alias-${index}`

export type RoleName = 'l1' | 'sequencer' | 'executor' | 'da' | 'challenger'

/** `sequencer-3` → `sequencer`. */
export function nodeRole(node: NodeId): RoleName {
  return node.split('-')[0] as RoleName
}
