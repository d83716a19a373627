import type { ReactNode } from 'react'
import type { PreviewView } from '../../../workers/protocol/persona.ts'
import { Card, Mark } from '../persona/parts.tsx'
import { formatScore, signalTitle } from '../persona/words.ts'
import styles from './campaign.module.css'

/** What three people would score, part by part, before anything is sent. */
export function PreviewCard({
  preview,
  children,
}: {
  readonly preview: PreviewView | undefined
  readonly children?: ReactNode
}) {
  const examples = preview?.examples ?? []
  return (
    <Card
      title="What it means for people"
      about="The litepaper's Alice: she votes, holds $400, and has 10,000 followers. Twice more with other followers."
      aside={<Mark source="simulated" />}
    >
      {examples.length === 0 && <p className={styles.note}>The preview waits for a valid draft.</p>}
      {examples.map(({ name, conditions, score }) => (
        <figure key={name} className={styles.example}>
          <figcaption>
            {name}
            <strong>{formatScore(score)}</strong>
          </figcaption>
          <span className={styles.stack} aria-hidden="true">
            {conditions.map((one, index) => (
              <span
                key={one.name}
                data-part={index % 4}
                style={{ width: `${one.contribution * 100}%` }}
              />
            ))}
          </span>
          <p className={styles.formula}>
            {conditions
              .map(({ weight, value }) => `${formatScore(weight, 1)} · ${formatScore(value)}`)
              .join(' + ')}
          </p>
        </figure>
      ))}
      {examples[0] !== undefined && (
        <ul className={styles.parts}>
          {examples[0].conditions.map(({ name }, index) => (
            <li key={name} data-part={index % 4}>
              {signalTitle(name)}
            </li>
          ))}
        </ul>
      )}
      {children}
    </Card>
  )
}
