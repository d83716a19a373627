import { Link } from 'react-router'
import type { DisputeView, StepView } from '../../../workers/protocol/projection.ts'
import type {
  DecisiveStepDetails,
  DisputeTrace,
  MachineField,
} from '../../../workers/protocol/queries.ts'
import { decisiveStep, stepName } from '../../store/verdict.ts'
import { formatCount, formatDecimal, formatEther, formatGas, shortHash } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { Term } from '../../ui/tip.tsx'
import { Amount } from './amount.tsx'
import type { Known } from './ask-players.ts'
import { meaningOf } from './opcodes.ts'
import { StateTable } from './state-table.tsx'
import styles from './step.module.css'
import { placeOf } from './trace.ts'
import { useDecisiveStep } from './use-trace.ts'
import { Witness } from './witness.tsx'

/** Ethereum's limit for one transaction (EIP-7825). */
const gasMax = 16_777_216

interface DecisiveStepProps {
  readonly dispute: DisputeView
  readonly trace: Known<DisputeTrace>
}

/** The end of the game: one step of the machine, what it really does, what was claimed, and the L1 transaction that saw it. */
export function DecisiveStep({ dispute, trace }: DecisiveStepProps) {
  const step = decisiveStep(dispute)
  const details = useDecisiveStep(dispute.game, step)
  if (step === undefined) return null
  const meaning = meaningOf(step.step)
  return (
    <section className={styles.decisive} aria-label="The one step">
      <div className={styles.decisiveHead}>
        <div>
          <span className={styles.quiet}>
            <Term name="step">The one step that decides</Term>
          </span>
          <h3 className={styles.opcode}>{stepName(step)}</h3>
        </div>
        <Facts step={step} trace={trace} details={details} />
      </div>
      {meaning !== null && (
        <p className={styles.meaning}>{standsStill(details) ? finished : meaning.text}</p>
      )}
      {details.state === 'known' && <Difference details={details.value} />}
      <p>
        L1 executed this step itself, in{' '}
        <Link className={styles.txLink} to={`/tx/${step.transactionHash}`}>
          transaction {shortHash(step.transactionHash)}
        </Link>
        , for {formatGas(step.gasUsed)}: {formatDecimal((100 * Number(step.gasUsed)) / gasMax)} % of
        what one transaction on Ethereum may use. The claim was {step.succeeded ? 'false' : 'right'}
        .
      </p>
      <Details details={details} operands={meaning?.operands ?? []} />
    </section>
  )
}

const finished =
  'The last batch is read and the trace is over: the machine stands still from here on.'

function standsStill(details: Known<DecisiveStepDetails>): boolean {
  return details.state === 'known' && details.value.honestHash === details.value.beforeHash
}

function Details({
  details,
  operands,
}: {
  readonly details: Known<DecisiveStepDetails>
  readonly operands: readonly string[]
}) {
  switch (details.state) {
    case 'asking':
      return <p className={styles.quiet}>Asking the players for the states around the step…</p>
    case 'refused':
      return (
        <div className={styles.quiet}>
          <p>The states around the step are known to the players, and none of them can tell now:</p>
          <ul>
            {details.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      )
    case 'known':
      return (
        <>
          <StateTable details={details.value} operands={operands} />
          <Witness details={details.value} />
        </>
      )
  }
}

interface FactsProps extends Pick<DecisiveStepProps, 'trace'> {
  readonly step: StepView
  readonly details: Known<DecisiveStepDetails>
}

function Facts({ step, trace, details }: FactsProps) {
  const { phase, pc, blockNumber, traceIndex } = step.step
  const { item, step: number } = placeOf(traceIndex)
  const transaction = trace.state === 'known' ? trace.value.items[item]?.transaction : undefined
  return (
    <dl className={styles.facts}>
      <div>
        <dt>L2 block</dt>
        <dd>
          <Link className={styles.txLink} to={`/blocks/${blockNumber}`}>
            {formatCount(blockNumber)}
          </Link>
        </dd>
      </div>
      {transaction && (
        <div>
          <dt>L2 transaction</dt>
          <dd>
            <Link className={styles.txLink} to={`/tx/${transaction.hash}`}>
              {shortHash(transaction.hash)}
            </Link>
          </dd>
        </div>
      )}
      <div>
        <dt>Step of it</dt>
        <dd>{formatCount(number)}</dd>
      </div>
      <div>
        <dt>Phase</dt>
        <dd>{phase}</dd>
      </div>
      {phase === 'EXEC' && (
        <div>
          <dt>Program counter</dt>
          <dd>{formatCount(pc)}</dd>
        </div>
      )}
      {details.state === 'known' && (
        <div>
          <dt>Executed by</dt>
          <dd>{details.value.verifier}.sol</dd>
        </div>
      )}
    </dl>
  )
}

/** What differs, in one sentence. */
function Difference({ details }: { readonly details: DecisiveStepDetails }) {
  const { slot } = details
  if (slot !== null) {
    return (
      <p className={styles.difference}>
        The slot <Hash value={slot.slot} /> of contract <Hash value={slot.address} /> held{' '}
        <Amount text={slot.before} />. The step makes it{' '}
        <strong data-right>
          <Amount text={slot.honest} />
        </strong>
        {slot.claimed !== null && slot.claimed !== slot.honest && (
          <>
            ; the state that was claimed has{' '}
            <strong data-wrong>
              ▲ <Amount text={slot.claimed} />
            </strong>
          </>
        )}
        .
      </p>
    )
  }
  const account = details.accounts.find(
    ({ honest, claimed }) => claimed !== null && claimed.balanceWei !== honest.balanceWei,
  )
  if (account?.claimed) {
    return (
      <p className={styles.difference}>
        The account <Hash value={account.address} /> has{' '}
        <strong data-right>{formatEther(account.honest.balanceWei, 3)}</strong> after the step; the
        state that was claimed has{' '}
        <strong data-wrong>▲ {formatEther(account.claimed.balanceWei, 3)}</strong>.
      </p>
    )
  }
  const field = firstDifference(details)
  if (field === null) return null
  return (
    <p className={styles.difference}>
      {field.label} is{' '}
      <strong data-right>
        <Amount text={field.honest} />
      </strong>{' '}
      after the step; the state that was claimed has{' '}
      <strong data-wrong>
        ▲ <Amount text={field.claimed} />
      </strong>
      .
    </p>
  )
}

/** Hashes say nothing to a person: the first field that is not one. */
function firstDifference({ honest, claimed }: DecisiveStepDetails) {
  const isHash = ({ name }: MachineField) => /(Hash|Root)$/.test(name) || name === 'stateHash'
  for (const field of honest) {
    const other = claimed.find(({ record, name }) => record === field.record && name === field.name)
    if (other !== undefined && other.value !== field.value && !isHash(field)) {
      const label = `${field.record} ${field.name}`
      return { label, honest: field.value, claimed: other.value }
    }
  }
  return null
}
