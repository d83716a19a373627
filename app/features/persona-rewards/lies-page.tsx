import { Link } from 'react-router'
import type { EpochView } from '../../../workers/protocol/persona.ts'
import type { DisputeView, FraudView } from '../../../workers/protocol/projection.ts'
import { usePersonas } from '../../store/persona.ts'
import { decisiveStep, stepName } from '../../store/verdict.ts'
import { useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { formatEther, formatSpan, plural } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Stage, tell } from '../guide/told.ts'
import { Card, Mark } from '../persona/parts.tsx'
import persona from '../persona/persona.module.css'
import { useCommand } from '../persona/use-engine.ts'
import { formatDemo } from '../persona/words.ts'
import { attempt, useSession } from '../shell/session-context.ts'
import { Difference } from './difference.tsx'
import styles from './rewards.module.css'

/** A wrong reward root and a wrong state root, side by side: who notices, and who judges. */
export function LiesPage() {
  return (
    <>
      <div className={styles.lies}>
        <PublisherLie />
        <ExecutorLie />
      </div>
      <Card title="What is different">
        <Difference />
      </Card>
    </>
  )
}

function isLie({ root, expectedRoot }: EpochView): boolean {
  return root !== null && root !== expectedRoot
}

function PublisherLie() {
  const lie = usePersonas(({ epochs }) => epochs.findLast(isLie))
  return (
    <Card
      title="The publisher inflates a row"
      about="A wrong reward root. The transaction that stores it is valid, so no fraud proof of the rollup can touch it."
      aside={<Mark source="measured" />}
    >
      {lie === undefined ? <LiePublish /> : <Story stages={publisherStages(lie)} />}
      {lie?.challenge != null && (
        <>
          <p className={styles.caught}>
            Caught {spanOf(lie)}after it was published. The publisher lost its bond of{' '}
            {formatEther(lie.slashedWei)}.
          </p>
          <Link className={persona.link} to={`/tx/${lie.challenge.transactionHash}`}>
            See the contract recompute the row
          </Link>
        </>
      )}
    </Card>
  )
}

/** The window's length is known; when in it the challenge came, its block says. */
function spanOf({ publishedMs, finalMs }: EpochView): string {
  return publishedMs === null || finalMs === null
    ? ''
    : `within ${formatSpan(finalMs - publishedMs)} `
}

function publisherStages({ status, challenge, epoch }: EpochView): readonly Stage[] {
  return tell([
    {
      title: 'A false root is published',
      text: `For epoch ${epoch}, with a bond. Nothing on L2 is broken by it.`,
      done: true,
    },
    {
      title: 'A watcher recomputes all rows',
      text:
        challenge === null
          ? 'From the logs of the chain, as anyone can.'
          : `Passport ${challenge.passport}: ${formatDemo(challenge.claimed)} claimed.`,
      done: challenge !== null,
    },
    {
      title: 'The contract computes that one row',
      text:
        challenge === null
          ? 'On L2, from its own records.'
          : `It comes to ${formatDemo(challenge.recomputed)}.`,
      done: challenge !== null,
    },
    {
      title: 'The root is removed',
      text: 'Half of the bond goes to the watcher, half is burnt; the honest root can follow.',
      done: status === 'removed',
    },
  ])
}

function LiePublish() {
  const { isBusy, run } = useCommand()
  const campaign = usePersonas(({ campaigns }) => campaigns.at(-1)?.id)
  const passports = usePersonas(({ setup }) => setup.passports)
  const isDue = usePersonas(({ epochs }) =>
    epochs.some(({ status }) => status === 'closed' || status === 'removed'),
  )
  return (
    <>
      <Button
        look="alarm"
        disabled={isBusy || campaign === undefined || !isDue}
        onClick={() =>
          campaign !== undefined && run({ kind: 'publishRewards', campaign, inflate: passports })
        }
      >
        <Icon name="mask" size={16} /> Publish 500 DEMO too much for passport {passports}
      </Button>
      {!isDue && (
        <p className={persona.quiet}>Possible as soon as an epoch with actions is over.</p>
      )}
    </>
  )
}

