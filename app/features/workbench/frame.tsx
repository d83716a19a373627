import type { ReactNode } from 'react'
import { NavLink } from 'react-router'
import type { ChainName } from '../../../workers/protocol/world.ts'
import { Sheet } from '../ledger/sheet.tsx'
import styles from './workbench.module.css'

const places = [
  ['/contracts', 'Contracts'],
  ['/console', 'JSON-RPC console'],
  ['/mempool', 'Mempool'],
] as const

interface FrameProps {
  readonly title: string
  readonly about: string
  readonly children: ReactNode
}

/** A page of the workbench, with the way to the others. */
export function Frame({ title, about, children }: FrameProps) {
  return (
    <Sheet title={title} about={about}>
      <nav className={styles.places} aria-label="Workbench">
        {places.map(([to, name]) => (
          <NavLink key={to} to={to} className={styles.place ?? ''}>
            {name}
          </NavLink>
        ))}
      </nav>
      {children}
    </Sheet>
  )
}

interface ChainSwitchProps {
  readonly chain: ChainName
  readonly onChange: (chain: ChainName) => void
}

export function ChainSwitch({ chain, onChange }: ChainSwitchProps) {
  return (
    <fieldset className={styles.switch}>
      <legend className="visually-hidden">Chain</legend>
      {(['l1', 'l2'] as const).map((name) => (
        <label key={name}>
          <input
            type="radio"
            checked={chain === name}
            onChange={() => onChange(name)}
            className="visually-hidden"
          />
          {name.toUpperCase()}
        </label>
      ))}
    </fieldset>
  )
}
