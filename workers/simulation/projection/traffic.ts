import type { NodeId } from '../../kernel/role.ts'
import type { FlightView, TrafficView } from '../../protocol/projection.ts'
import type { TraceEvent } from '../../protocol/trace.ts'

const flightsMax = 240
const lingerMs = 400
const flowWindowMs = 1_000

type MessageEvent = Extract<TraceEvent, { kind: 'message' }>

/** Messages are too many to fold immutably: this accumulator is mutable and prints a fresh view on demand. */
export interface Traffic {
  add(event: MessageEvent): void
  view(nowMs: number): TrafficView
  total(): number
  /** Forgets messages in flight and the rates of links. */
  clear(): void
}

interface Link {
  readonly from: NodeId
  readonly to: NodeId
  count: number
  windowMs: number
  perSecond: number
}

export function createTraffic(nodes: readonly NodeId[]): Traffic {
  const links = new Map<string, Link>()
  const counts = Object.fromEntries(nodes.map((id) => [id, { sent: 0, received: 0 }]))
  let flights: FlightView[] = []
  let total = 0

  function add(event: MessageEvent): void {
    total += 1
    const { id, from, to, type, timeMs, arriveMs, lost } = event
    if (flights.length >= 4 * flightsMax) flights = flights.slice(-flightsMax)
    flights.push({ id, from, to, type, sentMs: timeMs, arriveMs, lost })
    const sender = counts[from]
    if (sender !== undefined) sender.sent += 1
    const receiver = counts[to]
    if (receiver !== undefined && !lost) receiver.received += 1
    countLink(links, event)
  }

  function view(nowMs: number): TrafficView {
    flights = flights.filter((flight) => flight.arriveMs + lingerMs > nowMs).slice(-flightsMax)
    const flows = [...links.values()]
      .map((link) => ({ from: link.from, to: link.to, perSecond: linkRate(link, nowMs) }))
      .filter((flow) => flow.perSecond > 0)
    const counted = Object.fromEntries(
      Object.entries(counts).map(([id, count]) => [id, { ...count }]),
    )
    return { flights, flows, counts: counted }
  }

  function clear(): void {
    flights = []
    links.clear()
  }

  return { add, view, total: () => total, clear }
}

function countLink(links: Map<string, Link>, event: MessageEvent): void {
  const key = `${event.from}>${event.to}`
  const link = links.get(key) ?? {
    from: event.from,
    to: event.to,
    count: 0,
    windowMs: event.timeMs,
    perSecond: 0,
  }
  links.set(key, link)
  if (event.timeMs - link.windowMs >= flowWindowMs) {
    link.perSecond = linkRate(link, event.timeMs)
    link.windowMs = event.timeMs
    link.count = 0
  }
  link.count += 1
}

/** Messages per second of the window that last closed, or of the open one once it is that long; 0 when the link fell silent. */
function linkRate(link: Link, nowMs: number): number {
  const ageMs = nowMs - link.windowMs
  if (ageMs < flowWindowMs) return link.perSecond > 0 ? link.perSecond : link.count
  return ageMs < 2 * flowWindowMs ? Math.round((link.count * 1_000) / ageMs) : 0
}
