import { usePersonas } from '../../store/persona.ts'
import { useWorld } from '../../store/world.ts'
import { formatCount } from '../../ui/format.ts'
import { Bar } from './parts.tsx'
import styles from './persona.module.css'
import own from './start.module.css'

/** How far the people are on chain, as long as they are not all there. */
export function Preparing() {
  const setup = usePersonas((personas) => personas.setup)
  const isPlaying = useWorld(({ clock }) => clock.phase === 'playing')
  if (setup.stage === 'ready') return null
  const { passports, personas, failure, step } = setup
  return (
    <div className={own.preparing} role="status">
      <div>
        <strong>
          {failure === null ? step : 'The last attempt did not work; it goes on by itself.'}
        </strong>
        <span className={styles.quiet}>
          {failure ??
            `${formatCount(passports)} of ${formatCount(personas)} passports, ${formatCount(setup.badges)} badges`}
        </span>
      </div>
      <Bar share={passports / Math.max(1, personas)} />
      {!isPlaying && <span>Time stands still. Press play above to go on.</span>}
    </div>
  )
}
