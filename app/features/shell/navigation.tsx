import { Link, NavLink, useLocation } from 'react-router'
import { useWorld } from '../../store/world.ts'
import { plural } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import styles from './shell.module.css'

const places = [
  ['/', 'World'],
  ['/blocks', 'Blocks'],
  ['/batches', 'Batches'],
  ['/output-roots', 'State roots'],
  ['/disputes', 'Disputes'],
  ['/deposits', 'Deposits'],
  ['/withdrawals', 'Withdrawals'],
  ['/accounts', 'Accounts'],
] as const

export function Navigation() {
  const running = useWorld(
    (world) => world.disputes.filter((dispute) => dispute.status === 'running').length,
  )
  return (
    <nav className={styles.navigation} aria-label="Views">
      {places.map(([to, title]) => (
        <NavLink key={to} to={to} end={to === '/'} className={styles.place ?? ''}>
          {title}
          {to === '/disputes' && running > 0 && <span className={styles.badge}>{running}</span>}
        </NavLink>
      ))}
      <DisputeBanner />
    </nav>
  )
}

/** While a dispute runs, the way to it stands above every view but itself. */
function DisputeBanner() {
  const dispute = useWorld((world) =>
    world.disputes.findLast((entry) => entry.status === 'running'),
  )
  const { pathname } = useLocation()
  if (dispute === undefined || pathname === `/disputes/${dispute.game}`) return null
  const lie = dispute.parties[0]?.honest === false
  const moves = dispute.claims.length - 1
  return (
    <Link to={`/disputes/${dispute.game}`} className={styles.banner}>
      <Icon name="mask" size={16} />
      <span>
        {lie ? 'False' : 'Honest'} root of batch {String(dispute.entryIndex)} disputed ·{' '}
        {plural(moves, 'move')}
      </span>
      <Icon name="right" size={16} />
    </Link>
  )
}
