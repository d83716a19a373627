import type { News } from '../../bridge/prover.ts'
import { useWorld } from '../../store/world.ts'
import { formatBytes, formatCount, formatSpan, plural, shortHash } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import styles from './proof.module.css'
import { isUnderWay, type ProofRun } from './run.ts'
import { waitingOf } from './waiting.ts'

const order = ['wait', 'build', 'send', 'confirm'] as const
type StepName = (typeof order)[number]

const titles: Readonly<Record<StepName, string>> = {
  wait: 'A final root that holds it',
  build: 'Proof from that root down to one storage slot',
  send: 'Call of PersonaProver on L1',
  confirm: 'The contract’s verdict',
}

/** What was done and what is under way; a screen reader hears each step once. */
export function Steps({ run }: { readonly run: ProofRun }) {
  const { news, verdict, failure } = run
  const current = news.at(-1)?.step ?? 'wait'
  return (
    <>
      <ol className={styles.steps} aria-label="Steps of the proof">
        {order.map((step) => {
          const told = news.find((one) => one.step === step)
          const state = stateOf({
            step,
            current,
            isOver: verdict !== null,
            failed: failure !== null,
          })
          return (
            <li key={step} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
              <span className={styles.sign} aria-hidden="true">
                {state === 'done' && <Icon name="check" size={12} />}
                {state === 'failed' && <Icon name="close" size={12} />}
              </span>
              <div>
                <strong>{titles[step]}</strong>
                {state !== 'later' && told !== undefined && (
                  <Told news={told} isNow={state === 'now'} />
                )}
              </div>
            </li>
          )
        })}
      </ol>
      <p className="visually-hidden" role="status">
        {isUnderWay(run) ? spoken(news.at(-1)) : verdict !== null ? 'L1 believed the proof.' : ''}
      </p>
    </>
  )
}

interface StateInput {
  readonly step: StepName
  readonly current: StepName
  readonly isOver: boolean
  readonly failed: boolean
}

function stateOf({ step, current, isOver, failed }: StateInput) {
  if (isOver || order.indexOf(step) < order.indexOf(current)) return 'done'
  if (step !== current) return 'later'
  return failed ? 'failed' : 'now'
}

function Told({ news, isNow }: { readonly news: News; readonly isNow: boolean }) {
  switch (news.step) {
    case 'wait':
      return isNow ? (
        <Wait news={news} />
      ) : (
        <small>L2 says so since block {formatCount(news.blockNumber)}.</small>
      )
    case 'build':
      return <small>The root covers L2 up to block {formatCount(news.finalBlock)}.</small>
    case 'send':
      return (
        <small>
          {formatBytes(news.bytes)} of call data with {plural(news.nodes, 'trie node')}
          {news.again !== null && `; sent again, for L1 had answered ${news.again}`}
        </small>
      )
    case 'confirm':
      return isNow ? (
        <small>{shortHash(news.transactionHash)} waits for its block on L1.</small>
      ) : null
  }
}

/** What it waits for, and how long that is in virtual time. */
function Wait({ news }: { readonly news: Extract<News, { readonly step: 'wait' }> }) {
  const { blockNumber, finalBlock } = news
  const text = useWorld((world) => {
    const { text: why, leftMs, isMost } = waitingOf(blockNumber, world)
    if (leftMs === null) return `Now ${why}.`
    return `Now ${why}: ${isMost ? 'at most' : 'about'} ${formatSpan(leftMs)} of virtual time.`
  })
  return (
    <small>
      L2 says so since block {formatCount(blockNumber)};{' '}
      {finalBlock === null
        ? 'no root is final yet.'
        : `final roots reach block ${formatCount(finalBlock)}.`}{' '}
      <span className={styles.left}>{text}</span>
    </small>
  )
}

function spoken(news: News | undefined): string {
  switch (news?.step) {
    case undefined:
      return 'Asking L2.'
    case 'wait':
      return `Waiting for a final root over L2 block ${news.blockNumber}.`
    case 'build':
      return 'Building the proof.'
    case 'send':
      return `Sending the proof to L1, ${formatBytes(news.bytes)}.`
    case 'confirm':
      return 'Waiting for the block on L1.'
  }
}
