import type { PreviewView } from '../../../workers/protocol/persona.ts'
import { Icon } from '../../ui/icon.tsx'
import { Card } from '../persona/parts.tsx'
import own from '../persona/passport.module.css'
import persona from '../persona/persona.module.css'
import { signalTitle } from '../persona/words.ts'

/** The same campaign through Alice's eyes: what there is to do, and nothing that could be called a score. */
export function SeenByAlice({ preview }: { readonly preview: PreviewView | undefined }) {
  const conditions = preview?.examples[0]?.conditions ?? []
  return (
    <Card title="What Alice sees" about="Tasks. No score: nobody is told a number to chase.">
      <ul className={own.tasks}>
        {conditions.map(({ name, value }) => (
          <li key={name} data-done={value > 0}>
            <span className={own.box}>{value > 0 && <Icon name="check" size={16} />}</span>
            <span>
              <strong>{signalTitle(name)}</strong>
              <small>{value > 0 ? 'Done. It counts.' : 'Earn the badge.'}</small>
            </span>
          </li>
        ))}
        {conditions.length === 0 && <li className={persona.quiet}>The draft is not valid yet.</li>}
      </ul>
    </Card>
  )
}
