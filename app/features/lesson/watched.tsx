import type { ReactNode } from 'react'
import type { DisputeView, FraudView } from '../../../workers/protocol/projection.ts'
import { useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Term } from '../../ui/tip.tsx'
import { Theatre } from '../dispute/theatre.tsx'
import { CaseCard } from '../guide/case-card.tsx'
import { Stage } from '../stage/stage.tsx'
import styles from './lesson.module.css'

export interface Watched {
  /** The lie of the lesson, once it is armed. */
  readonly fraud: FraudView | undefined
  readonly dispute: DisputeView | undefined
  readonly isOver: boolean
}

export function useWatched(): Watched {
  const fraud = useWorld(({ frauds }) => frauds.at(-1))
  const dispute = useWorld(({ disputes }) => disputes.findLast(({ game }) => game === fraud?.game))
  return { fraud, dispute, isOver: dispute !== undefined && dispute.status !== 'running' }
}

interface InjectProps {
  readonly watched: Watched
  readonly onCheat: () => void
}

export function InjectFrame({ watched, onCheat }: InjectProps) {
  const isArmed = watched.fraud !== undefined
  return (
    <>
      <div className={styles.text}>
        <p>
          This rollup is alive: users send tokens, the <Term name="committee">committee</Term>{' '}
          orders their transactions, and the executor stakes a bond on every new{' '}
          <Term name="root">state root</Term>.
        </p>
        <p>
          <Button look="alarm" disabled={isArmed} onClick={onCheat}>
            <Icon name="mask" size={16} /> Make the executor write a wrong balance
          </Button>
        </p>
        {isArmed && (
          <p role="status">
            Done. With its next state root it claims that somebody received 1,000 tokens more than
            were sent.
          </p>
        )}
      </div>
      <Stage />
    </>
  )
}

interface WatchProps {
  readonly watched: Watched
  readonly children?: ReactNode
}

/** The story so far, and the dispute as soon as there is one. */
export function WatchFrame({ watched, children }: WatchProps) {
  const { dispute } = watched
  return (
    <>
      {children ?? (
        <div className={styles.text}>
          <p>
            The challenger computes every root again from L1 and the data nodes. When it finds
            another one, the two sides take turns: each move halves the part of the computation that
            they disagree on. You can step back and forth meanwhile.
          </p>
          {dispute === undefined && <CaseCard />}
        </div>
      )}
      {dispute === undefined ? <Stage /> : <Theatre key={dispute.game} dispute={dispute} />}
    </>
  )
}
