import { Link } from 'react-router'
import type { CampaignView, PersonaDetails } from '../../../workers/protocol/persona.ts'
import { Button } from '../../ui/button.tsx'
import { Table } from '../ledger/sheet.tsx'
import { Card, Mark } from '../persona/parts.tsx'
import persona from '../persona/persona.module.css'
import { useCommand, useEngine } from '../persona/use-engine.ts'
import { formatDemo } from '../persona/words.ts'

const shown = 5

/** The first people of the campaign and what they can take by proof against the last final root. */
export function ClaimsCard({ campaign }: { readonly campaign: CampaignView }) {
  const { result } = useEngine(`claims/${campaign.id}/${campaign.paidWei}`, async (engine) => {
    const found = await Promise.all(
      Array.from({ length: shown }, (_, index) => engine.persona(index + 1, campaign.id)),
    )
    return found.filter((one) => one !== null)
  })
  return (
    <Card
      title="Claims"
      about="A claim proves one row against the final root. Somebody else pays the gas."
      aside={<Mark source="measured" />}
    >
      <Table label="Claims" columns={['Person', 'Received', 'Can take', '']}>
        {(result ?? []).map((one) => (
          <Claim key={one.passport} persona={one} campaign={campaign.id} />
        ))}
      </Table>
    </Card>
  )
}

interface ClaimProps {
  readonly persona: PersonaDetails
  readonly campaign: string
}

function Claim({ persona: { passport, name, claimedWei, claimableWei }, campaign }: ClaimProps) {
  const { isBusy, run } = useCommand()
  return (
    <tr>
      <td>
        <Link className={persona.link} to={`/personas/${passport}`}>
          {name}
        </Link>
      </td>
      <td>{formatDemo(claimedWei)}</td>
      <td>{formatDemo(claimableWei)}</td>
      <td>
        <Button
          look="outline"
          disabled={isBusy || claimableWei === 0n}
          aria-label={`Take the reward of ${name}`}
          onClick={() => run({ kind: 'claim', campaign, passport })}
        >
          Take it, no gas
        </Button>
      </td>
    </tr>
  )
}
