import type { HeadName } from '../../../workers/protocol/reports.ts'
import { useWorld } from '../../store/world.ts'
import { Term } from '../../ui/tip.tsx'
import { headFill } from '../l2/heads.tsx'
import styles from './ledger.module.css'

const order: readonly HeadName[] = ['finalized', 'settled', 'safe']

/** Which head has reached a block, with its swatch and its meaning. */
export function Status({ number }: { readonly number: bigint }) {
  const head = useWorld(
    ({ l2 }): HeadName => order.find((name) => l2.heads[name].number >= number) ?? 'unsafe',
  )
  return (
    <span className={styles.status}>
      <svg width={12} height={12} aria-hidden="true">
        <rect
          width={12}
          height={12}
          rx={2.5}
          fill={headFill(head)}
          stroke="var(--head-unsafe-edge)"
        />
      </svg>
      <Term name={head}>{head}</Term>
    </span>
  )
}
