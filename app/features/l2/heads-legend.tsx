import type { HeadName } from '../../../workers/protocol/reports.ts'
import { select } from '../../store/view.ts'
import { useWorld } from '../../store/world.ts'
import { formatCount } from '../../ui/format.ts'
import { Term } from '../../ui/tip.tsx'
import { headFill, headNames } from './heads.tsx'
import styles from './l2.module.css'

/** The four heads: legend, figures and how far each is behind the newest block. */
export function HeadsLegend() {
  return (
    <ul className={styles.legend}>
      {headNames.map((head) => (
        <Head key={head} head={head} />
      ))}
    </ul>
  )
}

function Head({ head }: { readonly head: HeadName }) {
  const number = useWorld(({ l2 }) => l2.heads[head].number)
  const behind = useWorld(({ l2 }) => Number(l2.heads.unsafe.number - l2.heads[head].number))
  return (
    <li className={styles.head}>
      <svg width={14} height={14} aria-hidden="true">
        <rect
          className={styles.cell}
          data-head={head}
          x={1}
          y={1}
          width={12}
          height={12}
          rx={2.5}
          fill={headFill(head)}
        />
      </svg>
      <Term name={head} />
      <button
        type="button"
        className={styles.headNumber}
        onClick={() => select({ kind: 'l2-block', number })}
      >
        {number > 0n ? formatCount(number) : '–'}
      </button>
      <span className={styles.behind}>
        {head === 'unsafe' ? 'newest' : number > 0n ? `${formatCount(behind)} behind` : 'not yet'}
      </span>
    </li>
  )
}
