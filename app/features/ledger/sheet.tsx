import type { ReactNode } from 'react'
import styles from './ledger.module.css'

interface SheetProps {
  readonly title: ReactNode
  readonly about: string
  readonly children?: ReactNode
}

/** A page of the ledger: what it is, what that means, and the figures. */
export function Sheet({ title, about, children }: SheetProps) {
  return (
    <article className={styles.sheet}>
      <header>
        <h2>{title}</h2>
        <p>{about}</p>
      </header>
      {children}
    </article>
  )
}

interface TableProps {
  readonly columns: readonly string[]
  readonly children: ReactNode
  readonly label: string
}

export function Table({ columns, children, label }: TableProps) {
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

export function Box({
  title,
  children,
}: {
  readonly title?: string
  readonly children: ReactNode
}) {
  return (
    <section className={styles.box}>
      {title !== undefined && <h3>{title}</h3>}
      {children}
    </section>
  )
}
