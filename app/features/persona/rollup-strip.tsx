import { Link } from 'react-router'
import { useWorld } from '../../store/world.ts'
import { formatBytes, formatCount } from '../../ui/format.ts'
import { Term } from '../../ui/tip.tsx'
import { HeadMark, headNames } from '../l2/heads.tsx'
import styles from './strip.module.css'

/** The rollup below, in one line: what carries all of the above. */
export function RollupStrip() {
  return (
    <section className={styles.strip} aria-label="The rollup below">
      <Link to="/" className={styles.stripTitle}>
        Rollup
      </Link>
      <L1 />
      {headNames.map((head) => (
        <Head key={head} head={head} />
      ))}
      <LastBatch />
      <LastRoot />
    </section>
  )
}

function L1() {
  const number = useWorld(({ l1 }) => l1.blocks.findLast(({ orphaned }) => !orphaned)?.number ?? 0n)
  return (
    <span>
      <Term name="l1">L1 block</Term> <strong>{formatCount(number)}</strong>
    </span>
  )
}

function Head({ head }: { readonly head: (typeof headNames)[number] }) {
  const number = useWorld(({ l2 }) => l2.heads[head].number)
  return (
    <span>
      <HeadMark head={head} />
      <Term name={head} /> <strong>{number > 0n ? formatCount(number) : '–'}</strong>
    </span>
  )
}

function LastBatch() {
  const batch = useWorld(({ batches }) => batches.findLast(({ l1Number }) => l1Number !== null))
  if (batch === undefined) return null
  return (
    <span>
      <Term name="batch">Batch</Term>{' '}
      <Link to={`/batches/${batch.index}`}>
        <strong>{formatCount(batch.index)}</strong>
      </Link>{' '}
      {formatBytes(batch.payloadBytes)}
    </span>
  )
}

function LastRoot() {
  const disputed = useWorld(({ roots }) => roots.find(({ status }) => status === 'disputed')?.game)
  if (disputed === undefined) return <span className={styles.stripCalm}>No root is disputed</span>
  return (
    <Link to={`/disputes/${disputed}`} className={styles.stripAlarm}>
      A root is disputed
    </Link>
  )
}
