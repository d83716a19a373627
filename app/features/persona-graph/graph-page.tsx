import { useState } from 'react'
import type { GraphView } from '../../../workers/protocol/persona.ts'
import type { GraphPace } from '../../bridge/graph-drawing.worker.ts'
import { NODE_KIND } from '../../bridge/graph-scene.ts'
import { useTimeMs } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { formatClock, formatCount } from '../../ui/format.ts'
import { Slide } from '../../ui/slide.tsx'
import { Mark } from '../persona/parts.tsx'
import persona from '../persona/persona.module.css'
import { attempt, useSession } from '../shell/session-context.ts'
import { FocusCard } from './focus-card.tsx'
import styles from './graph.module.css'
import { GraphCanvas } from './graph-canvas.tsx'
import { useGraph } from './use-graph.ts'

const moments = 60

interface Focus {
  readonly node: number | null
  readonly isCentred: boolean
}

/** Everyone and what ties them together: validators, badges, people, hearts; at any time since the beginning. */
export function GraphPage() {
  const nowMs = useTimeMs(1_000)
  const [moment, setMoment] = useState(moments)
  const [frozenMs, setFrozenMs] = useState(0)
  const isLive = moment === moments
  // The past that the slider spans ends where it was first moved; else every second would change what is asked for.
  const timeMs = isLive ? undefined : Math.round((frozenMs * moment) / moments)
  const { graph, error } = useGraph(timeMs)
  const [focus, setFocus] = useState<Focus>({ node: null, isCentred: false })
  const [pace, setPace] = useState<GraphPace | null>(null)
  const travel = (next: number) => {
    if (isLive) setFrozenMs(nowMs)
    setMoment(next)
  }
  if (graph === null) return <p className={persona.quiet}>{error ?? 'The graph is read…'}</p>
  const node = focus.node !== null && focus.node < graph.nodes ? focus.node : null
  return (
    <section className={styles.graph} aria-label="Value Graph">
      <div className={persona.line}>
        <Search graph={graph} onFind={(found) => setFocus({ node: found, isCentred: true })} />
        <div className={styles.time}>
          <Slide
            label="Time of the graph"
            value={moment}
            max={moments}
            valueText={isLive ? 'now' : formatClock(timeMs ?? 0)}
            onChange={travel}
          />
          <span>{isLive ? 'now' : formatClock(timeMs ?? 0)}</span>
        </div>
        {node !== null && (
          <Button onClick={() => setFocus({ node: null, isCentred: false })}>Show all</Button>
        )}
      </div>
      <div className={styles.stage}>
        <GraphCanvas
          graph={graph}
          focus={node}
          isCentred={focus.isCentred}
          onFocus={(found) => setFocus({ node: found, isCentred: false })}
          onPace={setPace}
        />
        {node !== null && (
          <FocusCard
            graph={graph}
            node={node}
            onFocus={(found) => setFocus({ node: found, isCentred: true })}
          />
        )}
      </div>
      <Legend graph={graph} pace={pace} />
    </section>
  )
}

interface SearchProps {
  readonly graph: GraphView
  readonly onFind: (node: number) => void
}

/** A name or number leads to its node. */
function Search({ graph, onFind }: SearchProps) {
  const { personas } = useSession()
  const [search, setSearch] = useState('')
  const [isMissing, setMissing] = useState(false)
  const find = async () => {
    const engine = await personas.engine()
    const query = { campaign: null, from: 0, count: 1, order: 'passport', search } as const
    const [found] = (await engine.personas(query)).rows
    const node = found === undefined ? -1 : graph.names.length + found.passport - 1
    const isThere = node >= 0 && node < graph.nodes
    setMissing(!isThere)
    if (isThere) onFind(node)
  }
  return (
    <form
      className={styles.search}
      onSubmit={(event) => {
        event.preventDefault()
        attempt(find)
      }}
    >
      <input
        type="search"
        className={persona.input}
        placeholder="Name or passport number"
        aria-label="Find a person in the graph"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <Button type="submit" look="outline" disabled={search.trim() === ''}>
        Find
      </Button>
      <span role="status" className={persona.quiet}>
        {isMissing ? 'Nobody by that name is in the graph at this time.' : ''}
      </span>
    </form>
  )
}

/** A frame or two a second are what L2's news change, no motion. */
function isMoving({ fps }: GraphPace): boolean {
  return fps > 2
}

function Legend({ graph, pace }: { readonly graph: GraphView; readonly pace: GraphPace | null }) {
  const sybils = graph.kinds.reduce((sum, kind) => sum + Number(kind === NODE_KIND.sybil), 0)
  const people = graph.nodes - graph.names.length - sybils
  return (
    <div className={styles.legend}>
      <span data-kind="persona">{formatCount(people)} people, larger with trust</span>
      <span data-kind="sybil">{formatCount(sybils)} Sybils, as the demonstration knows</span>
      <span data-kind="badge">badges</span>
      <span data-kind="validator">validators</span>
      <span>
        {formatCount(graph.edges.length / 2)} ties <Mark source="measured" />
      </span>
      {pace !== null && (
        <span className={styles.pace}>
          {isMoving(pace) ? `${pace.fps} frames a second` : 'still'} · {pace.drawMs.toFixed(1)} ms
          to draw {pace.isSettled ? '' : '· finding its shape'}
        </span>
      )}
    </div>
  )
}
