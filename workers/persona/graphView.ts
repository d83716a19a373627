/** The Value Graph at a moment: validators, kinds of badges, Personas; edges by badges and by social actions. */
import type { GraphView } from '../protocol/persona.ts'
import type { Book, CampaignRecord, PairRecord } from './book.ts'
import { badgeCounts, currentBadge, supplyAt } from './moment.ts'
import type { Population } from './population.ts'
import { toMs } from './views.ts'

export interface GraphSetting {
  readonly book: Book
  readonly population: Population
  readonly people: ReadonlyMap<number, number>
  readonly campaign: CampaignRecord | null
  /** Unix seconds. */
  readonly time: number
  readonly trust: readonly number[]
}

const NODE = { validator: 0, badge: 1, persona: 2, sybil: 3 } as const

interface Edge {
  readonly from: number
  readonly to: number
  readonly weight: number
  readonly seconds: number
}

export function graphView(setting: GraphSetting): GraphView {
  const { book, population, people, campaign, time, trust } = setting
  const validators = [...book.validators.values()]
  const names = [...validators.map(({ name }) => name), ...book.kinds.map(({ name }) => name)]
  const supply = supplyAt(book, time)
  const personaAt = names.length
  const nodes = personaAt + supply
  const kinds = new Uint8Array(nodes)
  const ids = new Uint32Array(nodes)
  const ranks = new Float32Array(nodes)
  for (let at = 0; at < names.length; at += 1) {
    kinds[at] = at < validators.length ? NODE.validator : NODE.badge
    ids[at] = at
    ranks[at] = 1
  }
  for (let index = 0; index < supply; index += 1) {
    const person = population.people[people.get(index + 1) ?? -1]
    kinds[personaAt + index] = person?.ring == null ? NODE.persona : NODE.sybil
    ids[personaAt + index] = index + 1
    ranks[personaAt + index] = trust[index] ?? 0
  }
  const edges = [
    ...badgeEdges(
      setting,
      validators.map(({ address }) => address),
      personaAt,
      supply,
    ),
    ...socialEdges(campaign, time, personaAt, supply),
  ]
  return {
    timeMs: toMs(time),
    nodes,
    kinds,
    ids,
    trust: ranks,
    names,
    edges: Uint32Array.from(edges.flatMap(({ from, to }) => [from, to])),
    weights: Float32Array.from(edges, ({ weight }) => weight),
    times: Float32Array.from(edges, ({ seconds }) => toMs(seconds) / 1_000),
    rounds: campaign?.terms.trustIterations ?? 0,
  }
}

function badgeEdges(
  { book, time }: GraphSetting,
  validators: readonly string[],
  personaAt: number,
  supply: number,
): readonly Edge[] {
  const edges: Edge[] = []
  const vouched = new Set<string>()
  for (const record of book.passports.slice(0, supply)) {
    for (const { kind, points } of book.kinds) {
      const badge = currentBadge(record, kind, time)
      if (badge === null || !badgeCounts(book, badge, time)) continue
      const seconds = badge.issued.timestamp
      const node = validators.length + kind
      edges.push({ from: node, to: personaAt + record.passport - 1, weight: points / 100, seconds })
      const key = `${badge.validator}/${kind}`
      const validator = validators.indexOf(badge.validator)
      if (vouched.has(key) || validator < 0) continue
      vouched.add(key)
      edges.push({ from: validator, to: node, weight: 1, seconds })
    }
  }
  return edges
}

/** Social actions, one edge per pair of Personas. */
function socialEdges(
  campaign: CampaignRecord | null,
  time: number,
  personaAt: number,
  supply: number,
): readonly Edge[] {
  if (campaign === null) return []
  const edges: Edge[] = []
  for (const { source, target, count, seconds } of pairsAt(campaign, time)) {
    if (source > supply || target > supply) continue
    const [from, to] = [personaAt + source - 1, personaAt + target - 1]
    edges.push({ from, to, seconds, weight: Math.min(1, count / 10) })
  }
  return edges
}

/** Who met whom in epochs that had begun: those of all epochs are in the book. */
function pairsAt({ epochs, terms, pairs }: CampaignRecord, time: number): Iterable<PairRecord> {
  const startOf = (epoch: number) => terms.start + epoch * terms.epochSeconds
  const begun = [...epochs].filter(([epoch]) => startOf(epoch) <= time)
  if (begun.length === epochs.size) return pairs.values()
  const merged = new Map<string, PairRecord>()
  for (const [epoch, { sources }] of begun) {
    for (const [target, chain] of sources) {
      for (const source of chain) {
        const key = `${source}/${target}`
        const known = merged.get(key)
        if (known !== undefined) known.count += 1
        else merged.set(key, { source, target, count: 1, seconds: startOf(epoch) })
      }
    }
  }
  return merged.values()
}
