import { useEffect, useState } from 'react'
import type { RoleName } from '../../../workers/protocol/nodes.ts'
import type { NodeView } from '../../../workers/protocol/projection.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { type Field, Fields } from '../../ui/fields.tsx'
import { formatClock, formatCount, formatEther, nodeTitle } from '../../ui/format.ts'
import { GLOSSARY, type TermName } from '../../ui/glossary.ts'
import { Hash } from '../../ui/hash.tsx'
import { Icon } from '../../ui/icon.tsx'
import { actorActions } from '../actors/actor-menu.ts'
import { useSession } from '../shell/session-context.ts'
import { Card } from './card.tsx'
import styles from './inspector.module.css'

const terms: Readonly<Record<RoleName, TermName>> = {
  l1: 'l1',
  sequencer: 'committee',
  executor: 'executor',
  da: 'dataNode',
  challenger: 'challenger',
}
const states = { running: 'running', slow: 'running slowly', crashed: 'crashed' } as const

/** A node opened: how it is, what it knows, what it just did, and what can be done to it. */
export function NodeCard({ id }: { readonly id: string }) {
  const node = useWorld(({ nodes }) => nodes[id])
  const counts = useWorld(({ traffic }) => traffic.counts[id])
  const slashedWei = useWorld(
    ({ committee }) => committee.members.find((member) => member.node === id)?.slashedWei ?? 0n,
  )
  const knowledge = useKnowledge(id, node?.state === 'crashed')
  if (node === undefined) return null
  const fields: readonly Field[] = [
    {
      label: 'State',
      value:
        node.frauds.length > 0 ? (
          <strong className={styles.dishonest}>dishonest: {node.frauds.join(', ')}</strong>
        ) : (
          states[node.state]
        ),
    },
    ...(slashedWei > 0n
      ? [
          {
            label: 'Slashed',
            term: 'slashing' as const,
            value: <strong className={styles.dishonest}>{formatEther(slashedWei)}</strong>,
          },
        ]
      : []),
    {
      label: 'Messages',
      value: `${formatCount(counts?.sent ?? 0)} sent, ${formatCount(counts?.received ?? 0)} received`,
    },
  ]
  return (
    <Card
      actor={node.role}
      title={nodeTitle(id)}
      about={GLOSSARY[terms[node.role]][1]}
      fields={fields}
    >
      {node.lastError !== null && <p className={styles.error}>{node.lastError}</p>}
      <Actions node={node} />
      <Recent node={node} />
      {knowledge.length > 0 && (
        <section>
          <h3 className={styles.section}>What it knows</h3>
          <Fields fields={knowledge.map(toField)} />
        </section>
      )}
    </Card>
  )
}

function Actions({ node }: { readonly node: NodeView }) {
  const { world } = useSession()
  return (
    <div className={styles.actions}>
      {actorActions(world, node).map((entry) =>
        entry.kind === 'item' ? (
          <Button
            key={entry.text}
            look={entry.tone === 'alarm' ? 'alarm' : 'outline'}
            onClick={entry.onSelect}
          >
            {entry.icon !== undefined && <Icon name={entry.icon} size={16} />}
            {entry.text}
          </Button>
        ) : null,
      )}
    </div>
  )
}

function Recent({ node }: { readonly node: NodeView }) {
  return (
    <section>
      <h3 className={styles.section}>What it did</h3>
      {node.recent.length === 0 && <p className={styles.about}>Nothing yet.</p>}
      <ol className={styles.recent}>
        {node.recent.map(({ timeMs, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity.
          <li key={index}>
            <time className={styles.when}>{formatClock(timeMs).slice(3)}</time>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What a node says about itself, in the page's own spelling of hashes, amounts and counts. */
function toField({ label, value }: Line): Field {
  const inWei = label.endsWith(' in wei')
  const name = inWei ? label.slice(0, -' in wei'.length) : label
  const title = name.charAt(0).toUpperCase() + name.slice(1)
  if (inWei && /^\d+$/.test(value)) return { label: title, value: formatEther(BigInt(value)) }
  if (/^0x[0-9a-f]{16,}$/i.test(value)) return { label: title, value: <Hash value={value} /> }
  return { label: title, value: /^\d{4,}$/.test(value) ? formatCount(BigInt(value)) : value }
}

interface Line {
  readonly label: string
  readonly value: string
}

/** What the node answers about itself, asked again every virtual second. Nodes that cannot answer show nothing. */
function useKnowledge(id: string, down: boolean): readonly Line[] {
  const { world } = useSession()
  const timeMs = useTimeMs(1_000)
  const [lines, setLines] = useState<readonly Line[]>([])
  useEffect(() => {
    if (down) return setLines([])
    let current = true
    // `timeMs` only paces the question.
    void timeMs
    world.query(id, 'inspect', null).then(
      (result) => current && setLines(result as unknown as readonly Line[]),
      () => current && setLines([]),
    )
    return () => {
      current = false
    }
  }, [world, id, down, timeMs])
  return lines
}
