import { useState } from 'react'
import { useParams } from 'react-router'
import type { DisputeView } from '../../../workers/protocol/projection.ts'
import { useWorld } from '../../store/world.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatSpan, plural } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { ClaimDetails } from './claim-details.tsx'
import { ClaimTable } from './claim-table.tsx'
import { DecisiveStep } from './decisive-step.tsx'
import styles from './dispute.module.css'
import { Parties } from './parties.tsx'

/** One dispute, from the false claim to the one step that decides it. */
export function DisputePage() {
  const { game } = useParams()
  const dispute = useWorld(({ disputes }) => disputes.find((entry) => entry.game === game))
  if (dispute === undefined) {
    return (
      <Empty title="No such dispute">
        It is over since long, or nobody has moved yet: an undisputed root just waits out its
        window.
      </Empty>
    )
  }
  return <Dispute dispute={dispute} />
}

function Dispute({ dispute }: { readonly dispute: DisputeView }) {
  const newest = dispute.claims.at(-1)?.index ?? 0
  const [chosen, setChosen] = useState<number | null>(null)
  const selected = chosen ?? newest
  return (
    <article className={styles.page}>
      <header className={styles.head}>
        <h2>Dispute over the state root of batch {String(dispute.entryIndex)}</h2>
        <p>
          {statusWords(dispute)} · game <Hash value={dispute.game} />
        </p>
      </header>
      <Parties dispute={dispute} />
      {dispute.steps.length > 0 && <DecisiveStep dispute={dispute} />}
      <div className={styles.columns}>
        <ClaimTable
          dispute={dispute}
          selected={selected}
          following={chosen === null}
          onSelect={setChosen}
        />
        <ClaimDetails dispute={dispute} index={selected} />
      </div>
    </article>
  )
}

function statusWords(dispute: DisputeView): string {
  const moves = plural(dispute.claims.length - 1, 'move')
  if (dispute.status === 'running') {
    const stepped = dispute.steps.length > 0
    return stepped
      ? `${moves}, and L1 has executed the one step; the clocks run out before it pays`
      : `${moves} so far`
  }
  const took = formatSpan((dispute.resolvedMs ?? dispute.openedMs) - dispute.openedMs)
  return dispute.status === 'challengerWins'
    ? `The challenger won after ${moves} and ${took}: the root is removed and its bond forfeited`
    : `The root was defended after ${moves} and ${took}: the challenger lost its bonds`
}
