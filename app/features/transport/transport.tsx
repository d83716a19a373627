import { setTheme, useView, viewStore } from '../../store/view.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { formatClock, formatDecimal } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { Term } from '../../ui/tip.tsx'
import { FraudMenu } from '../faults/fraud-menu.tsx'
import { attempt, useSession } from '../shell/session-context.ts'
import { Health } from './health.tsx'
import { ShareButton } from './share-button.tsx'
import styles from './transport.module.css'
import { WorldDialog } from './world-dialog.tsx'

/** Time in the hand: play, pause, step, speed; which world this is; and the two buttons that matter. */
export function Transport() {
  return (
    <header className={styles.bar}>
      <h1 className={styles.brand}>
        <svg width="22" height="22" viewBox="-16 -16 32 32" aria-hidden="true">
          <path d="M0-13L11.300-6.500V6.500L0 13L-11.300 6.500V-6.500Z" />
          <circle r="4" />
        </svg>
        <span>trex</span>
      </h1>
      <Controls />
      <Clock />
      <WorldDialog />
      <span className={styles.spring} />
      <Health />
      <FraudMenu />
      <ShareButton />
      <ThemeButton />
      <IconButton
        label="Help (?)"
        className={styles.wide}
        onClick={() => viewStore.setState({ helpOpen: true })}
      >
        <Icon name="help" />
      </IconButton>
    </header>
  )
}

function Controls() {
  const { world } = useSession()
  const playing = useWorld(({ clock }) => clock.phase === 'playing')
  const steps: readonly MenuEntry[] = [
    {
      kind: 'item',
      text: 'One event  ( . )',
      note: 'The next thing that any node does',
      onSelect: () => attempt(() => world.step('event')),
    },
    { kind: 'item', text: 'One L2 block', onSelect: () => attempt(() => world.step('l2-block')) },
    { kind: 'item', text: 'One L1 slot', onSelect: () => attempt(() => world.step('l1-slot')) },
  ]
  return (
    <div className={styles.controls}>
      <button
        type="button"
        className={styles.play}
        aria-label={playing ? 'Pause' : 'Play'}
        onClick={() => attempt(() => (playing ? world.pause() : world.play()))}
      >
        <Icon name={playing ? 'pause' : 'play'} size={20} />
      </button>
      <Menu entries={steps}>
        <IconButton label="Step forward">
          <Icon name="step" />
        </IconButton>
      </Menu>
      <SpeedMenu />
    </div>
  )
}

const speeds = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100] as const

function SpeedMenu() {
  const { world } = useSession()
  const speed = useWorld(({ clock }) => clock.speed)
  const item = (value: number | 'max'): MenuEntry => ({
    kind: 'item',
    text: value === 'max' ? 'As fast as possible' : `${value}×`,
    checked: value === speed,
    onSelect: () => attempt(() => world.setSpeed(value)),
  })
  return (
    <Menu
      entries={[
        { kind: 'label', text: 'Virtual seconds per second' },
        ...speeds.map(item),
        item('max'),
      ]}
    >
      <Button className={styles.speed} aria-label={`Speed ${speed}`}>
        {speed === 'max' ? 'max' : `${speed}×`}
        <Icon name="chevron" size={14} />
      </Button>
    </Menu>
  )
}

function Clock() {
  const timeMs = useTimeMs(100)
  const rate = useWorld(({ totals }) => totals.transactionsPerSecond)
  return (
    <div className={styles.clock}>
      <Term name="virtualTime">
        <time className={styles.time}>{formatClock(timeMs)}</time>
      </Term>
      <span className={styles.rate}>{formatDecimal(rate)} tx/s</span>
    </div>
  )
}

function ThemeButton() {
  const theme = useView((view) => view.theme)
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <IconButton label={`Switch to the ${other} theme`} onClick={() => setTheme(other)}>
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </IconButton>
  )
}
