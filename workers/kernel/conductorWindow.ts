/** One window of virtual time: everything in `[start, start + minimum latency)`, in parallel over the hosts. */
import { canonicalEncode } from './canonical.ts'
import { applyFault, bury, loseHost, takeNextTimes } from './conductorFaults.ts'
import { runScript } from './conductorInputs.ts'
import { type ConductorState, findNode, type Item, nextScriptMs, runJob } from './conductorState.ts'
import { errorToPlain } from './errors.ts'
import type { Delivery, Handled, RoleHost, StampedEffect, WindowResult } from './hostPort.ts'
import { LATENCY_MIN_MS } from './network.ts'
import type { Effect, NodeId, PlainError } from './role.ts'

/** When something happens next; null when nothing ever will without an input. */
export function nextEventMs(state: ConductorState): number | null {
  let nextMs = Number.POSITIVE_INFINITY
  for (const top of [state.heap.peek(), state.controls.peek()]) {
    if (top !== undefined) nextMs = Math.min(nextMs, top.timeMs)
  }
  const scriptMs = nextScriptMs(state)
  // What a script observed may call it into the window that just ended; it acts right behind it.
  if (scriptMs !== null) nextMs = Math.min(nextMs, Math.max(scriptMs, state.nowMs))
  for (const node of state.nodes.values()) {
    if (node.nextMs !== null) nextMs = Math.min(nextMs, node.nextMs)
  }
  return nextMs === Number.POSITIVE_INFINITY ? null : nextMs
}

/**
 * Runs the next window. False when there is nothing to run. The cut between windows is a function of the events alone,
 * so that pausing, stepping and replaying give the same windows.
 */
export async function runWindow(state: ConductorState): Promise<boolean> {
  const startMs = nextEventMs(state)
  if (startMs === null) return false
  await runScript(state, startMs)
  await applyControls(state, startMs)
  await mixRoleDigests(state, startMs)
  const endMs = Math.min(
    startMs + LATENCY_MIN_MS,
    state.controls.peek()?.timeMs ?? Number.POSITIVE_INFINITY,
    nextScriptMs(state) ?? Number.POSITIVE_INFINITY,
  )
  const deliveries = await takeDeliveries(state, endMs)
  const handled = await deliver(state, deliveries, startMs, endMs)
  for (const one of handled) absorb(state, one)
  state.nowMs = Math.max(state.nowMs, endMs)
  state.replies.expire(state.nowMs)
  state.emit({ kind: 'tick', timeMs: state.nowMs, events: state.events, chain: state.chain })
  return true
}

async function applyControls(state: ConductorState, startMs: number): Promise<void> {
  for (
    let control = state.controls.peek();
    control !== undefined && control.timeMs <= startMs;
    control = state.controls.peek()
  ) {
    state.controls.pop()
    await applyFault(state, control.fault, startMs)
  }
}

/** Every so often the states of all roles enter the event hash, so that a divergence shows soon. */
async function mixRoleDigests(state: ConductorState, startMs: number): Promise<void> {
  if (startMs < state.nextDigestMs) return
  state.nextDigestMs = (Math.floor(startMs / state.digestEveryMs) + 1) * state.digestEveryMs
  state.chain = await sealedChain(state, startMs)
}

/** The event hash so far, joined with the states of all roles. */
export async function sealedChain(state: ConductorState, timeMs: number): Promise<Uint8Array> {
  const digests = await Promise.all(
    state.hosts.map((host) =>
      host.digests().catch((error) => hostLost(state, host, timeMs, error)),
    ),
  )
  const living = digests.flat().filter(([id]) => findNode(state, id).isAlive)
  const sorted = living.sort(([a], [b]) => (a < b ? -1 : 1))
  return state.hash(canonicalEncode([state.chain, ...sorted]))
}

function hostLost(state: ConductorState, host: RoleHost, timeMs: number, cause: unknown): [] {
  const lost = [...state.nodes.values()].filter((node) => node.host === host && node.isAlive)
  loseHost(
    state,
    lost.map((node) => node.spec.id),
    timeMs,
  )
  const { name, message } = errorToPlain(cause)
  for (const node of lost) {
    state.emit({ kind: 'died', timeMs, node: node.spec.id, error: `${name}: ${message}` })
  }
  return []
}

async function takeDeliveries(state: ConductorState, endMs: number): Promise<Delivery[]> {
  const deliveries: Delivery[] = []
  for (
    let item = state.heap.peek();
    item !== undefined && item.timeMs < endMs;
    item = state.heap.peek()
  ) {
    state.heap.pop()
    const delivery = await toDelivery(state, item)
    if (delivery !== null) deliveries.push(delivery)
  }
  return deliveries
}

async function toDelivery(state: ConductorState, item: Item): Promise<Delivery | null> {
  if (item.kind === 'job') return finishJob(state, item)
  const node = findNode(state, item.delivery.node)
  if (item.inputId !== null) {
    const { timeMs, type, payload } = item.delivery.event
    state.emit({ kind: 'input', timeMs, node: node.spec.id, type, payload })
    if (!node.isAlive) state.replies.rejectNode(node.spec.id)
  }
  return node.isAlive ? item.delivery : null
}

