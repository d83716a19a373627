import type { HeadName } from '../../../workers/protocol/reports.ts'
import { useWorld } from '../../store/world.ts'
import { GLOSSARY } from '../../ui/glossary.ts'
import { Term } from '../../ui/tip.tsx'
import styles from './ledger.module.css'

const stations: readonly { readonly head: HeadName; readonly means: string }[] = [
  { head: 'unsafe', means: 'ordered by the committee' },
  { head: 'safe', means: 'published on L1' },
  { head: 'settled', means: 'its data was there for all' },
  { head: 'finalized', means: 'its root survived' },
]

/** The life of a transaction as a line from order to finality. */
export function Life({ number }: { readonly number: bigint | null }) {
  const heads = useWorld(({ l2 }) => l2.heads)
  return (
    <ol className={styles.life}>
      {stations.map(({ head, means }) => {
        const reached = number !== null && heads[head].number >= number
        return (
          <li
            key={head}
            data-reached={reached}
            style={
              {
                '--tone': head === 'unsafe' ? 'var(--head-unsafe-edge)' : `var(--head-${head})`,
              } as React.CSSProperties
            }
          >
            <strong>
              <Term name={head}>{GLOSSARY[head][0]}</Term>
            </strong>
            <span>{reached ? means : 'not yet'}</span>
          </li>
        )
      })}
    </ol>
  )
}
