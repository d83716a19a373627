import { Link } from 'react-router'
import type { DisputeView } from '../../../workers/protocol/projection.ts'
import { Fields } from '../../ui/fields.tsx'
import { formatClock, formatEther, formatGas, shortHash } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import styles from './dispute.module.css'
import { partyName } from './party-name.ts'
import { isBy } from './scene.ts'

/** One claim opened: what it says, who stands behind it with how much, and the L1 transaction that carried it. */
export function ClaimDetails({
  dispute,
  index,
}: {
  readonly dispute: DisputeView
  readonly index: number
}) {
  const claim = dispute.claims.find((entry) => entry.index === index)
  if (claim === undefined) return null
  const party = dispute.parties.find((entry) => isBy(claim, entry))
  const name = party === undefined ? shortHash(claim.claimant) : partyName(party)
  const payout = dispute.payouts.find((entry) => entry.claimIndex === index)
  return (
    <section className={styles.details} aria-label="Selected move">
      <h3>{claim.index === 0 ? 'The root claim' : `Move ${claim.index}`}</h3>
      <p className={styles.quiet}>
        {claim.parentIndex < 0
          ? `${name} stakes its bond on the state after the whole batch.`
          : claim.attack
            ? `${name} disagrees with claim ${claim.parentIndex}: the error lies before it.`
            : `${name} agrees with claim ${claim.parentIndex}: the error lies after it.`}
      </p>
      <Fields
        fields={[
          { label: 'Claimed state', term: 'machineState', value: <Hash value={claim.claim} /> },
          { label: 'Depth', term: 'position', value: claim.depth },
          {
            label: 'Position',
            term: 'position',
            value: <Hash value={`0x${claim.position.toString(16)}`} />,
          },
          {
            label: 'Claimant',
            value: <Link to={`/accounts/${claim.claimant}`}>{shortHash(claim.claimant)}</Link>,
          },
          { label: 'Bond', term: 'bond', value: formatEther(claim.bondWei) },
          { label: 'Clock used', term: 'chessClock', value: `${Math.round(claim.clockSeconds)} s` },
          { label: 'At', value: formatClock(claim.timeMs) },
          {
            label: 'L1 transaction',
            value: (
              <Link to={`/tx/${claim.transactionHash}`}>{shortHash(claim.transactionHash)}</Link>
            ),
          },
          ...(claim.gasUsed > 0n
            ? [{ label: 'Gas', term: 'gas' as const, value: formatGas(claim.gasUsed) }]
            : []),
          {
            label: 'Outcome',
            value: claim.countered
              ? 'refuted'
              : dispute.status === 'running'
                ? 'stands so far'
                : 'stood',
          },
          ...(payout === undefined
            ? []
            : [{ label: 'Bond went to', value: <Hash value={payout.winner} /> }]),
        ]}
      />
    </section>
  )
}
