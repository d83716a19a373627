import { Link } from 'react-router'
import { useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { attempt, useSession } from '../shell/session-context.ts'
import { readCase } from './case.ts'
import styles from './guide.module.css'

const hurrySpeed = 10

/** How far the newest lie has come, and what happens next. */
export function CaseCard() {
  const { world } = useSession()
  const story = useWorld((projection) => JSON.stringify(readCase(projection), printBigInt))
  const speed = useWorld(({ clock }) => clock.speed)
  const known = JSON.parse(story) as ReturnType<typeof readCase>
  if (known === null) return null
  const { stages, game, disputed, stands, fraud } = known
  const slow = speed !== 'max' && speed < hurrySpeed
  return (
    <section
      className={styles.case}
      data-over={fraud.over && !stands}
      aria-label="The lie and its fate"
    >
      <h3>{stands ? 'Not caught' : fraud.over ? 'Caught' : 'A lie is under way'}</h3>
      <ol>
        {stages.map(({ title, text, state }) => (
          <li key={title} data-state={state}>
            <strong>{title}</strong>
            {state !== 'ahead' && <span>{text}</span>}
          </li>
        ))}
      </ol>
      <div className={styles.caseActions}>
        {disputed && (
          <Link className={styles.caseLink} to={`/disputes/${game}`}>
            Watch the dispute <Icon name="right" size={16} />
          </Link>
        )}
        {!fraud.over && slow && (
          <Button look="outline" onClick={() => attempt(() => world.setSpeed(hurrySpeed))}>
            Hurry: {hurrySpeed}×
          </Button>
        )}
      </div>
    </section>
  )
}

/** The story is compared as text, so that the card renders only when a line of it changed. */
function printBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
