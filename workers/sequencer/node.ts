/** One member at work: what its functions share during one event, and how they speak. */
import type { Effect, NodeId, Plain, RoleContext } from '../kernel/role.ts'
import type { Messages, MessageType } from '../protocol/messages.ts'
import { executorNode, sequencerNode } from '../protocol/nodes.ts'
import type { Reports, ReportType } from '../protocol/reports.ts'
import { createMemo } from '../rollup/memo.ts'
import type { Parameters } from '../rollup/parameters.ts'
import { type SequencerConfig, weightsOf } from './config.ts'
import { latestBlock, latestContents } from './l1Chain.ts'
import { leaderOf, leaderSchedule } from './leader.ts'
import { secondToMs } from './ordered.ts'
import type { SequencerState } from './state.ts'

export interface SequencerNode {
  readonly id: NodeId
  readonly config: SequencerConfig
  readonly parameters: Parameters
  readonly rng: RoleContext['rng']
  state: SequencerState
  nowMs: number
  effects: Effect[]
}

export function send<T extends MessageType>(
  node: SequencerNode,
  to: NodeId,
  type: T,
  payload: Messages[T],
): void {
  node.effects.push({ kind: 'send', to, type, payload: payload as unknown as Plain })
}

/** To all other members. */
export function broadcast<T extends MessageType>(
  node: SequencerNode,
  type: T,
  payload: Messages[T],
): void {
  for (const index of otherMembers(node)) send(node, sequencerNode(index), type, payload)
}

export function sendToExecutors<T extends MessageType>(
  node: SequencerNode,
  type: T,
  payload: Messages[T],
): void {
  for (let index = 0; index < node.config.executorCount; index++) {
    send(node, executorNode(index), type, payload)
  }
}

export function report<T extends ReportType>(
  node: SequencerNode,
  type: T,
  payload: Reports[T],
): void {
  node.effects.push({ kind: 'report', type, payload: payload as unknown as Plain })
}

export function charge(node: SequencerNode, ms: number): void {
  node.effects.push({ kind: 'charge', ms })
}

export function persist(node: SequencerNode, key: string, value: Plain): void {
  node.effects.push({ kind: 'persist', key, value })
}

/** Sets (or replaces) a timer to fire at `atMs`, at the earliest in 1 ms. */
export function setTimer(node: SequencerNode, id: string, atMs: number): void {
  const delayMs = Math.max(1, Math.ceil(atMs - node.nowMs))
  node.effects.push({ kind: 'timer', id, delayMs })
}

export function cancelTimer(node: SequencerNode, id: string): void {
  node.effects.push({ kind: 'cancelTimer', id })
}

export function otherMembers(node: SequencerNode): readonly number[] {
  const { index, committee } = node.config
  return committee.map((_, member) => member).filter((member) => member !== index)
}

export function isSlashed(node: SequencerNode, member: number): boolean {
  return latestContents(node.state.l1).slashed.some(({ culprit }) => culprit === member)
}

/** Weights of the members that may lead and sign batches: slashed ones have none. */
export function activeWeights(node: SequencerNode): readonly bigint[] {
  return weightsOf(node.config).map((weight, member) => (isSlashed(node, member) ? 0n : weight))
}

/** Index of the member that leads `view`. Slashed members do not lead. */
export function leader(node: SequencerNode, view: bigint): number {
  return leaderOf(view, scheduleOf(activeWeights(node)))
}

/** The schedule is a pure function of the weights, which change with a slashing alone. */
const schedules = createMemo<readonly number[]>(64)

function scheduleOf(weights: readonly bigint[]): readonly number[] {
  return schedules.recall(weights.join(' '), () => leaderSchedule(weights))
}

/** The member that a message from `source` speaks for, or -1. The network authenticates the source of a message. */
export function memberOf(node: SequencerNode, source: NodeId): number {
  return node.config.committee.findIndex((_, index) => sequencerNode(index) === source)
}

/** Age from which on a head is history that is being read again after a restart. */
const CATCH_UP_SLOTS = 4
const CATCH_UP_MS = 8_000

/** Whether the newest head is of now; L1 must not be acted on before. */
export function isCaughtUp(node: SequencerNode): boolean {
  const head = latestBlock(node.state.l1)
  if (head === undefined) return false
  const lagMs = node.nowMs - secondToMs(head.timestamp)
  return lagMs <= CATCH_UP_SLOTS * node.parameters.l1SlotMs + CATCH_UP_MS
}
