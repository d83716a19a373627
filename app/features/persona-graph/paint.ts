import type { GraphView } from '../../../workers/protocol/persona.ts'
import { type GraphPaint, NODE_KIND } from '../../bridge/graph-scene.ts'
import { signalTitle } from '../persona/words.ts'

/** The palette's variables as they are in this theme. */
export function graphPaint({ names, kinds }: Pick<GraphView, 'names' | 'kinds'>): GraphPaint {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    ground: colour('surface'),
    ink: colour('ink'),
    quiet: colour('ink-2'),
    persona: colour('persona'),
    sybil: colour('alarm'),
    validator: colour('ink'),
    badge: colour('l1'),
    font: colour('sans'),
    names: names.map((name, index) =>
      kinds[index] === NODE_KIND.badge ? signalTitle(name) : name,
    ),
    isStill: matchMedia('(prefers-reduced-motion: reduce)').matches,
  }
}
