import { FRAUDS } from '../../../workers/protocol/faults.ts'
import type { NodeView } from '../../../workers/protocol/projection.ts'
import type { World } from '../../../workers/protocol/world.ts'
import { select, viewStore } from '../../store/view.ts'
import { nodeTitle } from '../../ui/format.ts'
import type { MenuEntry } from '../../ui/menu.tsx'
import { FEATURED } from '../faults/featured.ts'
import { corrupt } from '../faults/fraud-menu.tsx'
import { attempt } from '../shell/session-context.ts'

const slowFactor = 8

/** What can be done to a node: the same on right click and in the inspector. */
export function actorActions(world: World, node: NodeView): readonly MenuEntry[] {
  return [...healthActions(world, node), ...dishonestActions(world, node)]
}

export function actorMenu(world: World, node: NodeView): readonly MenuEntry[] {
  return [
    { kind: 'label', text: nodeTitle(node.id) },
    {
      kind: 'item',
      text: 'Open',
      icon: 'right',
      onSelect: () => select({ kind: 'node', id: node.id }),
    },
    ...actorActions(world, node),
  ]
}

function healthActions(world: World, node: NodeView): readonly MenuEntry[] {
  const { id } = node
  const fault =
    (...args: Parameters<World['fault']>) =>
    () =>
      attempt(() => world.fault(...args))
  const down = node.state === 'crashed'
  const power: MenuEntry = down
    ? {
        kind: 'item',
        text: 'Restart it',
        note: 'It boots from what it had written to disk',
        icon: 'restart',
        onSelect: fault({ kind: 'restart', node: id }),
      }
    : {
        kind: 'item',
        text: 'Crash it',
        note: 'It forgets what it had in memory and hears nothing',
        icon: 'power',
        onSelect: fault({ kind: 'crash', node: id }),
      }
  if (down) return [power]
  const slow: MenuEntry =
    node.state === 'slow'
      ? {
          kind: 'item',
          text: 'Bring it to full speed',
          icon: 'slow',
          onSelect: fault({ kind: 'slow', node: id, factor: 1 }),
        }
      : {
          kind: 'item',
          text: `Make it ${slowFactor} times slower`,
          icon: 'slow',
          onSelect: fault({ kind: 'slow', node: id, factor: slowFactor }),
        }
  const reorg: readonly MenuEntry[] =
    node.role !== 'l1'
      ? []
      : [
          {
            kind: 'item',
            text: 'Replace its last 3 blocks',
            note: 'A reorg: everybody walks back and derives again',
            icon: 'fork',
            onSelect: fault({ kind: 'l1Reorg', depth: 3 }),
          },
        ]
  return [power, slow, ...reorg]
}

function dishonestActions(world: World, node: NodeView): readonly MenuEntry[] {
  if (node.state === 'crashed') return []
  const items = FEATURED.filter((fraud) => fraud.role === node.role).map(
    (fraud): MenuEntry => ({
      kind: 'item',
      text: fraud.action,
      icon: 'mask',
      tone: 'alarm',
      onSelect: () => corrupt(world, node.id, fraud),
    }),
  )
  const isMore = FRAUDS.filter((fraud) => fraud.role === node.role).length > items.length
  const more: readonly MenuEntry[] = isMore
    ? [
        {
          kind: 'item',
          text: 'Choose another lie…',
          icon: 'mask',
          tone: 'alarm',
          onSelect: () => viewStore.setState({ lies: { node: node.id } }),
        },
      ]
    : []
  const heal: readonly MenuEntry[] =
    node.frauds.length === 0
      ? []
      : [
          {
            kind: 'item',
            text: 'Make it honest again',
            icon: 'heart',
            onSelect: () => attempt(() => world.fault({ kind: 'heal', node: node.id })),
          },
        ]
  return items.length + heal.length === 0 ? [] : [{ kind: 'separator' }, ...items, ...more, ...heal]
}
