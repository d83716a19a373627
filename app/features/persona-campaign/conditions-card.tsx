import {
  type ConditionDraft,
  VALUATIONS,
  type Valuation,
} from '../../../workers/protocol/persona.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Card, Mark } from '../persona/parts.tsx'
import { badgeWords, valuationWords } from '../persona/words.ts'
import styles from './campaign.module.css'
import type { Problems } from './draft.ts'
import { changeCondition, changeDraft, currentDraft } from './draft.ts'
import { Field, NumberField } from './field.tsx'

interface ConditionsCardProps {
  readonly conditions: readonly ConditionDraft[]
  readonly problems: Problems
}

/** Whom the campaign looks for: badges, how each is valued, and how much each weighs. */
export function ConditionsCard({ conditions, problems }: ConditionsCardProps) {
  const sum = conditions.reduce((total, { weight }) => total + (weight || 0), 0)
  const unused = Object.keys(badgeWords).find((name) =>
    conditions.every((condition) => condition.name !== name),
  )
  const whole = problems.find(({ field }) => field === 'conditions')
  return (
    <Card
      title="Whom you look for"
      about="The score of a person is the sum of weight × value."
      aside={
        <span className={styles.total} data-wrong={whole !== undefined}>
          weights sum to {sum.toFixed(2)} <Mark source="assumed" />
        </span>
      }
    >
      <ol className={styles.conditions}>
        {conditions.map((condition, index) => (
          <Condition key={condition.name} condition={condition} index={index} problems={problems} />
        ))}
      </ol>
      <p className={styles.problem} role="status">
        {whole?.text}
      </p>
      {unused !== undefined && (
        <Button look="outline" className={styles.add} onClick={() => add(unused)}>
          Add a condition
        </Button>
      )}
    </Card>
  )
}

function add(name: string): void {
  const { conditions } = currentDraft()
  const dimension = badgeWords[name]?.dimension ?? 'interests'
  const weight = Math.max(0, 1 - conditions.reduce((total, one) => total + one.weight, 0))
  const fresh: ConditionDraft = {
    name,
    dimension,
    valuation: 'binary',
    weight: Math.round(weight * 100) / 100,
    full: 1,
  }
  changeDraft({ conditions: [...conditions, fresh] })
}

interface ConditionProps {
  readonly condition: ConditionDraft
  readonly index: number
  readonly problems: Problems
}

function Condition({ condition, index, problems }: ConditionProps) {
  const { name, valuation, weight, full } = condition
  const field = (what: string) => `conditions.${index}.${what}`
  const rename = (next: string) =>
    changeCondition(index, { name: next, dimension: badgeWords[next]?.dimension ?? 'interests' })
  const taken = currentDraft().conditions.map((one) => one.name)
  return (
    <li>
      <Field label="Badge" field={field('name')} problems={problems}>
        {(input) => (
          <select {...input} value={name} onChange={(event) => rename(event.target.value)}>
            {Object.entries(badgeWords).map(([key, { title }]) => (
              <option key={key} value={key} disabled={key !== name && taken.includes(key)}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Valued" field={field('valuation')} problems={problems}>
        {(input) => (
          <select
            {...input}
            value={valuation}
            onChange={(event) =>
              changeCondition(index, { valuation: event.target.value as Valuation })
            }
          >
            {VALUATIONS.map((key) => (
              <option key={key} value={key}>
                {valuationWords[key][0]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <NumberField
        label="Full at"
        field={field('full')}
        problems={problems}
        value={full}
        min={1}
        onChange={(value) => changeCondition(index, { full: value })}
      />
      <NumberField
        label="Weight"
        field={field('weight')}
        problems={problems}
        value={weight}
        max={1}
        step={0.05}
        onChange={(value) => changeCondition(index, { weight: value })}
      />
      <IconButton
        label={`Remove ${badgeWords[name]?.title ?? name}`}
        onClick={() =>
          changeDraft({ conditions: currentDraft().conditions.filter((one) => one !== condition) })
        }
      >
        <Icon name="close" size={16} />
      </IconButton>
      <small>
        {valuationWords[valuation][1]}, in {badgeWords[name]?.unit ?? 'units'}
      </small>
    </li>
  )
}
