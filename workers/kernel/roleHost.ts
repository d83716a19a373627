/** Runs the roles that were placed in one thread. Pure but for the roles themselves: no clock, no port. */
import { NodeCrashedError, UnknownCheckpointError, UnknownNodeError } from './errors.ts'
import { decodeGraph, encodeGraph, type NamedValues } from './graph.ts'
import type {
  Delivery,
  Handled,
  HashFunction,
  NextTimes,
  RoleHost,
  Window,
  WindowResult,
} from './hostPort.ts'
import type { WallClock } from './pacer.ts'
import { createPatience } from './patience.ts'
import type { NodeId, RoleFactory } from './role.ts'
import {
  bootNode,
  type NodeRuntime,
  type NodeSnapshot,
  nextNodeMs,
  restoreNode,
  runNode,
  sleepNode,
  snapshotNode,
} from './roleRuntime.ts'

/** Finds the factory of a role by name. Throws a typed error for names that it does not know. */
export type RoleRegistry = (role: string) => Promise<RoleFactory>

export interface RoleHostOptions {
  readonly roles: RoleRegistry
  readonly hash: HashFunction
  /** What states of roles hold that has no bytes, such as codecs, by name. */
  readonly named?: NamedValues
  /** Bounds queries; without it they take as long as they take. */
  readonly clock?: WallClock
}

/**
 * A host for any set of nodes. Throws nothing on a role's failure: the node dies, and the result of `deliver` says so.
 */
export function createRoleHost(options: RoleHostOptions): RoleHost {
  const nodes = new Map<NodeId, NodeRuntime>()
  const checkpoints = new Map<number, readonly NodeSnapshot[]>()
  const find = (id: NodeId): NodeRuntime => {
    const node = nodes.get(id)
    if (node === undefined) throw new UnknownNodeError(`Host has no node "${id}".`)
    return node
  }
  return {
    boot: async (requests) => {
      for (const request of requests) {
        nodes.set(request.spec.id, await bootNode(request, options))
      }
      return nextTimes(requests.map((request) => find(request.spec.id)))
    },
    deliver: (window) => deliver(window, nodes, options.hash),
    crash: async (id) => {
      nodes.delete(id)
    },
    slow: async (id, factor) => {
      find(id).slowFactor = factor
    },
    sleep: async (wakes) => {
      for (const [id, wakeMs] of wakes) sleepNode(find(id), wakeMs)
      return nextTimes(wakes.map(([id]) => find(id)))
    },
    query: async (id, method, params) => {
      const role = nodes.get(id)?.role
      if (role === undefined) throw crashed(id)
      const { clock } = options
      return role.query(method, params, clock && createPatience(clock))
    },
    digests: async () =>
      [...nodes.values()].flatMap(({ spec, role }) =>
        role === undefined ? [] : [[spec.id, role.digest()] as const],
      ),
    checkpoint: async (id) => {
      checkpoints.set(id, [...nodes.values()].map(snapshotNode))
    },
    rollback: async (id) => {
      const snapshots = checkpoints.get(id)
      if (snapshots === undefined) throw unknownCheckpoint(id)
      return rollback(nodes, snapshots, options)
    },
    discard: async (id) => {
      checkpoints.delete(id)
    },
    exportCheckpoint: async (id) => {
      const snapshots = checkpoints.get(id)
      if (snapshots === undefined) throw unknownCheckpoint(id)
      return encodeGraph(snapshots, options.named)
    },
    importCheckpoint: async (id, bytes) => {
      checkpoints.set(id, decodeGraph(bytes, options.named) as readonly NodeSnapshot[])
    },
    close: async () => {
      nodes.clear()
      checkpoints.clear()
    },
  }
}

async function deliver(
  window: Window,
  nodes: ReadonlyMap<NodeId, NodeRuntime>,
  hash: HashFunction,
): Promise<WindowResult> {
  const ran = new Set<NodeRuntime>()
  for (const delivery of window.deliveries) enqueue(delivery, nodes, ran)
  for (const node of nodes.values()) {
    const nextMs = nextNodeMs(node)
    if (nextMs !== null && nextMs < window.endMs) ran.add(node)
  }
  const handled: Handled[] = []
  for (const node of ran) await runNode(node, window.endMs, hash, handled)
  return { handled, nextMs: nextTimes([...ran]) }
}

/** The conductor sends nothing to a node that it knows to be dead; one that died in an earlier event hears nothing. */
function enqueue(
  delivery: Delivery,
  nodes: ReadonlyMap<NodeId, NodeRuntime>,
  ran: Set<NodeRuntime>,
): void {
  const node = nodes.get(delivery.node)
  if (node?.role === undefined) return
  node.queue.push({ ...delivery.event, payloadDigest: delivery.payloadDigest })
  ran.add(node)
}

async function rollback(
  nodes: Map<NodeId, NodeRuntime>,
  snapshots: readonly NodeSnapshot[],
  options: RoleHostOptions,
): Promise<NextTimes> {
  const kept = new Set(snapshots.map((snapshot) => snapshot.spec.id))
  for (const id of nodes.keys()) if (!kept.has(id)) nodes.delete(id)
  for (const snapshot of snapshots) {
    const node = await restoreNode(snapshot, nodes.get(snapshot.spec.id), options)
    nodes.set(snapshot.spec.id, node)
  }
  return nextTimes([...nodes.values()])
}

function nextTimes(nodes: readonly NodeRuntime[]): NextTimes {
  return nodes.map((node) => [node.spec.id, nextNodeMs(node)] as const)
}

/** What a query of a node that does not run is answered with. */
export function crashed(id: NodeId): NodeCrashedError {
  return new NodeCrashedError(`Node "${id}" is crashed.`, { metaMessages: ['Restart it first.'] })
}

function unknownCheckpoint(id: number): UnknownCheckpointError {
  return new UnknownCheckpointError(`No checkpoint ${id}.`, {
    metaMessages: ['It was never made, was discarded, or was lost with its worker.'],
  })
}
