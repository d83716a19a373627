/** The network between nodes: latency, loss, duplication, clogs and partitions, drawn per link from its own generator. */
import { InvalidArgumentError } from './errors.ts'
import { deriveRng, type Rng, restoreRng } from './rng.ts'
import type { NodeId } from './role.ts'

/** No message arrives sooner: events of one such span are independent of each other and go out together. */
export const LATENCY_MIN_MS = 10

/** `base + uniform(0…jitter)`, and for `tailPermille` of the messages `uniform(0…tail)` on top. Integer milliseconds. */
export interface Latency {
  readonly baseMs: number
  readonly jitterMs: number
  readonly tailPermille: number
  readonly tailMs: number
}

/** Names groups of nodes (`NodeSpec.role`) or `*`. The first rule that matches a link counts. */
export interface LinkRule {
  readonly from: string
  readonly to: string
  readonly latency: Latency
}

export interface NetworkOptions {
  readonly links: readonly LinkRule[]
  readonly fallback: Latency
  readonly lossPermille: number
  readonly duplicatePermille: number
}

/** Faults of the network alone. `block` is an asymmetric partition: `to` does not hear `from`. */
export type NetworkFault =
  | { readonly kind: 'partition'; readonly groups: readonly (readonly NodeId[])[] }
  | { readonly kind: 'block'; readonly from: readonly NodeId[]; readonly to: readonly NodeId[] }
  | { readonly kind: 'clog'; readonly from: NodeId; readonly to: NodeId; readonly forMs: number }
  | { readonly kind: 'loss'; readonly lossPermille: number; readonly duplicatePermille: number }
  | { readonly kind: 'reconnect' }

export interface Route {
  /** One arrival, two for a duplicated message. For a lost one: when it would have arrived. */
  readonly arrivalsMs: readonly number[]
  readonly isLost: boolean
}

export interface Network {
  /** Draws what becomes of a message that leaves `from` at `timeMs`. Links are FIFO. */
  route(from: NodeId, to: NodeId, timeMs: number): Route
  apply(fault: NetworkFault, timeMs: number): void
  /** Multiplies the latency of every link from and to the node. */
  slow(node: NodeId, factor: number): void
  snapshot(): NetworkSnapshot
  restore(snapshot: NetworkSnapshot): void
}

export interface NetworkSnapshot {
  readonly links: readonly {
    readonly key: string
    readonly rng: readonly number[]
    readonly lastMs: number
    readonly clogMs: number
  }[]
  readonly groups: readonly (readonly NodeId[])[]
  readonly blocks: readonly { readonly from: readonly NodeId[]; readonly to: readonly NodeId[] }[]
  readonly lossPermille: number
  readonly duplicatePermille: number
  readonly slow: readonly (readonly [NodeId, number])[]
}

interface Link {
  rng: Rng
  latency: Latency
  lastMs: number
  clogMs: number
}

interface State {
  readonly links: Map<string, Link>
  groups: readonly (readonly NodeId[])[]
  blocks: NetworkSnapshot['blocks']
  lossPermille: number
  duplicatePermille: number
  readonly slow: Map<NodeId, number>
}

/** `groupOf` gives the name that link rules match on. Throws `InvalidArgumentError` on latencies below the minimum. */
export function createNetwork(
  options: NetworkOptions,
  seed: number,
  groupOf: (node: NodeId) => string,
): Network {
  for (const latency of [options.fallback, ...options.links.map((rule) => rule.latency)]) {
    assertLatency(latency)
  }
  const state: State = {
    links: new Map(),
    groups: [],
    blocks: [],
    lossPermille: options.lossPermille,
    duplicatePermille: options.duplicatePermille,
    slow: new Map(),
  }
  const linkOf = (key: string): Link => {
    const known = state.links.get(key)
    if (known !== undefined) return known
    const [from = '', to = ''] = key.split('>')
    const latency = latencyOf(options, groupOf(from), groupOf(to))
    const link = { rng: deriveRng(seed, `link:${key}`), latency, lastMs: 0, clogMs: 0 }
    state.links.set(key, link)
    return link
  }
  return {
    route: (from, to, timeMs) => route(state, linkOf(`${from}>${to}`), from, to, timeMs),
    apply: (fault, timeMs) => applyFault(state, linkOf, fault, timeMs),
    slow: (node, factor) => {
      state.slow.set(node, factor)
    },
    snapshot: () => ({
      links: [...state.links].map(([key, { rng, lastMs, clogMs }]) => ({
        key,
        rng: rng.state(),
        lastMs,
        clogMs,
      })),
      groups: state.groups,
      blocks: state.blocks,
      lossPermille: state.lossPermille,
      duplicatePermille: state.duplicatePermille,
      slow: [...state.slow],
    }),
    restore: (snapshot) => {
      state.links.clear()
      for (const { key, rng, lastMs, clogMs } of snapshot.links) {
        Object.assign(linkOf(key), { rng: restoreRng(rng), lastMs, clogMs })
      }
      const { groups, blocks, lossPermille, duplicatePermille } = snapshot
      Object.assign(state, { groups, blocks, lossPermille, duplicatePermille })
      state.slow.clear()
      for (const [node, factor] of snapshot.slow) state.slow.set(node, factor)
    },
  }
}

