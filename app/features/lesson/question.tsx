import styles from './lesson.module.css'

export interface Choice {
  readonly text: string
  /** What is right or wrong about it. */
  readonly why: string
  readonly isRight: boolean
}

interface QuestionProps {
  readonly name: string
  readonly question: string
  readonly choices: readonly Choice[]
  readonly chosen: number | null
  /** Side by side where there is room: short choices, with something to look at below. */
  readonly layout?: 'rows' | 'columns'
  /** Shows which was right. */
  readonly isOpen: boolean
  readonly onChoose: (index: number) => void
}

/** One question; the answer is told when it is time. */
export function Question(props: QuestionProps) {
  const { name, question, choices, chosen, layout = 'rows', isOpen, onChoose } = props
  return (
    <fieldset className={styles.question} data-layout={layout}>
      <legend>{question}</legend>
      {choices.map(({ text, why, isRight }, index) => {
        const isChosen = index === chosen
        const told = isOpen && (isChosen || isRight)
        return (
          <label key={text} className={styles.choice} data-told={told} data-right={isRight}>
            <input
              type="radio"
              name={name}
              checked={isChosen}
              disabled={isOpen && !isChosen}
              onChange={() => onChoose(index)}
            />
            <span>
              {text}
              {told && (
                <span className={styles.why}>
                  {isRight ? '✓ Right. ' : '✗ No. '}
                  {why}
                </span>
              )}
            </span>
          </label>
        )
      })}
    </fieldset>
  )
}
