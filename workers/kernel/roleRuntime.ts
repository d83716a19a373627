/** One node inside a host: its role, its queue of events and timers, its generator, its durable storage. */
import { canonicalEncode } from './canonical.ts'
import { errorToPlain, RoleContractError } from './errors.ts'
import { compareOrdered, createHeap, type EventHeap } from './heap.ts'
import type {
  BootRequest,
  Handled,
  HashFunction,
  NodeSpec,
  OutwardEffect,
  StampedEffect,
} from './hostPort.ts'
import { deriveRng, type Rng, restoreRng } from './rng.ts'
import type { Effect, Plain, PlainError, Role, RoleEvent } from './role.ts'
import type { RoleHostOptions } from './roleHost.ts'

interface QueuedEvent extends RoleEvent {
  readonly payloadDigest: Uint8Array
}

export interface NodeRuntime {
  readonly spec: NodeSpec
  readonly rng: ReplaceableRng
  readonly durable: Map<string, Plain>
  role: Role | undefined
  /** Why there is no role, if its factory threw. */
  bootError: PlainError | undefined
  queue: EventHeap<QueuedEvent>
  /** Sequence of the live timer by id; a queued timer with another sequence was cancelled or replaced. */
  readonly timers: Map<string, number>
  busyUntilMs: number
  sequence: number
  slowFactor: number
}

/** State of a node at a checkpoint. Aliases nothing that is mutated. */
export interface NodeSnapshot {
  readonly spec: NodeSpec
  readonly rng: readonly number[]
  readonly durable: ReadonlyMap<string, Plain>
  readonly role: unknown
  readonly isAlive: boolean
  readonly bootError: PlainError | undefined
  readonly queue: readonly QueuedEvent[]
  readonly timers: ReadonlyMap<string, number>
  readonly busyUntilMs: number
  readonly sequence: number
  readonly slowFactor: number
}

/** Sequence numbers of an incarnation do not collide with those of the one before. */
const SEQUENCES_PER_INCARNATION = 2 ** 40
const NO_DIGEST = new Uint8Array(0)

export async function bootNode(
  request: BootRequest,
  options: RoleHostOptions,
): Promise<NodeRuntime> {
  const { spec, incarnation, timeMs } = request
  const rng = replaceableRng(deriveRng(request.seed, `node:${spec.id}:${incarnation}`))
  const node: NodeRuntime = {
    spec,
    rng,
    durable: new Map(request.durable),
    role: undefined,
    bootError: undefined,
    queue: createHeap<QueuedEvent>(),
    timers: new Map(),
    busyUntilMs: 0,
    sequence: incarnation * SEQUENCES_PER_INCARNATION,
    slowFactor: request.slowFactor,
  }
  await buildRole(node, options)
  node.queue.push({
    timeMs,
    source: spec.id,
    sequence: node.sequence++,
    kind: 'start',
    type: incarnation === 0 ? 'boot' : 'restart',
    payload: null,
    payloadDigest: NO_DIGEST,
  })
  return node
}

async function buildRole(node: NodeRuntime, options: RoleHostOptions): Promise<void> {
  try {
    const factory = await options.roles(node.spec.role)
    const context = { id: node.spec.id, rng: node.rng, durable: new Map(node.durable) }
    node.role = await factory(context, node.spec.config)
  } catch (error) {
    node.bootError = errorToPlain(error)
  }
}

/** When the node can handle its next queued event, null if it has none. */
export function nextNodeMs(node: NodeRuntime): number | null {
  for (let top = node.queue.peek(); top !== undefined; top = node.queue.peek()) {
    if (!isCancelled(node, top)) return Math.max(top.timeMs, node.busyUntilMs)
    node.queue.pop()
  }
  return null
}

function isCancelled(node: NodeRuntime, event: QueuedEvent): boolean {
  return event.kind === 'timer' && node.timers.get(event.type) !== event.sequence
}

