import { useState } from 'react'
import { ACTION_KINDS, type LoadView } from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { formatCount, formatDecimal } from '../../ui/format.ts'
import { Slide } from '../../ui/slide.tsx'
import { Bar, Card, Figure, Figures, Mark } from '../persona/parts.tsx'
import { actionTitles } from '../persona/words.ts'
import { attempt, useSession } from '../shell/session-context.ts'
import styles from './actions.module.css'

const rates = [0, 50, 100, 200, 350, 500, 750, 1_000] as const

/** The load in the hand, and what it costs, measured. */
export function LoadCard() {
  const { personas } = useSession()
  const load = usePersonas((all) => all.load)
  const step = rates.findIndex((rate) => rate >= load.targetPerSecond)
  const set = (next: number) =>
    attempt(async () => (await personas.engine()).setLoad(rates[next] ?? 0))
  return (
    <Card
      title="Load"
      about="People act by themselves; a relayer pays the gas and packs the signed actions into batches."
      aside={<Mark source="simulated" />}
    >
      <div className={styles.dial}>
        <span>
          <strong>{formatCount(load.targetPerSecond)}</strong> actions a second asked for
        </span>
        <Slide
          label="Actions a second"
          value={step}
          max={rates.length - 1}
          valueText={`${rates[step] ?? 0} a second`}
          onChange={set}
        />
        <span className={styles.ticks} aria-hidden="true">
          {rates.map((rate) => (
            <span key={rate}>{formatCount(rate)}</span>
          ))}
        </span>
      </div>
      <Measured load={load} />
      <Kinds load={load} />
    </Card>
  )
}

function Measured({ load }: { readonly load: LoadView }) {
  const { perSecond, included, open, closesAt, l2GasPerAction, refused, withheld } = load
  const fullest = load.onL1?.fullest
  const shown = (value: number | null | undefined) => {
    if (value == null) return 'not yet'
    return value < 100 ? formatDecimal(value) : formatCount(value)
  }
  return (
    <Figures>
      <Figure
        label="Actions a second"
        value={formatDecimal(perSecond)}
        source="measured"
        note="in the last 10 virtual seconds"
      />
      <Figure
        label="Actions in blocks"
        value={formatCount(included)}
        source="measured"
        note={[
          refused === 0 ? 'none refused' : `${formatCount(refused)} refused`,
          ...(withheld === 0 ? [] : [`${formatCount(withheld)} unsigned: session revoked`]),
        ].join(', ')}
      />
      <Figure
        label="Batch being filled"
        value={formatCount(open)}
        source="measured"
        note={`closes at ${formatCount(closesAt)} or after 4 s`}
      />
      <Figure label="L2 gas per action" value={shown(l2GasPerAction)} source="measured" />
      <Figure
        label="Bytes on L1 per action"
        value={shown(fullest?.bytesPerAction)}
        source="measured"
        note="all else in its batch counted in"
      />
      <Figure
        label="L1 gas per action"
        value={shown(fullest?.l1GasPerAction)}
        source="measured"
        note={
          fullest === undefined
            ? 'posting its batch'
            : `posting the fullest batch: ${formatCount(fullest.actions)} actions`
        }
      />
      <Money gas={fullest?.l1GasPerAction ?? null} />
    </Figures>
  )
}

/** Gas in money needs two prices that this world does not know. */
function Money({ gas }: { readonly gas: number | null }) {
  const [gwei, setGwei] = useState(10)
  const [dollars, setDollars] = useState(3_000)
  const cost = gas === null ? null : gas * gwei * 1e-9 * dollars
  return (
    <Figure
      label="L1 cost per action"
      value={cost === null || Number.isNaN(cost) ? 'not yet' : `$${cost.toPrecision(2)}`}
      source="assumed"
      note={
        <span className={styles.prices}>
          at{' '}
          <input
            type="number"
            min={0}
            aria-label="Gas price in gwei"
            value={gwei}
            onChange={(event) => setGwei(event.target.valueAsNumber || 0)}
          />{' '}
          gwei, $
          <input
            type="number"
            min={0}
            aria-label="Price of one ETH in dollars"
            value={dollars}
            onChange={(event) => setDollars(event.target.valueAsNumber || 0)}
          />{' '}
          per ETH
        </span>
      }
    />
  )
}

function Kinds({ load }: { readonly load: LoadView }) {
  const total = Math.max(1, load.included)
  return (
    <ul className={styles.kinds} aria-label="Actions by kind">
      {ACTION_KINDS.map((kind) => (
        <li key={kind}>
          <span>{actionTitles[kind]}s</span>
          <Bar share={load.byKind[kind] / total} />
          <strong>{formatCount(load.byKind[kind])}</strong>
        </li>
      ))}
    </ul>
  )
}
