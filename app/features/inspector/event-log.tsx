import { memo } from 'react'
import { useNavigate } from 'react-router'
import type { LogEntry } from '../../../workers/protocol/projection.ts'
import { useWorld } from '../../store/world.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatClock } from '../../ui/format.ts'
import styles from './inspector.module.css'

/** What happened, newest first. */
export function EventLog() {
  const log = useWorld((world) => world.log)
  if (log.length === 0) {
    return (
      <Empty title="Nothing notable yet">
        Batches, roots, faults and moves of disputes are listed here as they happen.
      </Empty>
    )
  }
  return (
    <ol className={styles.log} reversed>
      {log.toReversed().map((entry) => (
        <Line key={entry.id} entry={entry} />
      ))}
    </ol>
  )
}

const Line = memo(function Line({ entry }: { readonly entry: LogEntry }) {
  const navigate = useNavigate()
  const { link } = entry
  const text = (
    <>
      <time className={styles.when}>{formatClock(entry.timeMs).slice(3)}</time>
      <span>{entry.text}</span>
    </>
  )
  return (
    <li data-tone={entry.tone} className={styles.line}>
      {link === null ? (
        <div>{text}</div>
      ) : (
        <button type="button" onClick={() => void navigate(link)}>
          {text}
        </button>
      )}
    </li>
  )
})
