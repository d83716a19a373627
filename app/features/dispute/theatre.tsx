import { useState } from 'react'
import type { DisputeView } from '../../../workers/protocol/projection.ts'
import type { DisputeTrace, ItemSteps } from '../../../workers/protocol/queries.ts'
import { decisiveStep } from '../../store/verdict.ts'
import { formatSpan, plural } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import type { Known } from './ask-players.ts'
import { ClaimDetails } from './claim-details.tsx'
import { DecisiveStep } from './decisive-step.tsx'
import styles from './dispute.module.css'
import { Headline } from './headline.tsx'
import { Microscope } from './microscope.tsx'
import { Moves } from './moves.tsx'
import { Parties } from './parties.tsx'
import { Payouts } from './payouts.tsx'
import { beatsOf, mainLine, type Scene, sceneAt } from './scene.ts'
import { Steering } from './steering.tsx'
import { placeOf } from './trace.ts'
import { stepsShown, useItemSteps, useTrace } from './use-trace.ts'
import { type Places, spanOf } from './words.ts'

/** The dispute as a play that can be stepped forwards and backwards; until somebody does, it shows what happens now. */
export function Theatre({ dispute }: { readonly dispute: DisputeView }) {
  const line = mainLine(dispute)
  const [isWhole, setWhole] = useState(false)
  const claims = isWhole ? dispute.claims : line
  const beats = beatsOf(dispute, claims)
  const [chosen, setChosen] = useState<number | null>(null)
  const newest = beats.length - 1
  const at = Math.min(chosen ?? newest, newest)
  const beat = beats[at]
  const trace = useTrace(dispute.game, dispute.claims.length)
  const scene = beat === undefined ? null : sceneAt(dispute, beat)
  const steps = useItemSteps(dispute.game, scene === null ? null : stepsPlace(trace, scene))
  if (beat === undefined || scene === null) return null
  const go = (target: number) => setChosen(target >= newest ? null : Math.max(0, target))
  const onClaim = (index: number) =>
    go(beats.findIndex((one) => one.kind === 'claim' && one.claim.index === index))
  const claim = scene.path.at(-1)
  const places = placesOf(trace, steps)
  return (
    <article className={styles.page}>
      <header className={styles.head}>
        <h2>Dispute over the state root of batch {String(dispute.entryIndex)}</h2>
        <p>
          {statusWords(dispute)} · game <Hash value={dispute.game} />
        </p>
      </header>
      <section className={styles.stage} aria-label="The game, move by move">
        <Steering beats={beats} at={at} isLive={chosen === null} onGo={go} />
        <Headline dispute={dispute} scene={scene} places={places} isAnnounced={chosen !== null} />
        <Picture dispute={dispute} scene={scene} trace={trace} steps={steps} />
      </section>
      <Parties scene={scene} isLive={chosen === null && dispute.status === 'running'} />
      {beat.kind !== 'claim' && <DecisiveStep dispute={dispute} trace={trace} />}
      {beat.kind === 'verdict' && <Payouts dispute={dispute} scene={scene} />}
      <div className={styles.columns}>
        <Moves
          dispute={dispute}
          claims={claims}
          beside={{
            count: dispute.claims.length - line.length,
            isShown: isWhole,
            onToggle: () => {
              setChosen(null)
              setWhole(!isWhole)
            },
          }}
          places={places}
          truths={trace.state === 'known' ? trace.value.truths : []}
          selected={claim?.index ?? 0}
          onSelect={onClaim}
        />
        {claim !== undefined && <ClaimDetails dispute={dispute} index={claim.index} />}
      </div>
    </article>
  )
}

interface PictureProps {
  readonly dispute: DisputeView
  readonly scene: Scene
  readonly trace: Known<DisputeTrace>
  readonly steps: Known<ItemSteps>
}

function Picture({ dispute, scene, trace, steps }: PictureProps) {
  if (trace.state === 'asking') {
    return <p className={styles.quiet}>Asking the players where in the batch that is…</p>
  }
  if (trace.state === 'refused') {
    return (
      <div className={styles.quiet}>
        <p>No player can be asked now where in the batch that is:</p>
        <ul>
          {trace.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </div>
    )
  }
  return (
    <Microscope
      trace={trace.value}
      interval={scene.interval}
      steps={steps.state === 'known' ? steps.value : null}
      verdict={verdictOf(dispute, scene)}
    />
  )
}

function verdictOf(dispute: DisputeView, { beat }: Scene): 'open' | 'false' | 'right' {
  const step = decisiveStep(dispute)
  if (beat.kind === 'claim' || step === undefined) return 'open'
  return step.succeeded ? 'false' : 'right'
}

/** The item in dispute and the first of its steps to show, once it is one item. */
function stepsPlace(
  trace: Known<DisputeTrace>,
  { interval }: Scene,
): { readonly item: number; readonly first: number } | null {
  if (trace.state !== 'known') return null
  const span = spanOf(trace.value.items, interval)
  if (span.level !== 'opcode') return null
  const count = Number(interval.last - interval.first) + 1
  // Windows overlap by half, so that the last steps in dispute always lie inside of one, and it seldom moves.
  const half = stepsShown / 2
  const first = count <= half ? Math.max(0, Math.floor(span.firstStep / half) * half - 2) : 0
  return { item: placeOf(interval.first).item, first }
}

function placesOf(trace: Known<DisputeTrace>, steps: Known<ItemSteps>): Places | null {
  if (trace.state !== 'known') return null
  return { items: trace.value.items, length: steps.state === 'known' ? steps.value.length : null }
}

function statusWords(dispute: DisputeView): string {
  const moves = plural(dispute.claims.length - 1, 'move')
  if (dispute.status === 'running') {
    const stepped = dispute.steps.length > 0
    return stepped
      ? `${moves}, and L1 has executed the one step; the clocks run out before it pays`
      : `${moves} so far`
  }
  const took = formatSpan((dispute.resolvedMs ?? dispute.openedMs) - dispute.openedMs)
  return dispute.status === 'challengerWins'
    ? `The challenger won after ${moves} and ${took}: the root is removed and its bond forfeited`
    : `The root was defended after ${moves} and ${took}: the challenger lost its bonds`
}
