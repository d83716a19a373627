import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { ClaimView, DisputeView } from '../../../workers/protocol/projection.ts'
import { decisiveStep, stepName } from '../../store/verdict.ts'
import { formatClock, formatEther, shortHash } from '../../ui/format.ts'
import styles from './dispute.module.css'
import { partyName } from './party-name.ts'
import { isBy, type Scene } from './scene.ts'
import { traceIndexOf } from './trace.ts'
import { agreedWords, askedWords, disputedWords, type Places, plainWords } from './words.ts'

interface HeadlineProps {
  readonly dispute: DisputeView
  readonly scene: Scene
  /** Null as long as no player has said what lies where. */
  readonly places: Places | null
  /** Read aloud: somebody steps by hand. */
  readonly isAnnounced: boolean
}

/** What happens at this moment, what is agreed and what is disputed, in words. */
export function Headline({ dispute, scene, places, isAnnounced }: HeadlineProps) {
  const { interval } = scene
  const { text, transaction } = eventOf(dispute, scene, places)
  return (
    <div className={styles.headline} aria-live={isAnnounced ? 'polite' : 'off'}>
      <p className={styles.happens}>{text}</p>
      {places !== null ? (
        <dl className={styles.narrowed}>
          <div>
            <dt>Agreed</dt>
            <dd>{agreedWords(places, interval)}</dd>
          </div>
          <div>
            <dt>{scene.beat.kind === 'claim' ? 'In dispute' : 'Decided'}</dt>
            <dd>{disputedWords(places, interval)}</dd>
          </div>
        </dl>
      ) : (
        <p className={styles.quiet}>In dispute: {plainWords(interval)}</p>
      )}
      {transaction !== null && (
        <p className={styles.when}>
          {formatClock(scene.timeMs)} ·{' '}
          <Link className={styles.txLink} to={`/tx/${transaction}`}>
            L1 transaction {shortHash(transaction)}
          </Link>
        </p>
      )}
    </div>
  )
}

interface Happening {
  readonly text: ReactNode
  readonly transaction: string | null
}

function eventOf(dispute: DisputeView, scene: Scene, places: Places | null): Happening {
  const { beat } = scene
  switch (beat.kind) {
    case 'claim':
      return {
        text: moveWords(dispute, beat.claim, places),
        transaction: beat.claim.transactionHash,
      }
    case 'step': {
      const { succeeded, transactionHash: transaction } = beat.step
      const who = nameOf(
        dispute,
        dispute.claims.find(({ index }) => index === beat.step.claimIndex),
      )
      const text = succeeded
        ? `L1 executes ${stepName(beat.step)} itself. What comes out is not what ${who} claimed.`
        : `L1 executes ${stepName(beat.step)} itself. What comes out is what ${who} claimed.`
      return { text, transaction }
    }
    case 'verdict':
      return { text: verdictWords(dispute), transaction: dispute.resolvedBy }
  }
}

function moveWords(dispute: DisputeView, claim: ClaimView, places: Places | null): string {
  const who = nameOf(dispute, claim)
  if (claim.parentIndex < 0) {
    return `${who} stakes ${formatEther(claim.bondWei, 3)} on the state after batch ${dispute.entryIndex}.`
  }
  const parent = dispute.claims.find(({ index }) => index === claim.parentIndex)
  const other = nameOf(dispute, parent)
  const answer = claim.attack
    ? `${who} disagrees with ${other}: the error is earlier.`
    : `${who} agrees with ${other} so far: the error is later.`
  if (places === null) return answer
  return `${answer} Its new claim: the state ${askedWords(places, traceIndexOf(claim))}.`
}

function verdictWords(dispute: DisputeView): string {
  const step = decisiveStep(dispute)
  const by = step === undefined ? 'no answer in time' : `one ${stepName(step)}`
  return dispute.status === 'challengerWins'
    ? `Decided by ${by}: the root is removed, and the bonds behind it go to who proved it wrong.`
    : `Decided by ${by}: the root stands, and the bonds of the false challenge go to its defender.`
}

/** The node that made a claim, or its address. */
export function nameOf(dispute: DisputeView, claim: ClaimView | undefined): string {
  const party = claim && dispute.parties.find((one) => isBy(claim, one))
  if (party !== undefined) return partyName(party)
  return claim === undefined ? 'the other side' : shortHash(claim.claimant)
}
