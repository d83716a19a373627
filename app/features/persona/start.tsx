import { useState } from 'react'
import { useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { Slide } from '../../ui/slide.tsx'
import { OpenScenarioButton } from '../persona-report/open-scenario-button.tsx'
import { startTour } from '../persona-tour/tour.ts'
import { attempt, useSession } from '../shell/session-context.ts'
import { setPeople, usePeople } from './people.ts'
import styles from './persona.module.css'
import { Rexy } from './rexy.tsx'
import own from './start.module.css'

const sizes = [200, 500, 1_000, 2_000, 5_000, 10_000] as const

/** Before there are people: the tour, or the same place to explore alone, and how many people there will be. */
export function Start() {
  const session = useSession()
  const seed = useWorld(({ run }) => run.seed)
  const people = usePeople()
  const { personas } = people
  const [isOpening, setOpening] = useState(false)
  const opening = (open: () => Promise<void>) =>
    attempt(async () => {
      setOpening(true)
      try {
        await open()
      } finally {
        setOpening(false)
      }
    })
  return (
    <div className={own.start}>
      <Family />
      <h3>Who takes part, and what is it worth?</h3>
      <p>
        A Persona is what somebody has shown about themselves: badges that others vouch for, and
        actions that they signed. All of it lives in contracts on L2, in this tab. A campaign pays
        those who match it; rings of fake accounts try to get a share.
      </p>
      <div className={own.ways}>
        <Button
          look="solid"
          disabled={isOpening}
          onClick={() => opening(() => startTour(session, 'full'))}
        >
          Take the guided tour
        </Button>
        <Button
          look="outline"
          disabled={isOpening}
          onClick={() => opening(() => startTour(session, 'seven'))}
        >
          Seven minutes, by itself
        </Button>
      </div>
      <p className={styles.quiet}>
        Twelve steps in a world of its own; go back to any of them at any time.
      </p>
      <PeopleSliders />
      <div className={own.ways}>
        <Button
          look="outline"
          disabled={isOpening}
          onClick={() => opening(() => session.personas.open({ seed, ...people }))}
        >
          Explore alone with {formatCount(personas)} people
        </Button>
        <OpenScenarioButton />
      </div>
      <p className={styles.quiet}>
        The people are made up from seed {seed}. Every passport, badge and action of theirs is a
        real transaction.
      </p>
    </div>
  )
}

function Family() {
  return (
    <div className={own.family} aria-hidden="true">
      {(['egg', 'hatchling', 'young', 'grown'] as const).map((stage, index) => (
        <Rexy
          key={stage}
          size={64 + index * 12}
          rexy={{
            hue: 190 + index * 70,
            stage,
            level: index * 2,
            spikes: index * 2,
            marks: [],
            pattern: 0x1b2c3d + index * 7_919,
          }}
        />
      ))}
    </div>
  )
}

function PeopleSliders() {
  const { personas, sybilPermille } = usePeople()
  const percent = Math.round(sybilPermille / 10)
  const size = sizes.findIndex((count) => count >= personas)
  return (
    <div className={own.options}>
      <div>
        <span>
          People <strong>{formatCount(personas)}</strong>
        </span>
        <Slide
          label="Number of people"
          value={size < 0 ? sizes.length - 1 : size}
          max={sizes.length - 1}
          valueText={formatCount(personas)}
          onChange={(index) => setPeople({ personas: sizes[index] ?? 200 })}
        />
      </div>
      <div>
        <span>
          Of them Sybils, in rings of eight <strong>{percent} %</strong>
        </span>
        <Slide
          label="Share of Sybils"
          value={percent}
          max={90}
          step={5}
          valueText={`${percent} %`}
          onChange={(next) => setPeople({ sybilPermille: next * 10 })}
        />
      </div>
    </div>
  )
}
