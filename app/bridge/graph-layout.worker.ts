/** Where the nodes of a graph stand: forces, tick by tick, far from the main thread. Positions go to whoever draws, as they come. */
import {
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type Simulation,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from 'd3'

/** A graph to lay out. Nodes that were there before keep their place: a later graph has those of an earlier one first. */
export interface LayoutJob {
  readonly nodes: number
  /** Pairs of node indices. */
  readonly edges: Uint32Array
  /** Nodes that many others hang on stand apart from each other. */
  readonly hubs: number
}

/** x and y of every node, in turn. */
export interface LayoutStep {
  readonly positions: Float32Array
  readonly isSettled: boolean
}

interface Place extends SimulationNodeDatum {
  readonly index: number
}

const hubRadius = 260
const goldenAngle = Math.PI * (3 - Math.sqrt(5))
/** Alpha at which a layout is still. */
const settledAlpha = 0.02
/** What a graph that only grew is heated to again. */
const warmAlpha = 0.25

let places: Place[] = []
let simulation: Simulation<Place, SimulationLinkDatum<Place>> | null = null
let isRunning = false

self.addEventListener('message', ({ data }: MessageEvent<LayoutJob>) => {
  begin(data)
})

function begin({ nodes, edges, hubs }: LayoutJob): void {
  const isFresh = places.length === 0
  places = Array.from({ length: nodes }, (_, index) => places[index] ?? placeOf(index, hubs))
  const links: SimulationLinkDatum<Place>[] = []
  for (let at = 0; at < edges.length; at += 2) {
    links.push({ source: edges[at] ?? 0, target: edges[at + 1] ?? 0 })
  }
  const isLarge = nodes > 3_000
  simulation = forceSimulation(places)
    .stop()
    .alpha(isFresh ? 1 : warmAlpha)
    .alphaDecay(isLarge ? 0.045 : 0.03)
    .force(
      'charge',
      forceManyBody<Place>()
        .strength(({ index }) => (index < hubs ? -700 : isLarge ? -14 : -45))
        .theta(isLarge ? 1.3 : 0.9)
        .distanceMax(900),
    )
    .force(
      'link',
      forceLink<Place, SimulationLinkDatum<Place>>(links).distance(({ source }) =>
        (source as Place).index < hubs ? 110 : 30,
      ),
    )
    .force('x', forceX<Place>(0).strength(0.06))
    .force('y', forceY<Place>(0).strength(0.1))
  if (!isRunning) tick()
}

/** Hubs on a ring, all others in a spiral around them: the same start for the same graph. */
function placeOf(index: number, hubs: number): Place {
  if (index < hubs) {
    const angle = (index / Math.max(1, hubs)) * 2 * Math.PI
    return { index, x: hubRadius * Math.cos(angle), y: hubRadius * Math.sin(angle) }
  }
  const radius = 14 * Math.sqrt(index)
  return {
    index,
    x: radius * Math.cos(index * goldenAngle),
    y: radius * Math.sin(index * goldenAngle),
  }
}

/** One tick at a time, so that a new job is heard in between. */
function tick(): void {
  if (simulation === null) return
  isRunning = true
  simulation.tick()
  const isSettled = simulation.alpha() < settledAlpha
  const positions = new Float32Array(places.length * 2)
  for (const [index, { x = 0, y = 0 }] of places.entries()) {
    positions[2 * index] = x
    positions[2 * index + 1] = y
  }
  const step: LayoutStep = { positions, isSettled }
  self.postMessage(step, { transfer: [positions.buffer] })
  isRunning = !isSettled
  if (isRunning) setTimeout(tick)
}