/** Handles everything that is due before `endMs`, own timers included, in order. Appends to `handled`. */
export async function runNode(
  node: NodeRuntime,
  endMs: number,
  hash: HashFunction,
  handled: Handled[],
): Promise<void> {
  for (
    let nextMs = nextNodeMs(node);
    nextMs !== null && nextMs < endMs;
    nextMs = nextNodeMs(node)
  ) {
    const queued = node.queue.pop()
    if (queued === undefined) return
    if (queued.kind === 'timer') node.timers.delete(queued.type)
    const { payloadDigest, ...arrived } = queued
    const event: RoleEvent = { ...arrived, timeMs: nextMs }
    const outcome = await handle(node, event, hash)
    const digest = eventDigest(node, event, payloadDigest, outcome.effects, hash)
    handled.push({ node: node.spec.id, timeMs: nextMs, digest, ...outcome })
  }
}

/**
 * The node acts no earlier than at `wakeMs`.
 * Rationale: what others sent meanwhile is news to it, so its own overdue timers come behind, in the order in which they were due.
 */
export function sleepNode(node: NodeRuntime, wakeMs: number): void {
  const isOverdue = (event: QueuedEvent): boolean =>
    event.kind === 'timer' && event.timeMs < wakeMs && !isCancelled(node, event)
  const items = node.queue.items()
  const overdue = items.filter(isOverdue).sort(compareOrdered)
  node.queue = createHeap(items.filter((event) => !isOverdue(event)))
  for (const timer of overdue) {
    const sequence = node.sequence++
    node.timers.set(timer.type, sequence)
    node.queue.push({ ...timer, timeMs: wakeMs, sequence })
  }
  node.busyUntilMs = Math.max(node.busyUntilMs, wakeMs)
}

type Outcome = Pick<Handled, 'effects' | 'died'>

async function handle(node: NodeRuntime, event: RoleEvent, hash: HashFunction): Promise<Outcome> {
  if (node.role === undefined) return die(node, event, node.bootError)
  try {
    const effects = await node.role.step(event)
    const digests = payloadDigests(effects, hash)
    for (const effect of effects) assertEffect(effect)
    return { effects: applyEffects(node, event.timeMs, effects, digests), died: null }
  } catch (error) {
    return die(node, event, errorToPlain(error))
  }
}

/** The node stays known, so that a restart finds its place, but hears nothing any more. */
function die(node: NodeRuntime, event: RoleEvent, cause: PlainError | undefined): Outcome {
  const died = cause ?? { name: 'UnknownError', message: 'The role is gone.' }
  node.role = undefined
  node.queue = createHeap<QueuedEvent>()
  node.timers.clear()
  const payload = { node: node.spec.id, error: `${died.name}: ${died.message}` }
  const effect = { kind: 'report', type: 'role.error', payload } as const
  const stamped = {
    timeMs: event.timeMs,
    sequence: node.sequence++,
    effect,
    payloadDigest: NO_DIGEST,
  }
  return { effects: [stamped], died }
}

/** One digest per distinct payload: a broadcast is encoded once. Throws `CanonicalError` if a payload is not plain. */
function payloadDigests(effects: readonly Effect[], hash: HashFunction): Map<Plain, Uint8Array> {
  const digests = new Map<Plain, Uint8Array>()
  for (const effect of effects) {
    const payload = carried(effect)
    if (payload === undefined || digests.has(payload)) continue
    digests.set(payload, hash(canonicalEncode(payload)))
  }
  return digests
}

function carried(effect: Effect): Plain | undefined {
  switch (effect.kind) {
    case 'send':
    case 'report':
      return effect.payload
    case 'persist':
      return effect.value
    case 'timer':
      return effect.payload ?? null
    default:
      return undefined
  }
}

function assertEffect(effect: Effect): void {
  switch (effect.kind) {
    case 'timer':
      assertInteger(`delay of timer "${effect.id}"`, effect.delayMs, 1)
      return
    case 'job':
      assertInteger(`price of job "${effect.job}"`, effect.priceMs, 0)
      return
    case 'charge':
      assertInteger('charge', effect.ms, 0)
      return
    default:
      return
  }
}

function assertInteger(what: string, value: number, min: number): void {
  if (Number.isSafeInteger(value) && value >= min) return
  throw new RoleContractError(`The ${what} must be an integer of at least ${min} ms, is ${value}.`)
}

