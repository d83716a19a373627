import type { DisputeView, PartyView } from '../../../workers/protocol/projection.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { formatChessClock, formatEther, nodeTitle, shortHash } from '../../ui/format.ts'
import { RoleGlyph } from '../../ui/role-glyph.tsx'
import { Term } from '../../ui/tip.tsx'
import styles from './dispute.module.css'
import { traceDepth } from './trace.ts'

/** Both sides with their clocks and bonds, and between them how far the disagreement has narrowed. */
export function Parties({ dispute }: { readonly dispute: DisputeView }) {
  const defenders = dispute.parties.filter((party) => party.side === 'defender')
  const challengers = dispute.parties.filter((party) => party.side === 'challenger')
  return (
    <section className={styles.parties} aria-label="Parties">
      <div className={styles.side}>
        {defenders.map((party) => (
          <Party key={party.address} party={party} />
        ))}
      </div>
      <Narrowing
        depth={Math.max(...dispute.claims.map((claim) => claim.depth))}
        decided={dispute.steps.length > 0}
      />
      <div className={styles.side}>
        {challengers.map((party) => (
          <Party key={party.address} party={party} />
        ))}
      </div>
    </section>
  )
}

function Party({ party }: { readonly party: PartyView }) {
  const timeMs = useTimeMs(250)
  const clockSeconds = useWorld(({ run }) => run.parameters.gameClockSeconds)
  const elapsed = party.running ? Math.max(0, timeMs - party.clockMs) / 1_000 : 0
  const left = Math.max(0, party.secondsLeft - elapsed)
  return (
    <div className={styles.party} data-honest={party.honest} data-running={party.running}>
      <div className={styles.partyName}>
        <RoleGlyph actor={party.side === 'defender' ? 'executor' : 'challenger'} size={22} />
        <div>
          <strong>{party.node === null ? shortHash(party.address) : nodeTitle(party.node)}</strong>
          <span>{party.side === 'defender' ? 'defends the root' : 'disputes the root'}</span>
        </div>
        <span className={styles.honesty}>{party.honest ? 'honest' : '▲ lies'}</span>
      </div>
      <div className={styles.clockRow}>
        <Term name="chessClock">
          <time className={styles.clock}>{formatChessClock(left)}</time>
        </Term>
        <span className={styles.quiet}>{party.running ? 'clock runs' : 'clock stands'}</span>
      </div>
      <div className={styles.clockBar}>
        <span style={{ width: `${Math.min(100, (100 * left) / clockSeconds)}%` }} />
      </div>
      <dl className={styles.money}>
        <div>
          <dt>
            <Term name="bond">Bonds</Term>
          </dt>
          <dd>{formatEther(party.bondedWei, 3)}</dd>
        </div>
        <div>
          <dt>Won</dt>
          <dd>{formatEther(party.wonWei, 3)}</dd>
        </div>
        <div>
          <dt>Moves</dt>
          <dd>{party.moves}</dd>
        </div>
      </dl>
    </div>
  )
}

function Narrowing({ depth, decided }: { readonly depth: number; readonly decided: boolean }) {
  const left = traceDepth - depth
  return (
    <div className={styles.narrowing}>
      <span className={styles.quiet}>{decided ? 'decided on' : 'in dispute'}</span>
      <strong>
        {decided || left === 0 ? (
          '1 step'
        ) : (
          <>
            2<sup>{left}</sup> steps
          </>
        )}
      </strong>
      <div className={styles.depthBar} role="img" aria-label={`Depth ${depth} of ${traceDepth}`}>
        <span style={{ width: `${(100 * depth) / traceDepth}%` }} />
      </div>
      <span className={styles.quiet}>
        of 2<sup>{traceDepth}</sup>, halved {depth} times
      </span>
    </div>
  )
}
