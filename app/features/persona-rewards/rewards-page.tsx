import { useState } from 'react'
import { Link } from 'react-router'
import type { CampaignView } from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatCount } from '../../ui/format.ts'
import { campaignTitle, useBrand } from '../persona/brand.ts'
import { Card, Mark, Segments } from '../persona/parts.tsx'
import persona from '../persona/persona.module.css'
import { formatDemo } from '../persona/words.ts'
import { ClaimsCard } from './claims-card.tsx'
import { EpochClock } from './epoch-clock.tsx'
import { dueEpoch, mostUrgent } from './epochs.ts'
import { PayoutsCard } from './payouts-card.tsx'
import styles from './rewards.module.css'
import { RootCard } from './root-card.tsx'
import { TermsCard } from './terms-card.tsx'

/** An epoch from its last second to the money: who gets what, the root, its window, the claims. */
export function RewardsPage() {
  const campaign = usePersonas(({ campaigns }) => campaigns.at(-1))
  if (campaign === undefined) {
    return (
      <Card title="Rewards">
        <Empty title="Nothing to pay yet">
          Rewards belong to a campaign and are paid epoch by epoch.{' '}
          <Link className={persona.link} to="/personas/campaign">
            Make a campaign
          </Link>{' '}
          first.
        </Empty>
      </Card>
    )
  }
  return <Rewards campaign={campaign} />
}

function Rewards({ campaign }: { readonly campaign: CampaignView }) {
  const epochs = usePersonas((all) => all.epochs).filter((epoch) => epoch.campaign === campaign.id)
  const numbers = [...new Set(epochs.map(({ epoch }) => epoch))]
  const [chosen, setChosen] = useState<number | null>(null)
  const roots = epochs.filter(({ epoch }) => epoch === (chosen ?? mostUrgent(epochs)))
  const shown = roots.at(-1)
  return (
    <>
      <Money campaign={campaign} />
      {numbers.length > 1 && shown !== undefined && (
        <div className={persona.line}>
          <Segments<string>
            label="Epoch"
            value={String(shown.epoch)}
            options={numbers.slice(-8).map((epoch) => [String(epoch), `Epoch ${epoch}`] as const)}
            onChange={(epoch) => setChosen(Number(epoch))}
          />
        </div>
      )}
      {shown === undefined ? (
        <TermsCard campaign={campaign} />
      ) : (
        <>
          <EpochClock epoch={shown} />
          <div className={styles.columns}>
            <PayoutsCard epoch={shown} />
            <RootCard campaign={campaign} roots={roots} due={dueEpoch(epochs)} />
          </div>
          <ClaimsCard campaign={campaign} />
        </>
      )}
    </>
  )
}

function Money({ campaign }: { readonly campaign: CampaignView }) {
  const { draft, fundedWei, paidWei, epoch } = campaign
  const title = campaignTitle(useBrand(), draft.name)
  return (
    <div className={persona.line}>
      <h3>{title}</h3>
      <span className={persona.quiet}>
        <strong>{formatDemo(paidWei)}</strong> of {formatDemo(fundedWei)} paid; at most{' '}
        {formatDemo(draft.epochBudget)} per epoch of {draft.epochSeconds} s;{' '}
        {epoch < 0 ? 'the first epoch begins soon' : `epoch ${formatCount(epoch)} runs`}
      </span>
      <Mark source="measured" />
    </div>
  )
}
