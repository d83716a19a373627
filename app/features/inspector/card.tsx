import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { RoleName } from '../../../workers/protocol/nodes.ts'
import { type Field, Fields } from '../../ui/fields.tsx'
import { Icon } from '../../ui/icon.tsx'
import { RoleGlyph } from '../../ui/role-glyph.tsx'
import styles from './inspector.module.css'

interface CardProps {
  readonly actor: RoleName
  readonly title: string
  /** What this kind of thing is, in a sentence. */
  readonly about: string
  readonly fields: readonly Field[]
  readonly link?: { readonly to: string; readonly text: string }
  readonly children?: ReactNode
}

export function Card({ actor, title, about, fields, link, children }: CardProps) {
  return (
    <article className={styles.card}>
      <header className={styles.cardHead}>
        <RoleGlyph actor={actor} size={26} />
        <h2>{title}</h2>
      </header>
      <p className={styles.about}>{about}</p>
      {fields.length > 0 && <Fields fields={fields} />}
      {children}
      {link !== undefined && (
        <Link to={link.to} className={styles.cardLink}>
          {link.text} <Icon name="right" size={16} />
        </Link>
      )}
    </article>
  )
}
