import { Link } from 'react-router'
import type { RootView } from '../../../workers/protocol/projection.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { formatEther, formatSpan, shortHash } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Stage } from '../stage/stage.tsx'
import styles from './lesson.module.css'
import { unwatchedSpeed, watcher } from './lesson-world.ts'

export interface Unwatched {
  readonly stage: 'before' | 'waiting' | 'open' | 'closed' | 'final'
  /** The false root, once it stands on L1. */
  readonly root: RootView | undefined
}

/** How far the lie that nobody sees has come. Before the challenger is stopped, nothing of it is shown. */
export function useUnwatched(): Unwatched {
  const isStopped = useWorld(({ nodes }) => nodes[watcher]?.state === 'crashed')
  const root = useWorld(({ roots }) => roots.find(({ honest }) => !honest))
  const isDisputed = useWorld(({ disputes }) => disputes.some(({ game }) => game === root?.game))
  if (!isStopped || isDisputed) return { stage: 'before', root: undefined }
  if (root === undefined) return { stage: 'waiting', root }
  if (root.status === 'finalized') return { stage: 'final', root }
  return { stage: root.status === 'defended' ? 'closed' : 'open', root }
}

interface UnwatchedProps {
  readonly unwatched: Unwatched
  readonly onCheat: () => void
}

export function UnwatchedFrame({ unwatched, onCheat }: UnwatchedProps) {
  const { stage, root } = unwatched
  return (
    <>
      <div className={styles.text}>
        <p>
          The same world, the same lie, but the only challenger is switched off first. Nothing else
          is different.
        </p>
        {stage === 'before' ? (
          <p>
            <Button look="alarm" onClick={onCheat}>
              <Icon name="power" size={16} /> Stop the challenger, and cheat again
            </Button>
          </p>
        ) : (
          <>
            <p className={styles.quiet}>
              Time runs {unwatchedSpeed} times as fast here, for all there is to do is wait.
            </p>
            <div className={styles.fate} data-final={stage === 'final'} role="status">
              <Fate stage={stage} root={root} />
            </div>
          </>
        )}
      </div>
      {stage !== 'before' && <Stage />}
    </>
  )
}

function Fate({ stage, root }: Unwatched) {
  if (root === undefined) {
    return <p className={styles.lead}>The executor waits for its next state root…</p>
  }
  switch (stage) {
    case 'final':
      return (
        <>
          <p className={styles.lead}>▲ The theft is final.</p>
          <p>
            L1 counts the false root <Hash value={root.claim} /> of batch {String(root.entryIndex)}{' '}
            as true: withdrawals are now paid by a state with 1,000 tokens that nobody sent, and the
            bond of {formatEther(root.bondWei, 3)} goes back to the liar.{' '}
            <Link className={styles.link} to={`/tx/${root.transactionHash}`}>
              See it on L1: {shortHash(root.transactionHash)}
            </Link>
          </p>
        </>
      )
    case 'closed':
      return (
        <p className={styles.lead}>
          The window has closed and nobody objected. A short air gap, then it is final.
        </p>
      )
    default:
      return <Countdown root={root} />
  }
}

function Countdown({ root }: { readonly root: RootView }) {
  const timeMs = useTimeMs(1_000)
  return (
    <p className={styles.lead}>
      A false root stands on L1. Anybody may object for{' '}
      {formatSpan(Math.max(0, root.deadlineMs - timeMs))} more. Nobody is there to.
    </p>
  )
}
