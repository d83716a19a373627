import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import type { DisputeView, StepView } from '../../../workers/protocol/projection.ts'
import type { DecisiveStepDetails } from '../../../workers/protocol/queries.ts'
import { decisiveStep, stepName } from '../../store/verdict.ts'
import { worldStore } from '../../store/world.ts'
import { formatCount, formatGas, shortHash } from '../../ui/format.ts'
import { Term } from '../../ui/tip.tsx'
import { useSession } from '../shell/session-context.ts'
import styles from './dispute.module.css'
import { StateTable } from './state-table.tsx'

/** The end of the game: one step of the machine, what it really does, what was claimed, and the L1 transaction that saw it. */
export function DecisiveStep({ dispute }: { readonly dispute: DisputeView }) {
  const step = decisiveStep(dispute)
  const details = useDetails(dispute.game, dispute.steps.length)
  if (step === undefined) return null
  const { phase, pc, blockNumber, transactionIndex } = step.step
  return (
    <section className={styles.decisive} aria-label="The one step">
      <div className={styles.decisiveHead}>
        <div>
          <span className={styles.quiet}>
            <Term name="step">The one step that decides</Term>
          </span>
          <h3 className={styles.opcode}>{stepName(step)}</h3>
        </div>
        <dl className={styles.facts}>
          <div>
            <dt>Phase</dt>
            <dd>{phase}</dd>
          </div>
          <div>
            <dt>Program counter</dt>
            <dd>{pc}</dd>
          </div>
          <div>
            <dt>Transaction</dt>
            <dd>{transactionIndex}</dd>
          </div>
          <div>
            <dt>L2 block</dt>
            <dd>
              <Link to={`/blocks/${blockNumber}`}>{formatCount(blockNumber)}</Link>
            </dd>
          </div>
          {details !== null && (
            <div>
              <dt>
                <Term name="witness">Witness</Term>
              </dt>
              <dd>{formatCount(details.witnessBytes)} B</dd>
            </div>
          )}
          {details !== null && (
            <div>
              <dt>Verifier</dt>
              <dd>{details.verifier}</dd>
            </div>
          )}
        </dl>
      </div>
      <p className={styles.verdict}>
        {verdict(step)}{' '}
        <Link className={styles.txLink} to={`/tx/${step.transactionHash}`}>
          L1 transaction {shortHash(step.transactionHash)}
        </Link>
      </p>
      {details === null ? (
        <p className={styles.quiet}>
          The states beside the step are shown when a node that played the game can still be asked.
        </p>
      ) : (
        <StateTable details={details} />
      )}
    </section>
  )
}

function verdict(step: StepView): string {
  const gas = formatGas(step.gasUsed)
  return step.succeeded
    ? `L1 executed this step itself for ${gas}, and the claim was not what came out.`
    : `L1 executed this step itself for ${gas}, and the claim was right.`
}

/** Asks the players for the states around the step; the honest challenger knows them, an executor may. */
function useDetails(game: string, steps: number): DecisiveStepDetails | null {
  const { world } = useSession()
  const [details, setDetails] = useState<DecisiveStepDetails | null>(null)
  useEffect(() => {
    let current = true
    // Another step may be the one that decides, so every new one asks again.
    void steps
    const ask = async () => {
      const nodes = Object.values(worldStore.getState().world?.nodes ?? {})
      const players = nodes.filter((node) => node.role === 'challenger' || node.role === 'executor')
      const answers = await Promise.all(
        players.map(({ id }) => world.query(id, 'decisiveStep', { game }).catch(() => null)),
      )
      const known = answers.filter((answer) => answer !== null) as unknown as DecisiveStepDetails[]
      // Only the liar knows what its claim hashes.
      return known.find(({ claimed }) => claimed.length > 0) ?? known[0] ?? null
    }
    void ask().then((found) => {
      if (current) setDetails(found)
    })
    return () => {
      current = false
    }
  }, [world, game, steps])
  return details
}
