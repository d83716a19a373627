import { useView } from '../../store/view.ts'
import { useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { attempt, greet, useSession } from './session-context.ts'
import styles from './shell.module.css'

/** Before a world is open: another tab owns the one that this browser keeps. Asks what to do. */
export function ElsewhereChoice() {
  const { start } = useSession()
  return (
    <div className={styles.booting} role="alert">
      <h1>Your world runs in another tab</h1>
      <p>A browser keeps one world, and one tab runs it. Go to that tab, or choose:</p>
      <div className={styles.choices}>
        <Button look="solid" onClick={() => attempt(() => greet(start({ kind: 'takeOver' })))}>
          Run it here instead
        </Button>
        <Button look="outline" onClick={() => attempt(() => greet(start({ kind: 'separate' })))}>
          Open a separate world, which is not kept
        </Button>
      </div>
    </div>
  )
}

/** While a world is open: another tab took it over, or the browser's storage refuses it. */
export function StorageNotice() {
  const { world } = useSession()
  const storage = useWorld((projection) => projection.storage)
  if (storage.state === 'off' || storage.state === 'kept') return null
  if (storage.state === 'failed') {
    return (
      <div className={styles.failure} role="alert">
        <div>
          <strong>This world is no longer kept</strong>
          <p>The browser's storage refuses it: {storage.error}</p>
          <p>It runs on, but closing the tab ends it. Save it as a file to go on later.</p>
        </div>
      </div>
    )
  }
  const takeBack = async () => {
    await world.resume({ takeOver: true })
    await world.play()
  }
  return (
    <div className={styles.failure} role="alert">
      <div>
        <strong>This world moved to another tab</strong>
        <p>It stands still here, so that nothing is promised that is not kept.</p>
      </div>
      <Button look="outline" onClick={() => attempt(takeBack)}>
        Run it here again
      </Button>
    </div>
  )
}

export const useIsElsewhere = (): boolean => useView((view) => view.isElsewhere)
