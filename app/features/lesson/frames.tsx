import type { DisputeView } from '../../../workers/protocol/projection.ts'
import { formatEther, nodeTitle, plural } from '../../ui/format.ts'
import { Term } from '../../ui/tip.tsx'
import styles from './lesson.module.css'
import { Question } from './question.tsx'
import { prediction } from './questions.ts'

export function Start({ isReady }: { readonly isReady: boolean }) {
  return (
    <div className={styles.text}>
      <p className={styles.lead}>
        A <Term name="rollup">rollup</Term> does its work away from Ethereum and writes down only
        the result. So what if the result is a lie?
      </p>
      <p>
        In five minutes you make a real <Term name="executor">executor</Term> lie, watch it being
        caught down to one instruction, and then see the same lie succeed because nobody looked. All
        of it happens: the nodes, the contracts on <Term name="l1">L1</Term> and the money run in
        this tab.
      </p>
      {!isReady && (
        <p className={styles.quiet}>
          Start opens a fresh classroom world. The world that runs now ends; save its link first if
          you want it back.
        </p>
      )}
    </div>
  )
}

interface CheckProps {
  readonly predicted: number | null
  readonly dispute: DisputeView | undefined
}

export function Check({ predicted, dispute }: CheckProps) {
  return (
    <>
      <Question
        name="prediction"
        {...prediction}
        chosen={predicted}
        isOpen={true}
        onChoose={() => undefined}
      />
      {dispute !== undefined && <Money dispute={dispute} />}
    </>
  )
}

/** What the lie cost, from the contract's own payments. */
function Money({ dispute }: { readonly dispute: DisputeView }) {
  return (
    <div className={styles.text}>
      <p>
        {plural(dispute.claims.length - 1, 'move')}, each a transaction on L1 with a{' '}
        <Term name="bond">bond</Term>. In the end:
      </p>
      <ul className={styles.money}>
        {dispute.parties.map(({ address, side, node, bondedWei, wonWei }) => (
          <li key={`${side}-${address}`} data-lost={wonWei < bondedWei}>
            <strong>
              {wonWei < bondedWei ? '− ' : '+ '}
              {formatEther(wonWei < bondedWei ? bondedWei - wonWei : wonWei - bondedWei, 3)}
            </strong>
            <span>
              {nodeTitle(node ?? '')} staked {formatEther(bondedWei, 3)} and was credited{' '}
              {formatEther(wonWei, 3)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
