/**
 * EigenTrust (Kamvar, Schlosser, Garcia-Molina, 2003) in fixed point: trust flows along weighted edges, and a share of it always starts
 * anew at those who are trusted beforehand, the validators of badges. A ring that praises itself only passes round what comes
 * in from outside.
 */
import { InvalidArgumentError } from '../kernel/errors.ts'
import { mulWad, WAD } from './fixed.ts'

export interface TrustEdge {
  readonly from: number
  readonly to: number
  /** Positive integer. */
  readonly weight: bigint
}

export interface TrustGraph {
  readonly nodes: number
  /** In WAD, by node; sums to at most one WAD. */
  readonly preTrust: readonly bigint[]
  readonly edges: readonly TrustEdge[]
}

export interface TrustOptions {
  /** Share of trust that starts anew in each iteration, WAD. */
  readonly alpha: bigint
  readonly iterations: number
}

/** The litepaper's ½. */
export const TRUST_ALPHA = WAD / 2n
/** What is left to move halves each time: after 20 it is below a millionth. A number of its own, so that all stop alike. */
export const TRUST_ITERATIONS = 20

/**
 * Trust of every node after each iteration, first the pre-trust itself: row k + 1 of node i is
 * `⌊α·pᵢ⌋ + ⌊(1−α)·Σⱼ ⌊tⱼ·wⱼᵢ/outⱼ⌋⌋`, so that a contract checks one row of one iteration from the rows of its in-edges.
 * Trust of a node without out-edges is not passed on.
 */
export function* trustIterations(
  graph: TrustGraph,
  { alpha, iterations }: TrustOptions,
): Generator<readonly bigint[]> {
  const { nodes, preTrust } = graph
  const edges = mergeEdges(graph)
  const out = new Array<bigint>(nodes).fill(0n)
  for (const { from, weight } of edges) out[from] = (out[from] ?? 0n) + weight
  const base = preTrust.map((one) => mulWad(alpha, one))
  let trust: readonly bigint[] = preTrust
  yield trust
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const inflow = new Array<bigint>(nodes).fill(0n)
    for (const { from, to, weight } of edges) {
      const has = trust[from] as bigint
      if (has > 0n) inflow[to] = (inflow[to] as bigint) + (has * weight) / (out[from] as bigint)
    }
    trust = inflow.map((sum, node) => (base[node] as bigint) + mulWad(WAD - alpha, sum))
    yield trust
  }
}

/** Trust of every node after the last iteration. */
export function eigenTrust(graph: TrustGraph, options: TrustOptions): readonly bigint[] {
  let last: readonly bigint[] = graph.preTrust
  for (const trust of trustIterations(graph, options)) last = trust
  return last
}

/** Edges of the same two nodes are one: what is rounded must not depend on how praise was cut up. */
function mergeEdges({ nodes, preTrust, edges }: TrustGraph): readonly TrustEdge[] {
  if (preTrust.length !== nodes) {
    throw new InvalidArgumentError(
      `Pre-trust must have one entry per node, ${nodes}, has ${preTrust.length}.`,
    )
  }
  const merged = new Map<number, { from: number; to: number; weight: bigint }>()
  for (const { from, to, weight } of edges) {
    assertNode('from', from, nodes)
    assertNode('to', to, nodes)
    if (weight <= 0n) {
      throw new InvalidArgumentError(`An edge's weight must be positive, is ${weight}.`)
    }
    const key = from * nodes + to
    const known = merged.get(key)
    if (known === undefined) merged.set(key, { from, to, weight })
    else known.weight += weight
  }
  return [...merged.values()]
}

function assertNode(field: string, node: number, nodes: number): void {
  if (Number.isInteger(node) && node >= 0 && node < nodes) return
  throw new InvalidArgumentError(
    `"${field}" of an edge must be from 0 to ${nodes - 1}, is ${node}.`,
  )
}
