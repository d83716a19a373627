import { Link } from 'react-router'
import type { Provenance } from '../../../workers/protocol/persona.ts'
import { useWorld } from '../../store/world.ts'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Term } from '../../ui/tip.tsx'
import { HeadMark, headNames } from '../l2/heads.tsx'
import styles from './passport.module.css'

/** From the log over its block to the head that has reached it: anyone can follow. */
export function SignalProvenance({ provenance }: { readonly provenance: Provenance }) {
  const { event, logIndex, transactionHash, blockNumber } = provenance
  const head = useWorld(
    ({ l2 }) => headNames.findLast((name) => l2.heads[name].number >= blockNumber) ?? 'unsafe',
  )
  return (
    <span className={styles.provenance}>
      <Link to={`/tx/${transactionHash}`}>
        {event} · log {logIndex}
      </Link>
      <Icon name="right" size={12} />
      <Link to={`/blocks/${blockNumber}`}>block {formatCount(blockNumber)}</Link>
      <Icon name="right" size={12} />
      <HeadMark head={head} />
      <Term name={head} />
    </span>
  )
}
