import { useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { attempt, useSession } from './session-context.ts'
import styles from './shell.module.css'

/** A world that failed stands still. Says why, and offers the way on. */
export function Failure() {
  const { world, wallet } = useSession()
  const failure = useWorld(({ clock }) => clock.failure)
  const run = useWorld((projection) => projection.run)
  if (failure === null) return null
  const again = async () => {
    await wallet.forget()
    const { preset, codeSizeMax: codeSizeLimit } = run.parameters
    await world.open({ seed: run.seed, preset, scenario: run.scenario, codeSizeLimit })
    await world.play()
  }
  return (
    <div className={styles.failure} role="alert">
      <div>
        <strong>This world has stopped</strong>
        <p>{failure}</p>
        <p>What happened so far can still be looked at. Its link replays it up to here.</p>
      </div>
      <Button look="outline" onClick={() => attempt(again)}>
        Open it again
      </Button>
    </div>
  )
}
