/** Applies faults at their virtual time, before every event of that millisecond. */
import { type ConductorState, findNode, type NodeState } from './conductorState.ts'
import { InvalidArgumentError } from './errors.ts'
import type { NextTimes } from './hostPort.ts'
import type { NodeId } from './role.ts'
import { type ClockLeap, type KernelFault, WORLD_NODE } from './trace.ts'

export const SLOW_FACTOR_MAX = 1_000
const EARLY_MAX_MS = 60_000

/** Throws `InvalidArgumentError` or `UnknownNodeError` on a fault that cannot be applied. */
export function assertFault(state: ConductorState, fault: KernelFault): void {
  switch (fault.kind) {
    case 'crash':
    case 'restart':
      findNode(state, fault.node)
      return
    case 'slow':
      findNode(state, fault.node)
      assertRange('factor', fault.factor, 1, SLOW_FACTOR_MAX)
      return
    case 'partition':
      for (const node of fault.groups.flat()) findNode(state, node)
      return
    case 'block':
      for (const node of [...fault.from, ...fault.to]) findNode(state, node)
      return
    case 'clog':
      findNode(state, fault.from)
      findNode(state, fault.to)
      assertRange('forMs', fault.forMs, 1, 3_600_000)
      return
    case 'loss':
      assertRange('lossPermille', fault.lossPermille, 0, 1000)
      assertRange('duplicatePermille', fault.duplicatePermille, 0, 1000)
      return
    case 'reconnect':
      return
    case 'leap':
      assertRange('toMs', fault.toMs, state.nowMs, Number.MAX_SAFE_INTEGER)
      for (const { node, byMs } of fault.early) {
        findNode(state, node)
        assertRange('byMs', byMs, 0, EARLY_MAX_MS)
      }
      return
    default:
      throw new InvalidArgumentError(`Unknown fault "${(fault as { kind: string }).kind}".`)
  }
}

function assertRange(field: string, value: number, min: number, max: number): void {
  if (Number.isFinite(value) && value >= min && value <= max) return
  throw new InvalidArgumentError(`Field "${field}" must be from ${min} to ${max}, is ${value}.`)
}

export async function applyFault(
  state: ConductorState,
  fault: KernelFault,
  timeMs: number,
): Promise<void> {
  state.emit({ kind: 'fault', timeMs, fault })
  switch (fault.kind) {
    case 'crash':
      return crashNode(state, findNode(state, fault.node))
    case 'restart':
      return restartNode(state, findNode(state, fault.node), timeMs)
    case 'slow':
      return slowNode(state, findNode(state, fault.node), fault.factor)
    case 'leap':
      return leap(state, fault, timeMs)
    default:
      return state.network.apply(fault, timeMs)
  }
}

/** Rationale: nodes sleep rather than skip, so that whatever was due is done, in order, by the code that does it anyway. */
async function leap(
  state: ConductorState,
  { toMs, early }: ClockLeap,
  timeMs: number,
): Promise<void> {
  state.sleepUntilMs = Math.max(state.sleepUntilMs, toMs)
  state.replies.extend(Math.max(0, toMs - timeMs))
  const earlier = new Map(early.map(({ node, byMs }) => [node, byMs]))
  const wakes = (host: NodeState['host']) =>
    [...state.nodes.values()]
      .filter((node) => node.host === host && node.isAlive)
      .map(({ spec }) => [spec.id, toMs - (earlier.get(spec.id) ?? 0)] as const)
  for (const host of state.hosts) takeNextTimes(state, await host.sleep(wakes(host)))
}

async function crashNode(state: ConductorState, node: NodeState): Promise<void> {
  if (!node.isAlive) return
  bury(state, node)
  await node.host.crash(node.spec.id)
}

/** What the conductor forgets about a node that is gone, for whatever reason. */
export function bury(state: ConductorState, node: NodeState): void {
  node.isAlive = false
  node.incarnation += 1
  node.nextMs = null
  state.replies.rejectNode(node.spec.id)
}

/** Restarting a node that runs crashes it first, so that both mean the same for a replay. */
async function restartNode(state: ConductorState, node: NodeState, timeMs: number): Promise<void> {
  await crashNode(state, node)
  node.isAlive = true
  const { spec, incarnation, slowFactor } = node
  const durable = [...node.durable]
  const request = { spec, seed: state.seed, incarnation, timeMs, slowFactor, durable }
  takeNextTimes(state, await node.host.boot([request]))
}

async function slowNode(state: ConductorState, node: NodeState, factor: number): Promise<void> {
  node.slowFactor = factor
  state.network.slow(node.spec.id, factor)
  if (node.isAlive) await node.host.slow(node.spec.id, factor)
}

/** A host that is gone takes its nodes with it. Recorded as crashes, so that the run replays. */
export function loseHost(state: ConductorState, nodes: readonly NodeId[], timeMs: number): void {
  for (const id of nodes) {
    const node = findNode(state, id)
    if (!node.isAlive) continue
    const fault = { kind: 'crash', node: id } as const
    const input = {
      id: state.nextInputId++,
      timeMs,
      node: WORLD_NODE,
      type: 'fault',
      payload: fault,
    }
    state.inputs.push(input)
    state.onInput(input)
    state.emit({ kind: 'fault', timeMs, fault })
    bury(state, node)
  }
}

export function takeNextTimes(state: ConductorState, times: NextTimes): void {
  for (const [id, nextMs] of times) {
    const node = state.nodes.get(id)
    if (node !== undefined) node.nextMs = node.isAlive ? nextMs : null
  }
}
