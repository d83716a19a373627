import {
  ARCHETYPES,
  type EpochView,
  type PayoutSummary,
} from '../../../workers/protocol/persona.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatCount } from '../../ui/format.ts'
import { Card, Mark } from '../persona/parts.tsx'
import { archetypeTitles, formatDemo, formatShare } from '../persona/words.ts'
import styles from './rewards.module.css'

/** The same epoch paid twice: as the formula says, and as if everyone were trusted alike. */
export function PayoutsCard({ epoch }: { readonly epoch: EpochView }) {
  const { withTrust, withoutTrust } = epoch.payouts
  if (epoch.status === 'open') {
    return (
      <Card title="Who gets what">
        <Empty title="The epoch still runs">Shares follow from its last second.</Empty>
      </Card>
    )
  }
  return (
    <Card
      title="Who gets what"
      about="Computed from the chain's records; which accounts are Sybils, only the demonstration knows."
      aside={<Mark source="simulated" />}
    >
      <div className={styles.versus}>
        <Payout title="With trust" summary={withTrust} />
        <Payout title="Without trust" summary={withoutTrust} />
      </div>
      <table className={styles.archetypes} aria-label="Payouts by archetype">
        <thead>
          <tr>
            <th scope="col">Archetype, Sybils among them</th>
            <th scope="col">With trust</th>
            <th scope="col">Without</th>
          </tr>
        </thead>
        <tbody>
          {ARCHETYPES.map((name) => (
            <tr key={name}>
              <th scope="row">{archetypeTitles[name]}</th>
              <td>{formatDemo(withTrust.byArchetype[name], 0)}</td>
              <td>{formatDemo(withoutTrust.byArchetype[name], 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

function Payout({ title, summary }: { readonly title: string; readonly summary: PayoutSummary }) {
  const { total, paidPersonas, sybilShare } = summary
  return (
    <figure className={styles.payout}>
      <figcaption>{title}</figcaption>
      <strong>{formatShare(sybilShare)}</strong>
      <span>to Sybils</span>
      <span
        className={styles.split}
        role="img"
        aria-label={`${formatShare(sybilShare)} of the payout goes to Sybils`}
      >
        <span style={{ width: `${(1 - sybilShare) * 100}%` }} />
        <span data-sybil="true" style={{ width: `${sybilShare * 100}%` }} />
      </span>
      <small>
        {formatDemo(total, 0)} to {formatCount(paidPersonas)} people
      </small>
    </figure>
  )
}
