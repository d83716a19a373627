import {
  ACTION_KINDS,
  type CampaignDraft,
  FORMULAS,
  type FormulaName,
} from '../../../workers/protocol/persona.ts'
import { Card, Mark } from '../persona/parts.tsx'
import { actionTitles, formulaWords } from '../persona/words.ts'
import styles from './campaign.module.css'
import type { Problems } from './draft.ts'
import { changeDraft, fromTokens, toTokens } from './draft.ts'
import { Field, NumberField } from './field.tsx'

interface RewardCardProps {
  readonly draft: CampaignDraft
  readonly problems: Problems
}

/** What is paid, how often, and by which formula. The litepaper is silent here; the defaults are the demonstration's. */
export function RewardCard({ draft, problems }: RewardCardProps) {
  const { actionWeights, budget, epochBudget, epochSeconds, formula } = draft
  return (
    <Card
      title="What you pay"
      about="The litepaper is silent here; these defaults are the demo's."
      aside={<Mark source="assumed" />}
    >
      <div className={styles.grid}>
        <NumberField
          label="Budget"
          field="budget"
          problems={problems}
          unit="DEMO"
          value={toTokens(budget)}
          step={100}
          onChange={(value) => changeDraft({ budget: fromTokens(value) })}
        />
        <NumberField
          label="Paid per epoch"
          field="epochBudget"
          problems={problems}
          unit="DEMO"
          value={toTokens(epochBudget)}
          step={100}
          onChange={(value) => changeDraft({ epochBudget: fromTokens(value) })}
        />
        <NumberField
          label="Epoch"
          field="epochSeconds"
          problems={problems}
          unit="s"
          value={epochSeconds}
          min={10}
          step={10}
          onChange={(value) => changeDraft({ epochSeconds: value })}
        />
        {ACTION_KINDS.map((kind) => (
          <NumberField
            key={kind}
            label={`One ${actionTitles[kind].toLowerCase()} counts`}
            field={`actionWeights.${kind}`}
            problems={problems}
            unit="×"
            value={actionWeights[kind]}
            onChange={(value) =>
              changeDraft({ actionWeights: { ...actionWeights, [kind]: value } })
            }
          />
        ))}
      </div>
      <Field label="Share of a person" field="formula" problems={problems}>
        {(input) => (
          <select
            {...input}
            value={formula}
            onChange={(event) => changeDraft({ formula: event.target.value as FormulaName })}
          >
            {FORMULAS.map((name) => (
              <option key={name} value={name}>
                {formulaWords[name][0]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <p className={styles.note}>{formulaWords[formula][1]}</p>
    </Card>
  )
}
