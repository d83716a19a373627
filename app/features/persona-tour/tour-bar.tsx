import { useEffect, useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import type { CommandResult } from '../../../workers/protocol/persona.ts'
import { useWorld } from '../../store/world.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Tip } from '../../ui/tip.tsx'
import { HeadMark, headNames } from '../l2/heads.tsx'
import { useRpcOnce } from '../ledger/use-rpc.ts'
import { attempt, useSession } from '../shell/session-context.ts'
import { cutMs, leaveMs } from './pace.ts'
import { show } from './show.ts'
import { steps, type TourStep } from './steps.ts'
import styles from './tour.module.css'
import { goOn, hold, leave, replay, startOver, useTour } from './tour.ts'

/** What the guide says at this step, what just happened on chain, and the two buttons: Replay and Continue. */
export function TourBar() {
  const at = useTour((tour) => tour.at)
  const step = at === null ? undefined : steps[at]
  if (at === null || step === undefined) return null
  return <Bar at={at} step={step} />
}

function Bar({ at, step }: { readonly at: number; readonly step: TourStep }) {
  const session = useSession()
  const { phase, words, receipts, entry } = useTour((tour) => tour)
  const navigate = useNavigate()
  const bar = useRef<HTMLElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: every entry of a step leads to its page, the same step again too.
  useEffect(() => {
    void navigate(step.view)
    heading.current?.focus({ preventScroll: true })
    return show(bar.current, step.card)
  }, [entry, step.view])
  const isLast = at + 1 === steps.length
  const next = () => (isLast ? leave() : attempt(() => goOn(session)))
  return (
    <section ref={bar} className={styles.bar} aria-label="Guided demonstration">
      <div className={styles.top}>
        <h3 ref={heading} tabIndex={-1}>
          <span className={styles.number}>{at + 1}</span> {step.title}
        </h3>
        <span className={styles.spring} />
        <Dots at={at} />
        <Budget at={at} isDone={phase === 'done'} onOver={next} />
        <Button disabled={at === 0} onClick={() => attempt(() => startOver(session))}>
          Start over
        </Button>
        <IconButton label="Leave the tour; its world goes on" onClick={leave}>
          <Icon name="close" size={16} />
        </IconButton>
      </div>
      <div className={styles.body}>
        <p>{step.say}</p>
        <div className={styles.buttons}>
          <Button look="outline" onClick={() => attempt(() => replay(session, at))}>
            <Icon name="restart" size={16} /> Replay
          </Button>
          <Button look="solid" disabled={phase === 'acting'} onClick={next}>
            {isLast ? 'Finish' : 'Continue'} <Icon name="right" size={16} />
          </Button>
        </div>
      </div>
      <Doing phase={phase} words={words} receipts={receipts} />
    </section>
  )
}

/** One mark per step; those that were entered lead back to the moment before them. */
function Dots({ at }: { readonly at: number }) {
  const session = useSession()
  const entered = useTour(({ moments }) => moments.length)
  return (
    <ol className={styles.dots} aria-label="Steps of the demonstration">
      {steps.map(({ title }, index) => (
        <li key={title}>
          <Tip text={`${index + 1}. ${title}`}>
            <button
              type="button"
              aria-label={index < entered ? `Back to step ${index + 1}: ${title}` : title}
              aria-current={index === at ? 'step' : undefined}
              data-done={index < at}
              disabled={index >= entered}
              onClick={() => attempt(() => replay(session, index))}
            />
          </Tip>
        </li>
      ))}
    </ol>
  )
}

interface BudgetProps {
  readonly at: number
  readonly isDone: boolean
  /** The step is done and its time is over. */
  readonly onOver: () => void
}

/** The clock of the seven-minute cut; it goes on by itself unless somebody holds it. */
function Budget({ at, isDone, onOver }: BudgetProps) {
  const { cut, startedMs, enteredMs, heldMs } = useTour((tour) => tour)
  const [nowMs, setNowMs] = useState(() => performance.now())
  const isHeld = heldMs !== null
  const isRunning = cut === 'seven'
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setNowMs(performance.now()), 500)
    return () => clearInterval(timer)
  }, [isRunning])
  const leftMs = leaveMs({ at, startedMs, enteredMs }) - nowMs
  const isOver = isRunning && isDone && !isHeld && leftMs <= 0 && at + 1 < steps.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the time of a step is over.
  useEffect(() => {
    if (isOver) onOver()
  }, [isOver])
  if (!isRunning) return null
  return (
    <>
      <span className={styles.clock}>
        {minutes((heldMs ?? nowMs) - startedMs)} <small>of {minutes(cutMs)}</small>
      </span>
      <Button aria-pressed={isHeld} onClick={() => hold(!isHeld)}>
        <Icon name={isHeld ? 'play' : 'pause'} size={16} />
        {isHeld ? 'Go on by itself' : 'Hold here'}
      </Button>
    </>
  )
}

function minutes(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

interface DoingProps {
  readonly phase: 'acting' | 'done' | 'failed'
  readonly words: string
  readonly receipts: readonly CommandResult[]
}

function Doing({ phase, words, receipts }: DoingProps) {
  const isPlaying = useWorld(({ clock }) => clock.phase === 'playing')
  const isStill = phase === 'acting' && !isPlaying
  return (
    <div className={styles.doing}>
      {receipts.length > 0 && (
        <ul className={styles.receipts} aria-label="What happened on chain">
          {receipts.map((receipt) => (
            <Receipt key={receipt.transactionHash} receipt={receipt} />
          ))}
        </ul>
      )}
      <p role="status" data-phase={phase}>
        {isStill ? 'Time stands still. Press play above to go on.' : words}
      </p>
    </div>
  )
}

/** A transaction of this step, who paid for it, and how far it has come: from L2 alone to final on L1. */
function Receipt({ receipt }: { readonly receipt: CommandResult }) {
  const { text, transactionHash, gas } = receipt
  const { result } = useRpcOnce({
    chain: 'l2',
    method: 'eth_getTransactionReceipt',
    params: [transactionHash],
  })
  const block = (result as { readonly blockNumber?: string } | null | undefined)?.blockNumber
  const head = useWorld(({ l2 }) =>
    block === undefined
      ? 'unsafe'
      : (headNames.findLast((name) => l2.heads[name].number >= BigInt(block)) ?? 'unsafe'),
  )
  return (
    <li>
      <Icon name="check" size={14} />
      <div>
        <Link to={`/tx/${transactionHash}`}>{text}</Link>
        {gas !== 'own' && <span className={styles.tag}>gas {gas}</span>}
        {block !== undefined && (
          <span className={styles.head}>
            <HeadMark head={head} /> block {formatCount(BigInt(block))}, {headWords[head]}
          </span>
        )}
      </div>
    </li>
  )
}

const headWords = {
  unsafe: 'confirmed on L2',
  safe: 'posted to L1',
  settled: 'settled on L1',
  finalized: 'final on L1',
} as const
