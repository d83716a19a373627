import { Link } from 'react-router'
import type { GraphView } from '../../../workers/protocol/persona.ts'
import { NODE_KIND } from '../../bridge/graph-scene.ts'
import { Button } from '../../ui/button.tsx'
import { plural } from '../../ui/format.ts'
import persona from '../persona/persona.module.css'
import { Rexy } from '../persona/rexy.tsx'
import { useEngine } from '../persona/use-engine.ts'
import { formatScore, signalTitle } from '../persona/words.ts'
import styles from './graph.module.css'

interface FocusCardProps {
  readonly graph: GraphView
  readonly node: number
  readonly onFocus: (node: number) => void
}

const tiesMax = 8

/** The node in focus in words, with a way along each of its ties. */
export function FocusCard({ graph, node, onFocus }: FocusCardProps) {
  const isHub = node < graph.names.length
  const ties = tiesOf(graph, node)
  return (
    <aside className={styles.focus} aria-label="In focus">
      {isHub ? <HubHead graph={graph} node={node} /> : <PersonHead graph={graph} node={node} />}
      <p className={persona.quiet}>{plural(ties.length, 'tie')}</p>
      <ul>
        {ties.slice(0, tiesMax).map(({ other, weight }) => (
          <li key={other}>
            <Button onClick={() => onFocus(other)}>{titleOf(graph, other)}</Button>
            <span className={persona.quiet}>{formatScore(weight)}</span>
          </li>
        ))}
      </ul>
      {ties.length > tiesMax && (
        <p className={persona.quiet}>and {plural(ties.length - tiesMax, 'other')}</p>
      )}
    </aside>
  )
}

function HubHead({ graph, node }: { readonly graph: GraphView; readonly node: number }) {
  return (
    <header>
      <h3>{titleOf(graph, node)}</h3>
      <span className={persona.quiet}>
        {graph.kinds[node] === NODE_KIND.validator ? 'Validator of badges' : 'Badge'}
      </span>
    </header>
  )
}

function PersonHead({ graph, node }: { readonly graph: GraphView; readonly node: number }) {
  const passport = graph.ids[node] ?? 0
  const isSybil = graph.kinds[node] === NODE_KIND.sybil
  const { result } = useEngine(`graph/${passport}`, (engine) => engine.persona(passport, null))
  return (
    <header>
      {result != null && <Rexy rexy={result.rexy} size={56} />}
      <div>
        <h3>{result?.name ?? `Passport ${passport}`}</h3>
        {isSybil && (
          <span className={persona.kind} data-sybil="true">
            Sybil
          </span>
        )}
        <p className={persona.quiet}>trust {formatScore(graph.trust[node] ?? 0)} of the highest</p>
        <Link className={persona.link} to={`/personas/${passport}`}>
          Open passport {passport}
        </Link>
      </div>
    </header>
  )
}

interface Tie {
  readonly other: number
  readonly weight: number
}

/** Strongest first. */
function tiesOf({ edges, weights }: GraphView, node: number): readonly Tie[] {
  const ties: Tie[] = []
  for (let at = 0; at < edges.length; at += 2) {
    const [from = 0, to = 0] = [edges[at], edges[at + 1]]
    if (from !== node && to !== node) continue
    ties.push({ other: from === node ? to : from, weight: weights[at / 2] ?? 0 })
  }
  const strongest = new Map<number, number>()
  for (const { other, weight } of ties)
    strongest.set(other, Math.max(weight, strongest.get(other) ?? 0))
  return [...strongest]
    .map(([other, weight]) => ({ other, weight }))
    .sort((left, right) => right.weight - left.weight || left.other - right.other)
}

function titleOf(graph: GraphView, node: number): string {
  const name = graph.names[node]
  if (name === undefined) return `Passport ${graph.ids[node]}`
  return graph.kinds[node] === NODE_KIND.badge ? signalTitle(name) : name
}