function ExecutorLie() {
  const fraud = useWorld(({ frauds }) => frauds.findLast((one) => one.fraud === 'fraud-reward'))
  const dispute = useWorld(({ disputes }) =>
    disputes.findLast(({ game }) => game === (fraud?.game ?? '')),
  )
  const step = dispute === undefined ? undefined : decisiveStep(dispute)
  const isJudged = dispute?.status === 'challengerWins'
  return (
    <Card
      title="The executor inflates a balance"
      about="A wrong state root. Somebody claims, and the executor's root pays more than the transaction did."
      aside={<Mark source="measured" />}
    >
      {fraud === undefined ? <LieState /> : <Story stages={executorStages(fraud, dispute)} />}
      {isJudged && (
        <p className={styles.caught}>
          Caught by one {step === undefined ? 'missing answer' : stepName(step)},{' '}
          {formatSpan((dispute.resolvedMs ?? 0) - dispute.openedMs)} after the challenger objected.
        </p>
      )}
      {dispute !== undefined && (
        <Link className={persona.link} to={`/disputes/${dispute.game}`}>
          Watch the dispute, move by move
        </Link>
      )}
    </Card>
  )
}

function executorStages(fraud: FraudView, dispute: DisputeView | undefined): readonly Stage[] {
  const step = dispute === undefined ? undefined : decisiveStep(dispute)
  const { actedMs, game } = fraud
  return tell([
    {
      title: 'The executor lies in one step',
      text:
        actedMs === null
          ? 'It waits for somebody to claim.'
          : `One SSTORE in L2 block ${fraud.step?.blockNumber ?? '?'} writes too much.`,
      done: actedMs !== null,
    },
    {
      title: 'Its root stands on L1, with a bond',
      text: 'Once the batch is posted and the next root is due.',
      done: game !== null,
    },
    {
      title: 'The challenger rebuilds and bisects',
      text:
        dispute === undefined
          ? 'From L1 and the data nodes alone.'
          : `${plural(dispute.claims.length - 1, 'move')}, each halves the disagreement.`,
      done: step !== undefined,
    },
    {
      title: 'L1 executes the one step',
      text: step === undefined ? 'What is left is one step of the EVM.' : `${stepName(step)}.`,
      done: step !== undefined,
    },
    {
      title: 'The root is removed',
      text: 'The bonds go to the challenger; honest roots go on. No other result changes.',
      done: dispute?.status === 'challengerWins',
    },
  ])
}

function LieState() {
  const { world } = useSession()
  const { isBusy, run } = useCommand()
  const campaign = usePersonas(({ campaigns }) => campaigns.at(-1)?.id)
  const isPayable = usePersonas(({ epochs }) => epochs.some(({ status }) => status === 'final'))
  const lie = () =>
    attempt(async () => {
      await world.fault({ kind: 'corrupt', node: 'executor-0', fraud: 'fraud-reward' })
      if (campaign !== undefined) run({ kind: 'claim', campaign, passport: 2 })
    })
  return (
    <>
      <Button look="alarm" disabled={isBusy || !isPayable} onClick={lie}>
        <Icon name="mask" size={16} /> Make the executor inflate the next claim
      </Button>
      {!isPayable && (
        <p className={persona.quiet}>
          Possible as soon as a reward root is final and can be claimed.
        </p>
      )}
    </>
  )
}

function Story({ stages }: { readonly stages: readonly Stage[] }) {
  return (
    <ol className={styles.story}>
      {stages.map(({ title, text, state }) => (
        <li key={title} data-state={state}>
          <span>
            <strong>{title}</strong>
            {state !== 'ahead' && <small>{text}</small>}
          </span>
        </li>
      ))}
    </ol>
  )
}
