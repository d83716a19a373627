import { useState } from 'react'
import { useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { Slide } from '../../ui/slide.tsx'
import { attempt, useSession } from '../shell/session-context.ts'
import styles from './persona.module.css'
import { Rexy } from './rexy.tsx'
import own from './start.module.css'
import { openPersonas } from './use-engine.ts'

const sizes = [200, 500, 1_000, 2_000, 5_000, 10_000] as const

/** Before there are people: what will happen, and how many of them. */
export function Start() {
  const session = useSession()
  const seed = useWorld(({ run }) => run.seed)
  const [size, setSize] = useState(0)
  const [sybils, setSybils] = useState(20)
  const [isOpening, setOpening] = useState(false)
  const personas = sizes[size] ?? 200
  const open = async () => {
    setOpening(true)
    try {
      await openPersonas(session, { seed, personas, sybilPermille: sybils * 10 })
    } finally {
      setOpening(false)
    }
  }
  return (
    <div className={own.start}>
      <div className={own.family} aria-hidden="true">
        {(['egg', 'hatchling', 'young', 'grown'] as const).map((stage, index) => (
          <Rexy
            key={stage}
            size={72 + index * 12}
            rexy={{ hue: 190 + index * 70, stage, marks: [], pattern: 0x1b2c3d + index * 7_919 }}
          />
        ))}
      </div>
      <h3>Who takes part, and what is it worth?</h3>
      <p>
        A Persona is what somebody has shown about themselves: badges that others vouch for, and
        actions that they signed. All of it lives in contracts on L2, in this tab. A campaign pays
        those who match it; rings of fake accounts try to get a share.
      </p>
      <div className={own.options}>
        <div>
          <span>
            People <strong>{formatCount(personas)}</strong>
          </span>
          <Slide
            label="Number of people"
            value={size}
            max={sizes.length - 1}
            valueText={formatCount(personas)}
            onChange={setSize}
          />
        </div>
        <div>
          <span>
            Of them Sybils, in rings of eight <strong>{sybils} %</strong>
          </span>
          <Slide
            label="Share of Sybils"
            value={sybils}
            max={90}
            step={5}
            valueText={`${sybils} %`}
            onChange={setSybils}
          />
        </div>
      </div>
      <Button look="solid" disabled={isOpening} onClick={() => attempt(open)}>
        Bring {formatCount(personas)} people onto L2
      </Button>
      <p className={styles.quiet}>
        The people are made up from seed {seed}. Every passport, badge and action of theirs is a
        real transaction.
      </p>
    </div>
  )
}
