import { formatClock } from '../../ui/format.ts'
import { Mark, Segments } from './parts.tsx'
import styles from './persona.module.css'

const day = 86_400_000
const stops = {
  now: ['Now', 0],
  month: ['In a month', 30 * day],
  quarter: ['In four months', 121 * day],
  half: ['In six months', 183 * day],
} as const satisfies Readonly<Record<string, readonly [string, number]>>
type Stop = keyof typeof stops

interface TimeTravelProps {
  readonly offsetMs: number
  readonly timeMs: number
  readonly onChange: (offsetMs: number) => void
}

/** The same book of facts read at another time: badges expire and fade by themselves. */
export function TimeTravel({ offsetMs, timeMs, onChange }: TimeTravelProps) {
  const names = Object.keys(stops) as Stop[]
  const value = names.find((name) => stops[name][1] === offsetMs) ?? 'now'
  return (
    <div className={styles.line}>
      <Segments<Stop>
        label="Read it at"
        value={value}
        options={names.map((name) => [name, stops[name][0]] as const)}
        onChange={(name) => onChange(stops[name][1])}
      />
      <p className={styles.quiet}>
        {offsetMs === 0
          ? `As of ${formatClock(timeMs)}`
          : 'What would be left if nothing else happened: no block has this time yet.'}
      </p>
    </div>
  )
}

export function Moment({ offsetMs }: { readonly offsetMs: number }) {
  return <Mark source={offsetMs === 0 ? 'measured' : 'simulated'} />
}