function applyEffects(
  node: NodeRuntime,
  startMs: number,
  effects: readonly Effect[],
  digests: ReadonlyMap<Plain, Uint8Array>,
): StampedEffect[] {
  const stamped: StampedEffect[] = []
  let timeMs = startMs
  for (const effect of effects) {
    switch (effect.kind) {
      case 'charge':
        timeMs += Math.ceil(effect.ms * node.slowFactor)
        node.busyUntilMs = timeMs
        break
      case 'timer':
        setTimer(node, timeMs, effect, digests)
        break
      case 'cancelTimer':
        node.timers.delete(effect.id)
        break
      default:
        if (effect.kind === 'persist') persist(node, effect)
        stamped.push(stamp(node, timeMs, effect, digests))
    }
  }
  return stamped
}

function stamp(
  node: NodeRuntime,
  timeMs: number,
  effect: OutwardEffect,
  digests: ReadonlyMap<Plain, Uint8Array>,
): StampedEffect {
  const payload = carried(effect)
  const payloadDigest = payload === undefined ? undefined : digests.get(payload)
  return { timeMs, sequence: node.sequence++, effect, payloadDigest: payloadDigest ?? NO_DIGEST }
}

function setTimer(
  node: NodeRuntime,
  timeMs: number,
  effect: Extract<Effect, { kind: 'timer' }>,
  digests: ReadonlyMap<Plain, Uint8Array>,
): void {
  const payload = effect.payload ?? null
  const sequence = node.sequence++
  node.timers.set(effect.id, sequence)
  node.queue.push({
    timeMs: timeMs + effect.delayMs,
    source: node.spec.id,
    sequence,
    kind: 'timer',
    type: effect.id,
    payload,
    payloadDigest: digests.get(payload) ?? NO_DIGEST,
  })
}

function persist(node: NodeRuntime, effect: Extract<Effect, { kind: 'persist' }>): void {
  if (effect.value === null) node.durable.delete(effect.key)
  else node.durable.set(effect.key, effect.value)
}

function eventDigest(
  node: NodeRuntime,
  event: RoleEvent,
  payloadDigest: Uint8Array,
  effects: readonly StampedEffect[],
  hash: HashFunction,
): Uint8Array {
  const kept: Plain[] = []
  for (const { effect, payloadDigest: digest } of effects) {
    if (effect.kind === 'report') kept.push(effect.type, digest)
    else if (effect.kind === 'persist') kept.push(effect.key, digest)
  }
  const { timeMs, source, sequence, kind, type } = event
  return hash(
    canonicalEncode([node.spec.id, timeMs, source, sequence, kind, type, payloadDigest, kept]),
  )
}

export function snapshotNode(node: NodeRuntime): NodeSnapshot {
  return {
    spec: node.spec,
    rng: node.rng.state(),
    durable: new Map(node.durable),
    role: node.role?.snapshot(),
    isAlive: node.role !== undefined,
    bootError: node.bootError,
    queue: node.queue.items(),
    timers: new Map(node.timers),
    busyUntilMs: node.busyUntilMs,
    sequence: node.sequence,
    slowFactor: node.slowFactor,
  }
}

/** A node in the state of `snapshot`; the living role of `current` is reused. */
export async function restoreNode(
  snapshot: NodeSnapshot,
  current: NodeRuntime | undefined,
  options: RoleHostOptions,
): Promise<NodeRuntime> {
  const node: NodeRuntime = {
    spec: snapshot.spec,
    rng: current?.rng ?? replaceableRng(restoreRng(snapshot.rng)),
    durable: new Map(snapshot.durable),
    role: current?.role,
    bootError: snapshot.bootError,
    queue: createHeap(snapshot.queue),
    timers: new Map(snapshot.timers),
    busyUntilMs: snapshot.busyUntilMs,
    sequence: snapshot.sequence,
    slowFactor: snapshot.slowFactor,
  }
  if (!snapshot.isAlive) node.role = undefined
  else {
    if (node.role === undefined) await buildRole(node, options)
    await node.role?.restore(snapshot.role)
  }
  node.rng.replace(snapshot.rng)
  return node
}

interface ReplaceableRng extends Rng {
  replace(state: readonly number[]): void
}

/** Roles keep a reference to their generator; a rollback must reach it. */
function replaceableRng(initial: Rng): ReplaceableRng {
  let rng = initial
  return {
    nextUint32: () => rng.nextUint32(),
    nextBelow: (bound) => rng.nextBelow(bound),
    nextBytes: (size) => rng.nextBytes(size),
    state: () => rng.state(),
    replace: (state) => {
      rng = restoreRng(state)
    },
  }
}
