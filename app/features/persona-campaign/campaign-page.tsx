import { Link, useNavigate } from 'react-router'
import { LITEPAPER_DRAFT } from '../../../workers/protocol/litepaperDraft.ts'
import { Button } from '../../ui/button.tsx'
import { useCommand } from '../persona/use-engine.ts'
import { BrandCard } from './brand-card.tsx'
import styles from './campaign.module.css'
import { ConditionsCard } from './conditions-card.tsx'
import { setDraft } from './draft.ts'
import { PreviewCard } from './preview-card.tsx'
import { RewardCard } from './reward-card.tsx'
import { usePreview } from './use-preview.ts'

/** Where a product team says whom it looks for and what it pays, and sees at once what that means for three people. */
export function CampaignPage() {
  const { draft, named, preview } = usePreview()
  const { isBusy, run } = useCommand()
  const navigate = useNavigate()
  const problems = preview?.problems ?? []
  const create = () =>
    run({ kind: 'createCampaign', draft: named }, () => void navigate('/personas/actions'))
  return (
    <div className={styles.builder}>
      <div className={styles.form}>
        <BrandCard problems={problems} />
        <ConditionsCard conditions={draft.conditions} problems={problems} />
        <RewardCard draft={draft} problems={problems} />
      </div>
      <div className={styles.side}>
        <PreviewCard preview={preview}>
          <Link className={styles.eyes} to="/personas/preview">
            See what Alice sees: tasks, no score
          </Link>
        </PreviewCard>
        <div className={styles.actions}>
          <Button look="outline" onClick={() => setDraft(LITEPAPER_DRAFT)}>
            Take the litepaper's numbers
          </Button>
          <Button
            look="solid"
            disabled={isBusy || preview === undefined || problems.length > 0}
            onClick={create}
          >
            {isBusy ? 'Waiting for the block…' : 'Create and fund it on L2'}
          </Button>
        </div>
        <p className={styles.note}>
          {problems.length > 0
            ? 'Put right what is marked first.'
            : `Three transactions: create, approve, fund. The chain learns the name “${named.name}”.`}
        </p>
      </div>
    </div>
  )
}
