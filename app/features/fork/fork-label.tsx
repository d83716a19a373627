import { useState } from 'react'
import type { ForkView } from '../../../workers/protocol/projection.ts'
import { recallSource, rememberSource } from '../../bridge/fork-source.ts'
import { useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { Fields } from '../../ui/fields.tsx'
import { formatCount, plural } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Modal } from '../../ui/modal.tsx'
import { errorText, useSession } from '../shell/session-context.ts'
import styles from './fork.module.css'

/** Says where L2's first state is from; nothing in a world that forks no chain. */
export function ForkLabel() {
  const fork = useWorld((projection) => projection.fork)
  const [open, setOpen] = useState(false)
  if (fork === null) return null
  return (
    <>
      <button type="button" className={styles.label} onClick={() => setOpen(true)}>
        <Icon name="fork" size={14} />
        <span className={styles.from}>
          forked from {fork.host} at block {formatCount(fork.blockNumber)}
        </span>
        <span>
          {plural(fork.accounts, 'account')}, {plural(fork.slots, 'slot')}
        </span>
        {!fork.proofs && <strong>disputes are off</strong>}
        {!fork.isConnected && <strong>source not connected</strong>}
      </button>
      <Modal
        open={open}
        onOpenChange={setOpen}
        title="Forked state"
        description="Where L2's first state is from, and how much of it is here."
      >
        <ForkDetails fork={fork} />
      </Modal>
    </>
  )
}

function ForkDetails({ fork }: { readonly fork: ForkView }) {
  return (
    <div className={styles.details}>
      <p>
        {fork.proofs
          ? 'What a request touches is fetched from the source, verified against the state root of this block, and put into L2 by recorded cheats: it is part of the world, and can be disputed as any other state.'
          : 'The source gives no proofs, so that nobody could verify what it says. It is believed, and disputes are off: this world has no challenger, and nobody is made to lie about a root.'}
      </p>
      <Fields
        fields={[
          { label: 'Source', value: fork.host },
          { label: 'Chain id', value: String(fork.chainId) },
          { label: 'Block', value: formatCount(fork.blockNumber) },
          { label: 'Block hash', value: <Hash value={fork.blockHash} /> },
          { label: 'State root', value: <Hash value={fork.stateRoot} /> },
          { label: 'Accounts here', value: formatCount(fork.accounts) },
          { label: 'Slots here', value: formatCount(fork.slots) },
        ]}
      />
      {!fork.isConnected && <ConnectForm fork={fork} />}
    </div>
  )
}

/** A world from a link or a file asks nobody by itself. */
function ConnectForm({ fork }: { readonly fork: ForkView }) {
  const { world } = useSession()
  const [url, setUrl] = useState(() => recallSource(fork))
  const [asking, setAsking] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const connect = () => {
    setAsking(true)
    setError(null)
    world
      .connectFork(url.trim())
      .then(() => rememberSource(fork, url.trim()))
      .catch((thrown: unknown) => setError(errorText(thrown)))
      .finally(() => setAsking(false))
  }
  return (
    <form
      className={styles.details}
      onSubmit={(event) => {
        event.preventDefault()
        connect()
      }}
    >
      <p>
        The source is not connected: what is here works, the rest cannot be read. A node of the same
        chain that still has this block gives it back.
      </p>
      <label className={styles.field}>
        JSON-RPC URL
        <input
          type="url"
          required
          placeholder="http://127.0.0.1:8545"
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
      </label>
      {error !== null && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      <Button type="submit" look="outline" disabled={asking}>
        {asking ? 'Asking the source…' : 'Connect the source'}
      </Button>
    </form>
  )
}
