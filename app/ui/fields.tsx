import { Fragment, type ReactNode } from 'react'
import type { TermName } from './glossary.ts'
import { Term } from './tip.tsx'
import styles from './ui.module.css'

export interface Field {
  readonly label: string
  readonly term?: TermName
  readonly value: ReactNode
}

/** Labels and values in two columns. */
export function Fields({ fields }: { readonly fields: readonly Field[] }) {
  return (
    <dl className={styles.fields}>
      {fields.map(({ label, term, value }) => (
        <Fragment key={label}>
          <dt>{term === undefined ? label : <Term name={term}>{label}</Term>}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  )
}

/** What stands where nothing is yet: what will come, and what brings it. */
export function Empty({
  title,
  children,
}: {
  readonly title: string
  readonly children: ReactNode
}) {
  return (
    <div className={styles.empty}>
      <strong>{title}</strong>
      <p>{children}</p>
    </div>
  )
}
