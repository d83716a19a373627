import { useSearchParams } from 'react-router'
import { useTimeMs } from '../../store/world.ts'
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

export interface ReadingTime {
  readonly stop: Stop
  readonly offsetMs: number
  /** The time to ask the engine for; undefined means now. */
  readonly askedMs: number | undefined
  /** The time that is read, in virtual milliseconds. */
  readonly timeMs: number
}

const isStop = (name: string | null): name is Stop => name !== null && name in stops

/** The time at which the facts are read: `?in=half` in the address, now where it says nothing. */
export function useReadingTime(): ReadingTime {
  const [params] = useSearchParams()
  const nowMs = useTimeMs(1_000)
  const asked = params.get('in')
  const stop: Stop = isStop(asked) ? asked : 'now'
  const offsetMs = stops[stop][1]
  const timeMs = nowMs + offsetMs
  return { stop, offsetMs, timeMs, askedMs: offsetMs === 0 ? undefined : timeMs }
}

/** The same book of facts read at another time: badges expire and fade by themselves. */
export function TimeTravel({ reading }: { readonly reading: ReadingTime }) {
  const [params, setParams] = useSearchParams()
  const { stop, timeMs } = reading
  const choose = (next: Stop) => {
    const changed = new URLSearchParams(params)
    if (next === 'now') changed.delete('in')
    else changed.set('in', next)
    setParams(changed, { replace: true })
  }
  const names = Object.keys(stops) as Stop[]
  return (
    <div className={styles.line}>
      <Segments<Stop>
        label="Read it at"
        value={stop}
        options={names.map((name) => [name, stops[name][0]] as const)}
        onChange={choose}
      />
      <p className={styles.quiet}>
        {stop === 'now'
          ? `As of ${formatClock(timeMs)}`
          : 'What would be left if nothing else happened: no block has this time yet.'}
      </p>
    </div>
  )
}

export function Moment({ reading }: { readonly reading: ReadingTime }) {
  return <Mark source={reading.stop === 'now' ? 'measured' : 'simulated'} />
}
