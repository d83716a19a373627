import type { ReactNode } from 'react'
import type { RoleName } from '../../../workers/protocol/nodes.ts'
import type { TermName } from '../../ui/glossary.ts'
import { RoleGlyph } from '../../ui/role-glyph.tsx'
import { Term } from '../../ui/tip.tsx'
import styles from './stage.module.css'

interface PanelProps {
  readonly area: string
  readonly actor: RoleName
  readonly title: string
  readonly term: TermName
  /** What it does at the moment, in a few words. */
  readonly status?: ReactNode
  readonly children: ReactNode
}

/** One part of the stage: its glyph, name and state, and the picture below. */
export function Panel({ area, actor, title, term, status, children }: PanelProps) {
  return (
    <section className={styles.panel} style={{ gridArea: area }} aria-label={title}>
      <header className={styles.panelHead}>
        <RoleGlyph actor={actor} size={17} />
        <h2>
          <Term name={term}>{title}</Term>
        </h2>
        <span className={styles.panelStatus}>{status}</span>
      </header>
      {children}
    </section>
  )
}
