import { Link } from 'react-router'
import { ACTION_KINDS, type CampaignView } from '../../../workers/protocol/persona.ts'
import { formatCount, formatSpan } from '../../ui/format.ts'
import { Table } from '../ledger/sheet.tsx'
import { Card, Figure, Figures, Mark } from '../persona/parts.tsx'
import persona from '../persona/persona.module.css'
import {
  actionTitles,
  formatDemo,
  formatScore,
  formulaWords,
  signalTitle,
  valuationWords,
} from '../persona/words.ts'

/** A campaign in which nobody has acted yet: the money that is locked, and the terms as its contract keeps them. */
export function TermsCard({ campaign }: { readonly campaign: CampaignView }) {
  const { draft, fundedWei, transactionHash } = campaign
  const { conditions, formula, epochBudget, epochSeconds, actionWeights } = draft
  const [share, meaning] = formulaWords[formula]
  return (
    <Card
      title="Locked in the contract"
      about="Money and terms stand until the campaign ends. Nobody has acted yet: epochs show as soon as somebody does."
      aside={
        <Link className={persona.link} to={`/tx/${transactionHash}`}>
          See the transaction
        </Link>
      }
    >
      <Figures>
        <Figure label="Budget" value={formatDemo(fundedWei)} source="measured" note="on L2" />
        <Figure label="At most per epoch" value={formatDemo(epochBudget)} source="assumed" />
        <Figure label="Epoch" value={formatSpan(epochSeconds * 1_000)} source="assumed" />
        {ACTION_KINDS.map((kind) => (
          <Figure
            key={kind}
            label={actionTitles[kind]}
            value={`× ${formatCount(actionWeights[kind])}`}
            source="assumed"
          />
        ))}
      </Figures>
      <p>
        <strong>Share = {share.toLowerCase()}.</strong>{' '}
        <span className={persona.quiet}>{meaning}</span>
      </p>
      <Table label="Whom the campaign looks for" columns={['Badge', 'Valued', 'Full at', 'Weight']}>
        {conditions.map(({ name, valuation, full, weight }) => (
          <tr key={name}>
            <td>{signalTitle(name)}</td>
            <td>{valuationWords[valuation][0]}</td>
            <td>{formatCount(full)}</td>
            <td>
              {formatScore(weight)} <Mark source="assumed" />
            </td>
          </tr>
        ))}
      </Table>
      <p>
        <Link className={persona.link} to="/personas/actions">
          Let people act
        </Link>
      </p>
    </Card>
  )
}
