import { useState } from 'react'
import { Link } from 'react-router'
import { FRAUDS } from '../../../workers/protocol/faults.ts'
import type { WalletAction } from '../../bridge/wallet.ts'
import { notify, viewStore } from '../../store/view.ts'
import { useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Slide } from '../../ui/slide.tsx'
import { Term } from '../../ui/tip.tsx'
import { FEATURED } from '../faults/featured.ts'
import { injectFraud } from '../faults/fraud-menu.tsx'
import { attempt, errorText, useSession } from '../shell/session-context.ts'
import { CaseCard } from './case-card.tsx'
import styles from './guide.module.css'

/** What this is, and what to do first: honest actions, then dishonest ones. */
export function Guide() {
  return (
    <div className={styles.guide}>
      <CaseCard />
      <section>
        <h2 className={styles.title}>A whole rollup, running in this tab</h2>
        <p className={styles.text}>
          A <Term name="committee">committee</Term> orders transactions, an{' '}
          <Term name="executor">executor</Term> runs them and spreads their data,{' '}
          <Term name="l1">L1</Term> keeps the money, and a <Term name="challenger">challenger</Term>{' '}
          checks it all. Nothing is drawn that does not happen.
        </p>
      </section>
      <LessonLink />
      <TryIt />
      <BreakIt />
    </div>
  )
}

/** The way in for those who want to be shown. */
function LessonLink() {
  return (
    <Link className={styles.action} to="/lesson/1">
      <span>
        <strong>Learn: Catch the cheater</strong>
        <span>Lesson 1, five minutes, on a live chain of its own</span>
      </span>
      <Icon name="right" size={16} />
    </Link>
  )
}

const actions: readonly {
  readonly action: WalletAction
  readonly title: string
  readonly note: string
}[] = [
  {
    action: 'deposit',
    title: 'Deposit 5 ETH from L1',
    note: 'Locked in the bridge on L1, minted on L2',
  },
  {
    action: 'deploy',
    title: 'Deploy an ERC-20 on L2',
    note: 'OpenZeppelin’s token, a real contract',
  },
  {
    action: 'transfers',
    title: 'Send 50 token transfers',
    note: 'Signed by a test account in a worker',
  },
  { action: 'withdraw', title: 'Withdraw 1 ETH to L1', note: 'Paid out after the dispute window' },
]

function TryIt() {
  const { wallet } = useSession()
  const [busy, setBusy] = useState<WalletAction | null>(null)
  const run = (action: WalletAction) => {
    setBusy(action)
    wallet
      .perform(action)
      .then(
        (text) => notify('info', text),
        (error: unknown) => notify('error', errorText(error)),
      )
      .finally(() => setBusy(null))
  }
  return (
    <section className={styles.section}>
      <h3>Do something real</h3>
      <div className={styles.list}>
        {actions.map(({ action, title, note }) => (
          <button
            key={action}
            type="button"
            className={styles.action}
            disabled={busy !== null}
            onClick={() => run(action)}
          >
            <span>
              <strong>{title}</strong>
              <span>{busy === action ? 'under way…' : note}</span>
            </span>
            <Icon name="right" size={16} />
          </button>
        ))}
      </div>
      <Load />
    </section>
  )
}

const loads = [0, 1, 5, 10, 25, 50, 100, 200] as const

function Load() {
  const { wallet } = useSession()
  const [step, setStep] = useState(0)
  const rate = useWorld(({ totals }) => Math.round(totals.transactionsPerSecond))
  const wanted = loads[step] ?? 0
  const change = (value: number) => {
    setStep(value)
    attempt(() => wallet.setLoad(loads[value] ?? 0))
  }
  return (
    <div className={styles.load}>
      <div>
        <span>Load</span>
        <span>
          {wanted === 0 ? 'off' : `${wanted} transfers a second`}
          {rate > 0 && ` · ${rate} measured`}
        </span>
      </div>
      <Slide label="Transfers per second" value={step} max={loads.length - 1} onChange={change} />
    </div>
  )
}

function BreakIt() {
  const { world } = useSession()
  return (
    <section className={styles.section}>
      <h3>Cheat, and watch it being caught</h3>
      <p className={styles.text}>
        Each lie ends in a <Term name="dispute">dispute</Term> that L1 decides by executing{' '}
        <Term name="step">one single step</Term>.
      </p>
      <div className={styles.list}>
        {FEATURED.filter((fraud) => fraud.role === 'executor' || fraud.role === 'challenger').map(
          (fraud) => (
            <Button
              key={fraud.name}
              look="alarm"
              className={styles.fraud}
              onClick={() => injectFraud(world, fraud)}
            >
              <Icon name="mask" size={16} />
              {fraud.action}
            </Button>
          ),
        )}
        <Button look="outline" onClick={() => viewStore.setState({ lies: { node: null } })}>
          All {FRAUDS.length} lies…
        </Button>
      </div>
    </section>
  )
}
