import type { HeadName } from '../../../workers/protocol/reports.ts'
import type { ChainName } from '../../../workers/protocol/world.ts'
import { sentAtMs } from '../../store/sent.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { formatClock, formatSpan } from '../../ui/format.ts'
import { GLOSSARY } from '../../ui/glossary.ts'
import { Term } from '../../ui/tip.tsx'
import styles from './ledger.module.css'
import { type Times, useTimes } from './life-times.ts'

interface LifeProps {
  readonly chain: ChainName
  readonly hash: string
  /** Its block; null while it has none. */
  readonly number: bigint | null
}

/** The life of a transaction as a line from sending to finality, with the times that are known. */
export function Life(props: LifeProps) {
  return props.chain === 'l2' ? <LifeOnL2 {...props} /> : <LifeOnL1 {...props} />
}

const stations: readonly { readonly head: HeadName; readonly means: string }[] = [
  { head: 'unsafe', means: 'ordered by the committee' },
  { head: 'safe', means: 'published on L1' },
  { head: 'settled', means: 'its data was there for all' },
  { head: 'finalized', means: 'its root survived' },
]

function LifeOnL2({ hash, number }: LifeProps) {
  const heads = useWorld(({ l2 }) => l2.heads)
  const times = useTimes(number)
  return (
    <ol className={styles.life}>
      <Sent hash={hash} />
      {stations.map(({ head, means }) => (
        <Station
          key={head}
          tone={head === 'unsafe' ? 'var(--head-unsafe-edge)' : `var(--head-${head})`}
          title={<Term name={head}>{GLOSSARY[head][0]}</Term>}
          means={means}
          reached={number !== null && heads[head].number >= number}
          {...(times[head] === undefined ? {} : { timeMs: times[head] })}
        />
      ))}
    </ol>
  )
}

function LifeOnL1({ hash, number }: LifeProps) {
  const l1 = useWorld((world) => world.l1)
  const block = l1.blocks.findLast((entry) => entry.number === number && !entry.orphaned)
  return (
    <ol className={styles.life}>
      <Sent hash={hash} />
      <Station
        tone="var(--l1)"
        title="In a block"
        means="a reorg may still undo it"
        reached={number !== null}
        {...(block === undefined ? {} : { timeMs: block.timeMs })}
      />
      <Station
        tone="var(--l1)"
        title="Finalized"
        means="L1 will not undo it"
        reached={number !== null && l1.finalizedNumber >= number}
      />
    </ol>
  )
}

function Sent({ hash }: { readonly hash: string }) {
  const timeMs = sentAtMs(hash)
  return (
    <Station
      tone="var(--ink-3)"
      title="Sent"
      means={timeMs === undefined ? 'by somebody else' : 'from this page'}
      reached
      {...(timeMs === undefined ? {} : { timeMs })}
    />
  )
}

interface StationProps {
  readonly tone: string
  readonly title: React.ReactNode
  readonly means: string
  readonly reached: boolean
  /** When it was or will be reached, as far as anyone can know. */
  readonly timeMs?: Times[HeadName]
}

function Station({ tone, title, means, reached, timeMs }: StationProps) {
  const nowMs = useTimeMs(1_000)
  const isAhead = !reached && timeMs !== undefined && timeMs > nowMs
  return (
    <li data-reached={reached} style={{ '--tone': tone } as React.CSSProperties}>
      <strong>{title}</strong>
      <span>{reached ? means : isAhead ? `in ${formatSpan(timeMs - nowMs)}` : 'not yet'}</span>
      {reached && timeMs !== undefined && <time>{formatClock(timeMs)}</time>}
    </li>
  )
}
