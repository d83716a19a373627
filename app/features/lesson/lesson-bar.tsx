import { Link } from 'react-router'
import { setTheme, useView } from '../../store/view.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { IconButton } from '../../ui/button.tsx'
import { formatClock } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { attempt, useSession } from '../shell/session-context.ts'
import styles from './lesson.module.css'

interface LessonBarProps {
  readonly at: number
  readonly titles: readonly string[]
}

/** Where the lesson stands, and time in the hand; nothing of the sandbox. */
export function LessonBar({ at, titles }: LessonBarProps) {
  const { world } = useSession()
  const isPlaying = useWorld(({ clock }) => clock.phase === 'playing')
  const timeMs = useTimeMs(100)
  const theme = useView((view) => view.theme)
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <header className={styles.bar}>
      <h1 className={styles.name}>Lesson 1</h1>
      <ol className={styles.steps} aria-label="Steps of the lesson">
        {titles.map((title, index) => (
          <li
            key={title}
            data-done={index < at}
            aria-current={index === at ? 'step' : undefined}
            title={title}
          >
            <span className="visually-hidden">{title}</span>
          </li>
        ))}
      </ol>
      <time className={styles.time}>{formatClock(timeMs)}</time>
      <IconButton
        look="outline"
        label={isPlaying ? 'Pause' : 'Play'}
        onClick={() => attempt(() => (isPlaying ? world.pause() : world.play()))}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} />
      </IconButton>
      <IconButton label={`Switch to the ${other} theme`} onClick={() => setTheme(other)}>
        <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
      </IconButton>
      <Link className={styles.leave} to="/">
        Leave <Icon name="close" size={16} />
      </Link>
    </header>
  )
}
