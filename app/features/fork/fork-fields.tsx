import { Term } from '../../ui/tip.tsx'
import styles from './fork.module.css'
import type { ForkDraft } from './use-forking.ts'

interface ForkFieldsProps {
  readonly draft: ForkDraft
  readonly onChange: (draft: ForkDraft) => void
}

/** Folded away until somebody wants it. */
export function ForkFields({ draft, onChange }: ForkFieldsProps) {
  return (
    <details
      className={styles.fold}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open) currentTarget.scrollIntoView({ block: 'center' })
      }}
    >
      <summary>
        <Term name="fork">Begin with another chain’s state</Term>
      </summary>
      <div className={styles.row}>
        <label className={styles.field}>
          JSON-RPC URL
          <input
            type="url"
            placeholder="http://127.0.0.1:8545"
            value={draft.url}
            onChange={(event) => onChange({ ...draft, url: event.target.value })}
          />
        </label>
        <label className={styles.field}>
          Block
          <input
            type="number"
            min={0}
            step={1}
            placeholder="the newest"
            value={draft.block}
            onChange={(event) => onChange({ ...draft, block: event.target.value })}
          />
        </label>
      </div>
      <p className={styles.note}>
        This page asks that node itself, so it must allow the page’s origin; Anvil allows all. The
        URL stays in this browser.
      </p>
    </details>
  )
}