/** The one place where virtual time waits for real work. */
async function finishJob(
  state: ConductorState,
  item: Extract<Item, { kind: 'job' }>,
): Promise<Delivery | null> {
  const node = findNode(state, item.node)
  if (!node.isAlive || node.incarnation !== item.incarnation) return null
  const outcome = await item.outcome
  if ('error' in outcome) {
    await node.host.crash(item.node)
    reportDeath(state, item.node, item.timeMs, outcome.error)
    return null
  }
  const { timeMs, source, sequence } = item
  const payload = outcome.result
  return {
    node: item.node,
    event: { timeMs, source, sequence, kind: 'job', type: item.id, payload },
    payloadDigest: state.hash(canonicalEncode(payload)),
  }
}

async function deliver(
  state: ConductorState,
  deliveries: readonly Delivery[],
  startMs: number,
  endMs: number,
): Promise<Handled[]> {
  const byHost = new Map<RoleHost, Delivery[]>()
  for (const node of state.nodes.values()) {
    if (node.nextMs !== null && node.nextMs < endMs && !byHost.has(node.host)) {
      byHost.set(node.host, [])
    }
  }
  for (const delivery of deliveries) {
    const { host } = findNode(state, delivery.node)
    const list = byHost.get(host)
    if (list === undefined) byHost.set(host, [delivery])
    else list.push(delivery)
  }
  const results = await Promise.all(
    [...byHost].map(([host, list]) => deliverToHost(state, host, list, startMs, endMs)),
  )
  // Stable: events of one node keep the order in which it handled them.
  return results.flat().sort(byTimeThenNode)
}

async function deliverToHost(
  state: ConductorState,
  host: RoleHost,
  deliveries: readonly Delivery[],
  startMs: number,
  endMs: number,
): Promise<readonly Handled[]> {
  let result: WindowResult
  try {
    result = await host.deliver({ endMs, deliveries })
  } catch (error) {
    return hostLost(state, host, startMs, error)
  }
  takeNextTimes(state, result.nextMs)
  return result.handled
}

function byTimeThenNode(a: Handled, b: Handled): number {
  if (a.timeMs !== b.timeMs) return a.timeMs - b.timeMs
  return a.node === b.node ? 0 : a.node < b.node ? -1 : 1
}

function absorb(state: ConductorState, handled: Handled): void {
  const joined = new Uint8Array(64)
  joined.set(state.chain)
  joined.set(handled.digest, 32)
  state.chain = state.hash(joined)
  state.events += 1
  for (const stamped of handled.effects) applyEffect(state, handled.node, stamped)
  if (handled.died !== null) {
    const { timeMs, node, died } = handled
    state.emit({ kind: 'died', timeMs, node, error: `${died.name}: ${died.message}` })
    bury(state, findNode(state, node))
  }
}

function applyEffect(state: ConductorState, from: NodeId, stamped: StampedEffect): void {
  const { effect, timeMs } = stamped
  switch (effect.kind) {
    case 'send':
      send(state, from, stamped, effect)
      return
    case 'job':
      startJob(state, from, stamped, effect)
      return
    case 'persist': {
      const { durable } = findNode(state, from)
      if (effect.value === null) durable.delete(effect.key)
      else durable.set(effect.key, effect.value)
      return
    }
    case 'reply':
      state.replies.resolve(effect.inputId, effect.result)
      return
    case 'replyError':
      state.replies.reject(effect.inputId, effect.error)
      return
    case 'report':
      state.emit({
        kind: 'report',
        timeMs,
        node: from,
        type: effect.type,
        payload: effect.payload,
      })
      return
  }
}

function send(
  state: ConductorState,
  from: NodeId,
  stamped: StampedEffect,
  effect: Extract<Effect, { kind: 'send' }>,
): void {
  const { timeMs, sequence, payloadDigest } = stamped
  const { to, type, payload } = effect
  // A message to a node that the world does not have is lost, as on any network.
  const isKnown = state.nodes.has(to)
  const route = state.network.route(from, to, timeMs)
  const lost = route.isLost || !isKnown
  for (const arriveMs of route.arrivalsMs) {
    state.emit({ kind: 'message', timeMs, id: state.messages++, from, to, type, arriveMs, lost })
    if (lost) continue
    const event = {
      timeMs: arriveMs,
      source: from,
      sequence,
      kind: 'message',
      type,
      payload,
    } as const
    const delivery = { node: to, event, payloadDigest }
    const item = { kind: 'event', delivery, inputId: null } as const
    state.heap.push({ ...item, timeMs: arriveMs, source: from, sequence })
  }
}

function startJob(
  state: ConductorState,
  node: NodeId,
  stamped: StampedEffect,
  effect: Extract<Effect, { kind: 'job' }>,
): void {
  const { job, input } = effect
  state.heap.push({
    kind: 'job',
    timeMs: stamped.timeMs + Math.max(effect.priceMs, LATENCY_MIN_MS),
    source: node,
    sequence: stamped.sequence,
    node,
    id: effect.id,
    incarnation: findNode(state, node).incarnation,
    job,
    input,
    outcome: runJob(state, job, input),
  })
}

function reportDeath(state: ConductorState, node: NodeId, timeMs: number, cause: PlainError): void {
  const error = `${cause.name}: ${cause.message}`
  state.emit({ kind: 'report', timeMs, node, type: 'role.error', payload: { node, error } })
  state.emit({ kind: 'died', timeMs, node, error })
  bury(state, findNode(state, node))
}
