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

/**
 * Lengths and forces for any number of nodes: what grows with the number keeps hubs at the rim of the crowd that hangs on them, and its
 * density alike. Lengths in units of the layout; hubs' are to be multiplied by the root of the number of nodes.
 */
const spiral = 20
const hubRadius = 12
const hubDistance = 13
const tieDistance = 30
/** A badge and its validator stand together. */
const issuerDistance = 110
const repulsion = 70
/** To be multiplied by the number of nodes. */
const hubRepulsion = 2
/** Ties to hubs are springs as others are, but so many that people would stand on top of each other. */
const hubPull = 0.35
/** The canvas is wider than high. */
const gravity = { x: 0.045, y: 0.1 } as const
/** How coarsely Barnes and Hut's tree may take a crowd far away for one. */
const coarseness = 1.3
const decay = 0.045
const goldenAngle = Math.PI * (3 - Math.sqrt(5))
/** Alpha at which a layout is still. */
const settledAlpha = 0.02
/** What a graph that only grew is heated to again. */
const warmAlpha = 0.25

/** Of all nodes that ever were: those of a later time keep theirs while an earlier one is shown. */
const known: Place[] = []
let places: readonly Place[] = []
let simulation: Simulation<Place, SimulationLinkDatum<Place>> | null = null
let isRunning = false

self.addEventListener('message', ({ data }: MessageEvent<LayoutJob>) => {
  begin(data)
})

function begin(job: LayoutJob): void {
  const { nodes, hubs } = job
  const isFresh = known.length === 0
  for (let index = known.length; index < nodes; index += 1) known.push(placeOf(index, job))
  places = known.slice(0, nodes)
  simulation = forceSimulation<Place, SimulationLinkDatum<Place>>(places as Place[])
    .stop()
    .alpha(isFresh ? 1 : warmAlpha)
    .alphaDecay(decay)
    .force(
      'charge',
      forceManyBody<Place>()
        .strength(({ index }) => (index < hubs ? -hubRepulsion * nodes : -repulsion))
        .theta(coarseness),
    )
    .force('link', springs(job))
    .force('x', forceX<Place>(0).strength(gravity.x))
    .force('y', forceY<Place>(0).strength(gravity.y))
  if (!isRunning) tick()
}

function springs({ nodes, edges, hubs }: LayoutJob) {
  const links: SimulationLinkDatum<Place>[] = []
  const ties = new Uint32Array(nodes)
  for (let at = 0; at < edges.length; at += 2) {
    const [source = 0, target = 0] = [edges[at], edges[at + 1]]
    links.push({ source, target })
    ties[source] = (ties[source] ?? 0) + 1
    ties[target] = (ties[target] ?? 0) + 1
  }
  const ends = ({ source, target }: SimulationLinkDatum<Place>) =>
    [(source as Place).index, (target as Place).index] as const
  return forceLink<Place, SimulationLinkDatum<Place>>(links)
    .distance((link) => {
      const [source, target] = ends(link)
      if (source >= hubs) return tieDistance
      return target < hubs ? issuerDistance : hubDistance * Math.sqrt(nodes)
    })
    .strength((link) => {
      const [source, target] = ends(link)
      const even = 1 / Math.max(1, Math.min(ties[source] ?? 1, ties[target] ?? 1))
      return source < hubs && target >= hubs ? hubPull * even : even
    })
}

/** Hubs on a ring, all others in a spiral around them: the same start for the same graph. */
function placeOf(index: number, { nodes, hubs }: LayoutJob): Place {
  if (index < hubs) {
    const angle = (index / Math.max(1, hubs)) * 2 * Math.PI
    const radius = hubRadius * Math.sqrt(nodes)
    return { index, x: radius * Math.cos(angle), y: radius * Math.sin(angle) }
  }
  const radius = spiral * Math.sqrt(index)
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
