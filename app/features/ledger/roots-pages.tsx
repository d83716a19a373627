import { Link } from 'react-router'
import { useShallow } from 'zustand/react/shallow'
import { FRAUDS } from '../../../workers/protocol/faults.ts'
import { decisiveStep, stepName } from '../../store/verdict.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/fields.tsx'
import { formatClock, formatEther, formatSpan, plural } from '../../ui/format.ts'
import { GLOSSARY } from '../../ui/glossary.ts'
import { Hash } from '../../ui/hash.tsx'
import { Icon } from '../../ui/icon.tsx'
import { injectFraud } from '../faults/fraud-menu.tsx'
import { useSession } from '../shell/session-context.ts'
import styles from './ledger.module.css'
import { Sheet, Table } from './sheet.tsx'

export function RootsPage() {
  const roots = useWorld(useShallow(({ roots: all }) => all.toReversed()))
  const timeMs = useTimeMs(1_000)
  return (
    <Sheet title="State roots" about={GLOSSARY.root[1]}>
      {roots.length === 0 ? (
        <Empty title="No root yet">
          Once the first batch has settled, the executor stakes a bond on the state behind it.
        </Empty>
      ) : (
        <Table
          label="State roots"
          columns={['Batch', 'Status', 'Window', 'Claim', 'Proposer', 'Bond', 'Proposed', 'Game']}
        >
          {roots.map((root) => (
            <tr
              key={root.game}
              data-alarm={root.status === 'disputed' || root.status === 'rejected'}
            >
              <td>
                <Link to={`/batches/${root.entryIndex}`}>{String(root.entryIndex)}</Link>
              </td>
              <td>{root.status}</td>
              <td>
                {root.status === 'proposed'
                  ? `${formatSpan(root.deadlineMs - timeMs)} left`
                  : 'over'}
              </td>
              <td>
                <Hash value={root.claim} />
              </td>
              <td>
                <Link to={`/accounts/${root.proposer}`}>
                  <Hash value={root.proposer} />
                </Link>
              </td>
              <td>{formatEther(root.bondWei)}</td>
              <td>{formatClock(root.proposedMs)}</td>
              <td>
                <Link to={`/disputes/${root.game}`}>
                  <Hash value={root.game} />
                </Link>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Sheet>
  )
}

const statuses = {
  running: 'running',
  defenderWins: 'root defended',
  challengerWins: 'root removed',
} as const

export function DisputesPage() {
  const disputes = useWorld(useShallow(({ disputes: all }) => all.toReversed()))
  return (
    <Sheet title="Disputes" about={GLOSSARY.dispute[1]}>
      {disputes.length === 0 ? (
        <NoDispute />
      ) : (
        <Table
          label="Disputes"
          columns={['Batch', 'Status', 'Moves', 'Decided by', 'Opened', 'Game']}
        >
          {disputes.map((dispute) => {
            const step = decisiveStep(dispute)
            return (
              <tr key={dispute.game} data-alarm={dispute.status === 'running'}>
                <td>{String(dispute.entryIndex)}</td>
                <td>{statuses[dispute.status]}</td>
                <td>{plural(dispute.claims.length - 1, 'move')}</td>
                <td className="mono">{step === undefined ? '–' : stepName(step)}</td>
                <td>{formatClock(dispute.openedMs)}</td>
                <td>
                  <Link className={styles.go} to={`/disputes/${dispute.game}`}>
                    Watch <Icon name="right" size={14} />
                  </Link>
                </td>
              </tr>
            )
          })}
        </Table>
      )}
    </Sheet>
  )
}

function NoDispute() {
  const { world } = useSession()
  const fraud = FRAUDS.find((entry) => entry.name === 'fraud-sstore')
  return (
    <div className={styles.teach}>
      <h3>Everybody is honest so far</h3>
      <p>
        A dispute begins when a challenger computes another state than the one that was proposed.
        Both sides then halve the disagreement, move by move, until one step of the EVM is left. L1
        executes that step and takes the liar's bond.
      </p>
      {fraud !== undefined && (
        <Button look="alarm" onClick={() => injectFraud(world, fraud)}>
          <Icon name="mask" /> {fraud.action}
        </Button>
      )}
    </div>
  )
}
