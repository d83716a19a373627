import type { DisputeTrace, ItemSteps } from '../../../workers/protocol/queries.ts'
import { type Bar, barsOf } from './bars.ts'
import styles from './microscope.module.css'
import type { Interval } from './trace.ts'

const titles = ['Batches', 'Blocks', 'Transactions', 'Steps', 'Opcodes'] as const

const disputedTitles = {
  open: 'in dispute',
  false: 'the false step',
  right: 'the step that L1 confirmed',
} as const

interface MicroscopeProps {
  readonly trace: DisputeTrace
  readonly interval: Interval
  readonly steps: ItemSteps | null
  /** What L1 found when it executed the one step that is left. */
  readonly verdict: 'open' | 'false' | 'right'
}

/** The picture of the game: every bar is the disputed part of the one above, drawn to its full width. */
export function Microscope({ trace, interval, steps, verdict }: MicroscopeProps) {
  const bars = barsOf({ items: trace.items, interval, steps })
  return (
    <figure className={styles.microscope} data-verdict={verdict} aria-hidden="true">
      {titles.map((title, row) => {
        const bar = bars[row]
        const isNext = row < bars.length - 1
        return (
          <div key={title} className={styles.level}>
            <span className={styles.title} data-reached={bar !== undefined}>
              {bar?.answer || title}
            </span>
            {bar === undefined ? (
              <span className={styles.blank} />
            ) : (
              <BarView bar={bar} isLast={!isNext} />
            )}
            {bar !== undefined && isNext && (
              <svg
                className={styles.zoom}
                viewBox="0 0 100 10"
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                <path d={`M${bar.from},0H${bar.to}L100,10H0Z`} />
              </svg>
            )}
          </div>
        )
      })}
      <figcaption className={styles.legend}>
        <span data-key="agreed">agreed by both</span>
        <span data-key="disputed">{disputedTitles[verdict]}</span>
        <span data-key="after">follows from it</span>
        {verdict === 'open' && <span data-key="asked">the newest claim</span>}
      </figcaption>
    </figure>
  )
}

function BarView({ bar, isLast }: { readonly bar: Bar; readonly isLast: boolean }) {
  const { cells, from, to, asked } = bar
  return (
    <div className={styles.bar} data-last={isLast}>
      <span className={styles.agreed} style={{ left: 0, width: `${from}%` }} />
      {bar.hasTail && <span className={styles.tail} />}
      {cells.map(({ key, label, left, width }) => (
        <span key={key} className={styles.cell} style={{ left: `${left}%`, width: `${width}%` }}>
          <span>{label}</span>
        </span>
      ))}
      <span
        className={styles.disputed}
        style={{ left: `${from}%`, width: `max(${to - from}%, 0.3rem)` }}
      />
      {asked !== null && <span className={styles.asked} style={{ left: `${asked}%` }} />}
    </div>
  )
}
