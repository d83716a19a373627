import { useEffect, useState } from 'react'
import { useDoor } from '../../store/door.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Modal } from '../../ui/modal.tsx'
import { attempt, useSession } from '../shell/session-context.ts'
import styles from './connections.module.css'

export const useIsErrand = (): boolean => useDoor((view) => view.isErrand)

const title = 'Connect a page to this devnet?'

/** In the tab that runs the world. */
export function ConsentDialog() {
  const { door } = useSession()
  const origin = useDoor((view) => view.asking?.origin)
  return (
    <Modal
      open={origin !== undefined}
      onOpenChange={(open) => open || door.refuse()}
      title={title}
      description="A page of another origin asks to use both chains with the test accounts."
    >
      {origin !== undefined && <Question key={origin} origin={origin} />}
    </Modal>
  )
}

/** The whole of a window that a page opened to ask, while the world runs in another tab. */
export function ErrandScreen() {
  const origin = useDoor((view) => view.asking?.origin)
  return (
    <main className={styles.errand}>
      {origin === undefined ? (
        <p role="status">Connecting the page to the tab that runs the devnet…</p>
      ) : (
        <>
          <h1>{title}</h1>
          <Question key={origin} origin={origin} />
        </>
      )}
    </main>
  )
}

/** Nobody allows by a click or key that was meant for what stood here a moment before. */
const graceMs = 600

function Question({ origin }: { readonly origin: string }) {
  const { door } = useSession()
  const [maySteer, setMaySteer] = useState(false)
  const [isReady, setIsReady] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsReady(true), graceMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <form
      className={styles.question}
      onSubmit={(event) => {
        event.preventDefault()
        attempt(() => door.allow({ maySteer }))
      }}
    >
      <p className={styles.origin}>{origin}</p>
      <p>wants to use L1 and L2 of your devnet. It will be able to:</p>
      <ul className={styles.powers}>
        <Power text="see the ten test accounts" />
        <Power text="send transactions and sign messages with them, without asking each time" />
        <Power text="read everything on both chains" />
      </ul>
      <label className={styles.steer}>
        <input
          type="checkbox"
          checked={maySteer}
          onChange={(event) => setMaySteer(event.target.checked)}
        />
        <span>
          <strong>Also steer the world</strong>
          <span className={styles.quiet}>
            move time, snapshots, balances and faults: evm_, anvil_, hardhat_, rollup_
          </span>
        </span>
      </label>
      <p className={styles.quiet}>
        The accounts hold test money alone. You can end this under Connections at any time.
      </p>
      <div className={styles.choices}>
        <Button look="outline" onClick={() => door.refuse()}>
          Refuse
        </Button>
        <Button type="submit" look="solid" disabled={!isReady}>
          Connect
        </Button>
      </div>
    </form>
  )
}

function Power({ text }: { readonly text: string }) {
  return (
    <li>
      <Icon name="check" size={16} />
      <span>{text}</span>
    </li>
  )
}
