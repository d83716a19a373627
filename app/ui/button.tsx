import type { ComponentProps } from 'react'
import { Tip } from './tip.tsx'
import styles from './ui.module.css'

type Look = 'plain' | 'outline' | 'solid' | 'alarm'

export function Button({
  look = 'plain',
  className = '',
  ...props
}: ComponentProps<'button'> & { readonly look?: Look }) {
  return (
    <button type="button" className={`${styles.button} ${styles[look]} ${className}`} {...props} />
  )
}

interface IconButtonProps extends ComponentProps<'button'> {
  /** Its name, read aloud and shown as a tooltip. */
  readonly label: string
  readonly look?: Look
}

export function IconButton({ label, look = 'plain', className = '', ...props }: IconButtonProps) {
  return (
    <Tip text={label}>
      <button
        type="button"
        aria-label={label}
        className={`${styles.button} ${styles[look]} ${styles.icon} ${className}`}
        {...props}
      />
    </Tip>
  )
}
