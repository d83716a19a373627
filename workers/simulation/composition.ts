/** What a world is made of: its nodes, where each runs, and what the links between them are like. */
import type { NodeSpec } from '../kernel/hostPort.ts'
import type { NetworkOptions } from '../kernel/network.ts'
import type { NodeId } from '../kernel/role.ts'
import type { Parameters } from '../rollup/parameters.ts'

/** Nodes that share one host. `name` is for people who look at threads. */
export interface Placement {
  readonly name: string
  readonly nodes: readonly NodeSpec[]
}

export interface Composition {
  readonly parameters: Parameters
  readonly placements: readonly Placement[]
  readonly network: NetworkOptions
  /** Nodes that answer JSON-RPC, first choice first. */
  readonly rpcNodes: { readonly l1: readonly NodeId[]; readonly l2: readonly NodeId[] }
  /** L1 contracts by name, 0x-strings. */
  readonly contracts: Readonly<Record<string, string>>
  /** L1 addresses (lower case) with which nodes move, to name parties of disputes. */
  readonly accounts: Readonly<Record<string, NodeId>>
}

/**
 * Latencies of the links, in virtual milliseconds: a committee and data nodes spread over a continent, L1 a little farther.
 * The tails are what makes views time out now and then.
 */
export const NETWORK: NetworkOptions = {
  links: [
    {
      from: 'sequencer',
      to: 'sequencer',
      latency: { baseMs: 20, jitterMs: 30, tailPermille: 10, tailMs: 120 },
    },
    { from: 'l1', to: '*', latency: { baseMs: 40, jitterMs: 40, tailPermille: 10, tailMs: 200 } },
    { from: '*', to: 'l1', latency: { baseMs: 40, jitterMs: 40, tailPermille: 10, tailMs: 200 } },
  ],
  fallback: { baseMs: 25, jitterMs: 35, tailPermille: 10, tailMs: 150 },
  lossPermille: 0,
  duplicatePermille: 0,
}
