import { type ReactNode, useId } from 'react'
import styles from './campaign.module.css'
import type { Problems } from './draft.ts'

interface FieldProps {
  readonly label: string
  /** Name of the field as the engine's problems have it. */
  readonly field: string
  readonly problems: Problems
  readonly unit?: string
  readonly children: (props: {
    readonly id: string
    readonly 'aria-invalid': boolean
    readonly 'aria-describedby': string
  }) => ReactNode
}

/** A labelled input; what is wrong with it stands below it. */
export function Field({ label, field, problems, unit, children }: FieldProps) {
  const id = useId()
  const problem = problems.find((one) => one.field === field)
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <span className={styles.inputLine}>
        {children({
          id,
          'aria-invalid': problem !== undefined,
          'aria-describedby': `${id}-problem`,
        })}
        {unit !== undefined && <span className={styles.unit}>{unit}</span>}
      </span>
      <span id={`${id}-problem`} className={styles.problem} role="status">
        {problem?.text}
      </span>
    </div>
  )
}

interface NumberFieldProps extends Omit<FieldProps, 'children'> {
  readonly value: number
  readonly min?: number
  readonly max?: number
  readonly step?: number
  readonly onChange: (value: number) => void
}

export function NumberField(props: NumberFieldProps) {
  const { value, min = 0, max, step = 1, onChange, ...field } = props
  return (
    <Field {...field}>
      {(input) => (
        <input
          {...input}
          type="number"
          inputMode="decimal"
          min={min}
          max={max}
          step={step}
          value={Number.isNaN(value) ? '' : value}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
      )}
    </Field>
  )
}
