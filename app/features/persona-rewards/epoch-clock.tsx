import type { EpochView } from '../../../workers/protocol/persona.ts'
import { useTimeMs } from '../../store/world.ts'
import { formatSpan } from '../../ui/format.ts'
import { Bar } from '../persona/parts.tsx'
import styles from './rewards.module.css'

interface Stage {
  readonly title: string
  readonly state: 'done' | 'now' | 'ahead'
  readonly note: string
  /** How much of its time is over. */
  readonly share?: number
}

/** Where an epoch stands between its first action and the first claim. */
export function EpochClock({ epoch }: { readonly epoch: EpochView }) {
  const nowMs = useTimeMs(1_000)
  const stages = [
    acting(epoch, nowMs),
    publishing(epoch),
    challenging(epoch, nowMs),
    claiming(epoch),
  ]
  return (
    <ol className={styles.clock} aria-label={`Epoch ${epoch.epoch}`}>
      {stages.map(({ title, state, note, share }) => (
        <li key={title} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
          <strong>{title}</strong>
          <span>{note}</span>
          {share !== undefined && <Bar share={share} />}
        </li>
      ))}
    </ol>
  )
}

function acting({ status, startMs, endMs }: EpochView, nowMs: number): Stage {
  const title = 'People act'
  if (status !== 'open') return { title, state: 'done', note: 'over' }
  const share = (nowMs - startMs) / (endMs - startMs)
  return { title, state: 'now', note: `ends in ${formatSpan(endMs - nowMs)}`, share }
}

function publishing({ status }: EpochView): Stage {
  const title = 'A root is published'
  switch (status) {
    case 'open':
      return { title, state: 'ahead', note: '' }
    case 'closed':
      return { title, state: 'now', note: 'somebody stakes a bond on it' }
    case 'removed':
      return { title, state: 'now', note: 'the last one fell' }
    case 'pending':
    case 'final':
      return { title, state: 'done', note: 'with a bond' }
  }
}

function challenging({ status, publishedMs, finalMs }: EpochView, nowMs: number): Stage {
  const title = 'Anyone may challenge it'
  if (status === 'final') return { title, state: 'done', note: 'the window is closed' }
  if (status !== 'pending' || publishedMs === null || finalMs === null)
    return { title, state: 'ahead', note: '' }
  const leftMs = finalMs - nowMs
  const note = leftMs > 0 ? `${formatSpan(leftMs)} left` : 'the window closes'
  return { title, state: 'now', note, share: (nowMs - publishedMs) / (finalMs - publishedMs) }
}

function claiming({ status }: EpochView): Stage {
  const title = 'Rewards can be claimed'
  return status === 'final'
    ? { title, state: 'now', note: 'by proof against the root' }
    : { title, state: 'ahead', note: '' }
}
