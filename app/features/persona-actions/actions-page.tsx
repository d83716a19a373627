import { Link } from 'react-router'
import { usePersonas } from '../../store/persona.ts'
import { Empty } from '../../ui/fields.tsx'
import { Card } from '../persona/parts.tsx'
import styles from './actions.module.css'
import { BatchTable } from './batch-table.tsx'
import { LoadCard } from './load-card.tsx'
import { Playground } from './playground.tsx'

/** What people do: a load of hundreds of actions a second with what they cost, and three to do by hand. */
export function ActionsPage() {
  const hasCampaign = usePersonas(({ campaigns }) => campaigns.length > 0)
  if (!hasCampaign) {
    return (
      <Card title="Actions">
        <Empty title="Nobody acts without a campaign">
          Actions belong to a campaign and are signed with a key that was opened for it.{' '}
          <Link className={styles.link} to="/personas/campaign">
            Make a campaign
          </Link>{' '}
          first.
        </Empty>
      </Card>
    )
  }
  return (
    <>
      <LoadCard />
      <BatchTable />
      <Playground />
    </>
  )
}
