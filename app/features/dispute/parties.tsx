import { useTimeMs, useWorld } from '../../store/world.ts'
import { formatChessClock, formatEther, formatGas, nodeTitle, plural } from '../../ui/format.ts'
import { RoleGlyph } from '../../ui/role-glyph.tsx'
import { Term } from '../../ui/tip.tsx'
import styles from './dispute.module.css'
import { partyName } from './party-name.ts'
import type { PartyScene, Scene } from './scene.ts'

interface PartiesProps {
  readonly scene: Scene
  /** The newest moment of a running game: clocks tick. */
  readonly isLive: boolean
}

/** Both sides with their clocks and bonds as they stood at this moment. */
export function Parties({ scene, isLive }: PartiesProps) {
  const own = scene.parties.filter(({ party }) => party.alias === 0)
  const aliases = scene.parties.filter(({ party }) => party.alias > 0)
  return (
    <section className={styles.parties} aria-label="Clocks and bonds at this moment">
      {(['defender', 'challenger'] as const).map((side) => (
        <div key={side} className={styles.side}>
          {own
            .filter(({ party }) => party.side === side)
            .map((entry) => (
              <Party key={entry.party.address} entry={entry} atMs={isLive ? null : scene.timeMs} />
            ))}
        </div>
      ))}
      {aliases.length > 0 && <Aliases entries={aliases} />}
    </section>
  )
}

/** Other names of a party that has a card: clocks belong to a side, so they have none of their own. */
function Aliases({ entries }: { readonly entries: readonly PartyScene[] }) {
  const owner = entries[0]?.party.node ?? ''
  return (
    <div className={styles.party} data-aliases={true} data-honest={false}>
      <div className={styles.partyName}>
        <strong>
          {plural(entries.length, 'alias', 'aliases')} of {nodeTitle(owner)}
        </strong>
        <span className={styles.quiet}>
          <Term name="alias">accounts that L1 takes for strangers</Term>
        </span>
        <span className={styles.honesty}>▲ lies</span>
      </div>
      <table className={styles.aliases}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Side</th>
            <th scope="col">Bonds</th>
            <th scope="col">Credited</th>
            <th scope="col">Moves</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ party, bondedWei, wonWei, moves }) => (
            <tr key={party.address}>
              <th scope="row">alias {party.alias}</th>
              <td>{party.side === 'defender' ? 'defends' : 'disputes'}</td>
              <td>{formatEther(bondedWei, 3)}</td>
              <td>{formatEther(wonWei, 3)}</td>
              <td>{moves}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Party({ entry, atMs }: { readonly entry: PartyScene; readonly atMs: number | null }) {
  const { party, usedSeconds, runsSinceMs, bondedWei, wonWei, moves, gasUsed } = entry
  const nowMs = useTimeMs(250)
  const clockSeconds = useWorld(({ run }) => run.parameters.gameClockSeconds)
  const ran = runsSinceMs === null ? 0 : Math.max(0, (atMs ?? nowMs) - runsSinceMs) / 1_000
  const left = Math.max(0, clockSeconds - usedSeconds - ran)
  const isRunning = runsSinceMs !== null && left > 0
  return (
    <div className={styles.party} data-honest={party.honest} data-running={isRunning}>
      <div className={styles.partyName}>
        <RoleGlyph actor={party.side === 'defender' ? 'executor' : 'challenger'} size={22} />
        <div>
          <strong>{partyName(party)}</strong>
          <span>{party.side === 'defender' ? 'defends the root' : 'disputes the root'}</span>
        </div>
        <span className={styles.honesty}>{party.honest ? 'honest' : '▲ lies'}</span>
      </div>
      <div className={styles.clockRow}>
        <Term name="chessClock">
          <time className={styles.clock}>{formatChessClock(left)}</time>
        </Term>
        <span className={styles.quiet}>{clockWords(left, isRunning)}</span>
      </div>
      <div className={styles.clockBar}>
        <span style={{ width: `${Math.min(100, (100 * left) / clockSeconds)}%` }} />
      </div>
      <dl className={styles.money}>
        <div>
          <dt>
            <Term name="bond">Bonds</Term>
          </dt>
          <dd>{formatEther(bondedWei, 3)}</dd>
        </div>
        <div>
          <dt>Credited</dt>
          <dd>{formatEther(wonWei, 3)}</dd>
        </div>
        <div>
          <dt>Moves</dt>
          <dd>{moves}</dd>
        </div>
        <div>
          <dt>
            <Term name="gas">Gas</Term>
          </dt>
          <dd>{formatGas(gasUsed)}</dd>
        </div>
      </dl>
    </div>
  )
}

function clockWords(left: number, isRunning: boolean): string {
  if (left <= 0) return 'time is over'
  return isRunning ? 'clock runs' : 'clock stands'
}