function latencyOf(options: NetworkOptions, from: string, to: string): Latency {
  const rule = options.links.find(
    (one) => (one.from === '*' || one.from === from) && (one.to === '*' || one.to === to),
  )
  return rule?.latency ?? options.fallback
}

function route(state: State, link: Link, from: NodeId, to: NodeId, timeMs: number): Route {
  // Every message draws the same four numbers, so that a fault changes what it is about and nothing else.
  const jitter = link.rng.nextBelow(link.latency.jitterMs + 1)
  const tail = link.rng.nextBelow(1000)
  const loss = link.rng.nextBelow(1000)
  const duplicate = link.rng.nextBelow(1000)
  const { latency } = link
  const extra = tail < latency.tailPermille ? (tail * latency.tailMs) / latency.tailPermille : 0
  const factor = Math.max(state.slow.get(from) ?? 1, state.slow.get(to) ?? 1)
  const takesMs = Math.floor((latency.baseMs + jitter + extra) * factor)
  const arrivesMs = Math.max(timeMs + takesMs, link.lastMs, link.clogMs)
  if (loss < state.lossPermille || isCut(state, from, to)) {
    return { arrivalsMs: [arrivesMs], isLost: true }
  }
  link.lastMs = arrivesMs
  if (duplicate >= state.duplicatePermille) return { arrivalsMs: [arrivesMs], isLost: false }
  return { arrivalsMs: [arrivesMs, arrivesMs + latency.baseMs], isLost: false }
}

function isCut(state: State, from: NodeId, to: NodeId): boolean {
  const groupFrom = state.groups.findIndex((group) => group.includes(from))
  const groupTo = state.groups.findIndex((group) => group.includes(to))
  if (groupFrom >= 0 && groupTo >= 0 && groupFrom !== groupTo) return true
  return state.blocks.some((block) => block.from.includes(from) && block.to.includes(to))
}

function applyFault(
  state: State,
  linkOf: (key: string) => Link,
  fault: NetworkFault,
  timeMs: number,
): void {
  switch (fault.kind) {
    case 'partition':
      state.groups = fault.groups
      return
    case 'block':
      state.blocks = [...state.blocks, { from: fault.from, to: fault.to }]
      return
    case 'clog':
      linkOf(`${fault.from}>${fault.to}`).clogMs = timeMs + fault.forMs
      return
    case 'loss':
      state.lossPermille = fault.lossPermille
      state.duplicatePermille = fault.duplicatePermille
      return
    case 'reconnect':
      state.groups = []
      state.blocks = []
      return
  }
}

function assertLatency(latency: Latency): void {
  const { baseMs, jitterMs, tailPermille, tailMs } = latency
  const numbers = [baseMs, jitterMs, tailPermille, tailMs]
  if (numbers.every((n) => Number.isSafeInteger(n) && n >= 0) && baseMs >= LATENCY_MIN_MS) return
  throw new InvalidArgumentError('A latency is out of range.', {
    metaMessages: [
      `baseMs must be an integer of at least ${LATENCY_MIN_MS}, is ${baseMs}.`,
      `jitterMs, tailPermille, tailMs must not be negative: ${jitterMs}, ${tailPermille}, ${tailMs}.`,
    ],
  })
}
