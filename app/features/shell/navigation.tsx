import { Link, NavLink, useLocation } from 'react-router'
import type { DisputeView } from '../../../workers/protocol/projection.ts'
import { decisiveStep, stepName } from '../../store/verdict.ts'
import { useWorld } from '../../store/world.ts'
import { plural } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import styles from './shell.module.css'

const places = [
  ['/', 'World'],
  ['/lesson/1', 'Learn'],
  ['/personas', 'Personas'],
  ['/blocks', 'Blocks'],
  ['/batches', 'Batches'],
  ['/output-roots', 'State roots'],
  ['/disputes', 'Disputes'],
  ['/deposits', 'Deposits'],
  ['/withdrawals', 'Withdrawals'],
  ['/accounts', 'Accounts'],
  ['/contracts', 'Workbench'],
  ['/connections', 'Connections'],
] as const

/** Pages behind the one place Workbench. */
const workbench = /^\/(contracts|console|mempool)$/

export function Navigation() {
  const running = useWorld(
    (world) => world.disputes.filter((dispute) => dispute.status === 'running').length,
  )
  const { pathname } = useLocation()
  return (
    <nav className={styles.navigation} aria-label="Views">
      {places.map(([to, title]) => (
        <NavLink
          key={to}
          to={to}
          end={to === '/'}
          className={styles.place ?? ''}
          data-here={to === '/contracts' && workbench.test(pathname)}
        >
          {title}
          {to === '/disputes' && running > 0 && <span className={styles.badge}>{running}</span>}
        </NavLink>
      ))}
      <DisputeBanner />
    </nav>
  )
}

/** The verdict stays in sight for this long, in virtual time. */
const verdictMs = 60_000

/** While a dispute runs, the way to it stands above every view but itself; for a while after it, its outcome. */
function DisputeBanner() {
  const dispute = useWorld(({ disputes, clock }) =>
    disputes.findLast(
      ({ status, resolvedMs }) =>
        status === 'running' || clock.timeMs - (resolvedMs ?? 0) < verdictMs,
    ),
  )
  const { pathname } = useLocation()
  if (dispute === undefined || pathname === `/disputes/${dispute.game}`) return null
  const running = dispute.status === 'running'
  return (
    <Link to={`/disputes/${dispute.game}`} className={styles.banner} data-running={running}>
      <Icon name={running ? 'mask' : 'check'} size={16} />
      <span>{running ? runningWords(dispute) : verdictWords(dispute)}</span>
      <Icon name="right" size={16} />
    </Link>
  )
}

function runningWords({ parties, entryIndex, claims }: DisputeView): string {
  const kind = parties[0]?.honest === false ? 'False' : 'Honest'
  return `${kind} root of batch ${entryIndex} disputed · ${plural(claims.length - 1, 'move')}`
}

function verdictWords(dispute: DisputeView): string {
  const { status, entryIndex } = dispute
  const step = decisiveStep(dispute)
  const by = step === undefined ? '' : ` by one ${stepName(step)}`
  return status === 'challengerWins'
    ? `Root of batch ${entryIndex} refuted${by}`
    : `Root of batch ${entryIndex} defended${by}`
}
