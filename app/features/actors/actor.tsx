import type { ReactNode } from 'react'
import { memo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { select, useView } from '../../store/view.ts'
import { useWorld, worldStore } from '../../store/world.ts'
import { nodeTitle } from '../../ui/format.ts'
import { type MenuEntry, RightClickMenu } from '../../ui/menu.tsx'
import { roleShape } from '../../ui/role-glyph.tsx'
import { Press } from '../../ui/scene.tsx'
import { useSession } from '../shell/session-context.ts'
import styles from './actor.module.css'
import { actorMenu } from './actor-menu.ts'

interface ActorProps {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly radius: number
  /** Drawn inside: an index, a sign. */
  readonly children?: ReactNode
  /** Filled, because it is its turn. */
  readonly leads?: boolean
  /** It lost stake for what it did. */
  readonly slashed?: boolean
}

/**
 * One node of the world inside an SVG: its role's shape and colour; dashed and grey when crashed, dotted when slow, alarm
 * and a mark when dishonest. Click opens it, right click offers what can be done to it. Messages start and land here.
 */
export const Actor = memo(function Actor({
  id,
  x,
  y,
  radius,
  children,
  leads = false,
  slashed = false,
}: ActorProps) {
  const { world } = useSession()
  const [role, state, dishonest] = useWorld(
    useShallow(({ nodes }) => {
      const node = nodes[id]
      return [node?.role ?? 'l1', node?.state ?? 'crashed', (node?.frauds.length ?? 0) > 0] as const
    }),
  )
  const selected = useView(({ selection }) => selection?.kind === 'node' && selection.id === id)
  const entries = (): readonly MenuEntry[] => {
    const node = worldStore.getState().world?.nodes[id]
    return node === undefined ? [] : actorMenu(world, node)
  }
  const condition = dishonest ? 'dishonest' : state
  const suffix = slashed ? ', slashed' : ''
  const tone = dishonest ? 'alarm' : role
  return (
    <RightClickMenu entries={entries()}>
      <Press
        className={styles.actor}
        transform={`translate(${x} ${y})`}
        label={`${nodeTitle(id)}, ${condition}${suffix}`}
        onPress={() => select({ kind: 'node', id })}
        data-node={id}
        data-condition={condition}
        data-leads={leads}
        style={
          { '--role': `var(--${tone})`, '--soft': `var(--${tone}-soft)` } as React.CSSProperties
        }
      >
        <path className={styles.halo} d={roleShape(role, radius + 4.5)} data-on={selected} />
        <path className={styles.body} d={roleShape(role, radius)} />
        {children}
        {state === 'crashed' && <path className={styles.cross} d={cross(radius * 0.42)} />}
        {(dishonest || slashed) && <DishonestMark x={radius * 0.72} y={-radius * 0.72} />}
      </Press>
    </RightClickMenu>
  )
})

function cross(size: number): string {
  return `M${-size},${-size}L${size},${size}M${size},${-size}L${-size},${size}`
}

/** A triangle with a bang: dishonesty is never told by colour alone. */
export function DishonestMark({ x, y }: { readonly x: number; readonly y: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <path
        d="M0,-7.500L7.500,6H-7.500Z"
        fill="var(--alarm)"
        stroke="var(--surface)"
        strokeWidth={1.5}
        strokeLinejoin="round"
      />
      <path
        d="M0,-2.500V1.500M0,3.600V3.700"
        stroke="var(--on-role)"
        strokeWidth={1.8}
        strokeLinecap="round"
      />
    </g>
  )
}
