import { FRAUD_LEVELS, FRAUDS, type FraudInfo } from '../../../workers/protocol/faults.ts'
import { nodeRole } from '../../../workers/protocol/nodes.ts'
import { useView, viewStore } from '../../store/view.ts'
import { nodeTitle } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Modal } from '../../ui/modal.tsx'
import { useSession } from '../shell/session-context.ts'
import styles from './faults.module.css'
import { corrupt, injectFraud } from './fraud-menu.tsx'

const headings: Readonly<Record<(typeof FRAUD_LEVELS)[number], string>> = {
  opcode: 'One opcode',
  'frame end': 'The end of a call',
  precompile: 'A precompile',
  'transaction start': 'The start of a transaction',
  'loading a transaction': 'Which transaction comes next',
  'block start': 'The start of a block',
  'transaction end': 'The end of a transaction',
  cheat: 'A cheat of the devnet',
  'logs and headers': 'Logs, withdrawals and block hashes',
  'batch open': 'Reading a batch',
  'trace length': 'The length of the trace',
  'the game': 'The dispute itself',
  'order and data': 'Order and data',
}

/** Every lie there is, by the level of the machine at which it is caught. */
export function FraudDialog() {
  const lies = useView((view) => view.lies)
  const { world } = useSession()
  const node = lies?.node ?? null
  const offered = FRAUDS.filter((fraud) => node === null || fraud.role === nodeRole(node))
  const inject = (fraud: FraudInfo) => {
    viewStore.setState({ lies: null })
    if (node === null) injectFraud(world, fraud)
    else corrupt(world, node, fraud)
  }
  return (
    <Modal
      open={lies !== null}
      onOpenChange={() => viewStore.setState({ lies: null })}
      title={node === null ? 'All lies' : `All lies of ${nodeTitle(node)}`}
      description="Every lie that can be told, by the level of the machine at which it is caught."
    >
      <div className={styles.levels}>
        {FRAUD_LEVELS.map((level) => {
          const ofLevel = offered.filter((fraud) => fraud.level === level)
          if (ofLevel.length === 0) return null
          return (
            <section key={level} aria-label={headings[level]}>
              <h3>{headings[level]}</h3>
              {ofLevel.map((fraud) => (
                <button
                  key={fraud.name}
                  type="button"
                  className={styles.lie}
                  onClick={() => inject(fraud)}
                >
                  <Icon name="mask" size={16} />
                  <span>
                    {fraud.action}
                    <small>{fraud.description}</small>
                  </span>
                </button>
              ))}
            </section>
          )
        })}
      </div>
    </Modal>
  )
}
