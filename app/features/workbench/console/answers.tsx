import { Button } from '../../../ui/button.tsx'
import { formatBytes } from '../../../ui/format.ts'
import { copyText } from '../../shell/copy.ts'
import { attempt, useSession } from '../../shell/session-context.ts'
import styles from '../workbench.module.css'
import {
  type Answer,
  asCast,
  asCurl,
  ask,
  clearExchanges,
  type Exchange,
  useExchanges,
} from './exchange.ts'

/** Newest first. */
export function Answers() {
  const exchanges = useExchanges()
  if (exchanges.length === 0) return null
  return (
    <section className={styles.stack} aria-label="Answers">
      <div className={styles.row}>
        <h3 className={styles.grow}>Answers</h3>
        <Button onClick={clearExchanges}>Clear</Button>
      </div>
      <ol className={styles.stack} aria-live="polite">
        {exchanges.map((exchange) => (
          <Line key={exchange.id} exchange={exchange} />
        ))}
      </ol>
    </section>
  )
}

function Line({ exchange: { question, answer } }: { readonly exchange: Exchange }) {
  const { world } = useSession()
  return (
    <li className={styles.card}>
      <div className={styles.row}>
        <span className={styles.kind}>{question.chain.toUpperCase()}</span>
        <code className={styles.grow}>
          <b>{question.method}</b>{' '}
          <span className={styles.quiet}>{JSON.stringify(question.params)}</span>
        </code>
        {answer.kind !== 'waiting' && (
          <span className={styles.quiet}>{Math.max(1, Math.round(answer.tookMs))} ms</span>
        )}
        <Button onClick={() => attempt(() => ask(world, question))}>Again</Button>
        <Button onClick={() => copyText('curl', asCurl(question))}>curl</Button>
        <Button onClick={() => copyText('cast', asCast(question))}>cast</Button>
      </div>
      <AnswerText answer={answer} />
    </li>
  )
}

/** Longer answers are shown in part; a copy has all of it. */
const shownMax = 20_000

function AnswerText({ answer }: { readonly answer: Answer }) {
  if (answer.kind === 'waiting') return <p className={styles.quiet}>Waiting for the node…</p>
  if (answer.kind === 'error') {
    return (
      <div className={styles.error}>
        {answer.code !== null && <b>{answer.code} </b>}
        {answer.message}
        {answer.data !== undefined && answer.data !== null && (
          <code className={styles.bytes}>{JSON.stringify(answer.data)}</code>
        )}
      </div>
    )
  }
  const text = JSON.stringify(answer.result, null, 2)
  return (
    <>
      <pre className={styles.answer}>{text.slice(0, shownMax)}</pre>
      {text.length > shownMax && (
        <div className={styles.row}>
          <span className={styles.grow}>
            The first {formatBytes(shownMax)} of {formatBytes(text.length)}.
          </span>
          <Button look="outline" onClick={() => copyText('The answer', text)}>
            Copy all
          </Button>
        </div>
      )}
    </>
  )
}
