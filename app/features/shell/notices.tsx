import { dismiss, useView } from '../../store/view.ts'
import { useWorld } from '../../store/world.ts'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './shell.module.css'

export function Notices() {
  const notices = useView((view) => view.notices)
  return (
    <div className={styles.notices} role="status" aria-live="polite">
      {notices.map(({ id, tone, text }) => (
        <div key={id} className={styles.notice} data-tone={tone}>
          <span>{text}</span>
          <IconButton label="Dismiss" onClick={() => dismiss(id)}>
            <Icon name="close" size={16} />
          </IconButton>
        </div>
      ))}
    </div>
  )
}

/** Reads notable events aloud: faults, fraud and its end; the rest would drown them. */
export function Announcer() {
  const text = useWorld((world) => world.log.findLast((entry) => entry.tone !== 'info')?.text ?? '')
  return (
    <p className="visually-hidden" aria-live="polite">
      {text}
    </p>
  )
}
