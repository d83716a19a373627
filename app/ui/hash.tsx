import { useState } from 'react'
import { shortHash } from './format.ts'
import { Tip } from './tip.tsx'
import styles from './ui.module.css'

/** A hash or address: shortened the same way everywhere, whole on hover, copied on click. */
export function Hash({ value }: { readonly value: string }) {
  const [copied, setCopied] = useState(false)
  const copy = () => {
    navigator.clipboard?.writeText(value).then(
      () => {
        setCopied(true)
        setTimeout(() => setCopied(false), 1_200)
      },
      () => setCopied(false),
    )
  }
  return (
    <Tip
      text={
        <span className="mono" style={{ overflowWrap: 'anywhere' }}>
          {copied ? 'Copied' : value}
        </span>
      }
    >
      <button type="button" className={styles.hash} onClick={copy} aria-label={`Copy ${value}`}>
        {shortHash(value)}
      </button>
    </Tip>
  )
}
