import { Link, useParams } from 'react-router'
import type { PersonaDetails, SignalView, WalletView } from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { Button } from '../../ui/button.tsx'
import { formatClock, formatCount } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Table } from '../ledger/sheet.tsx'
import { ProofCard } from '../persona-proof/proof-card.tsx'
import { ResolveCard } from '../persona-proof/resolve-card.tsx'
import { BadgesCard } from './badges-card.tsx'
import { Bar, Card } from './parts.tsx'
import own from './passport.module.css'
import styles from './persona.module.css'
import { SignalProvenance } from './provenance.tsx'
import { Radar } from './radar.tsx'
import { Rexy } from './rexy.tsx'
import { Moment, type ReadingTime, TimeTravel, useReadingTime } from './time-travel.tsx'
import { useCommand, useEngine } from './use-engine.ts'
import { archetypeTitles, dimensionTitles, formatDemo, formatScore, signalTitle } from './words.ts'

/** One passport: what it shows, where each sign of it comes from, and how it looked or will look at another time. */
export function PassportPage() {
  const passport = Number(useParams()['passport'])
  const campaign = usePersonas(({ campaigns }) => campaigns.at(-1)?.id ?? null)
  const reading = useReadingTime()
  // Asked again when a block came or another time was chosen, not with every second.
  const { result: persona } = useEngine(`${passport}/${campaign}/${reading.stop}`, (engine) =>
    engine.persona(passport, campaign, reading.askedMs),
  )
  if (persona === undefined) return <p className={styles.quiet}>Reading passport {passport}…</p>
  if (persona === null) {
    return (
      <p>
        There is no passport {passport}.{' '}
        <Link className={styles.link} to="/personas">
          Back to everyone
        </Link>
      </p>
    )
  }
  return (
    <>
      <Head persona={persona} reading={reading} />
      <TimeTravel reading={reading} />
      <div className={own.passport}>
        <Card title="Five dimensions" aside={<Moment reading={reading} />}>
          <Radar radar={persona.radar} />
        </Card>
        <BadgesCard persona={persona} timeMs={reading.timeMs} />
        <Wallets persona={persona} />
        <Match persona={persona} reading={reading} />
        <ProofCard persona={persona} />
        <ResolveCard persona={persona} />
      </div>
      <Signals signals={persona.signals} />
    </>
  )
}

interface AtATime {
  readonly persona: PersonaDetails
  readonly reading: ReadingTime
}

function Head({ persona, reading }: AtATime) {
  const { rexy, name, passport, archetype, isSybil, owner, points, actions, claimedWei } = persona
  return (
    <div className={own.identity}>
      <Rexy rexy={rexy} size={104} />
      <div>
        <h3>
          {name}{' '}
          <span className={styles.kind} data-sybil={isSybil}>
            {isSybil ? 'Sybil' : archetype === null ? 'stranger' : archetypeTitles[archetype]}
          </span>
        </h3>
        <p className={styles.quiet}>
          Passport {passport}, owned by <Hash value={owner} />
        </p>
        <p>
          <strong>{formatCount(points)}</strong> points · <strong>{formatCount(actions)}</strong>{' '}
          actions · <strong>{formatDemo(claimedWei)}</strong> received <Moment reading={reading} />
        </p>
      </div>
    </div>
  )
}

function Wallets({ persona }: { readonly persona: PersonaDetails }) {
  const { isBusy, run } = useCommand()
  const { passport, wallets } = persona
  const link = () => run({ kind: 'linkWallet', passport, wallet: wallets.length })
  return (
    <Card
      title="Wallets"
      about="Linked by the signatures of both sides; a paymaster pays the gas."
      aside={
        <Button look="outline" disabled={isBusy} onClick={link}>
          Link a wallet
        </Button>
      }
    >
      <ul className={own.rows}>
        {wallets.map((wallet) => (
          <WalletRow
            key={`${wallet.address}/${wallet.timeMs}`}
            wallet={wallet}
            passport={passport}
          />
        ))}
        {wallets.length === 0 && <li className={styles.quiet}>Only its owner so far.</li>}
      </ul>
    </Card>
  )
}

function WalletRow({
  wallet,
  passport,
}: {
  readonly wallet: WalletView
  readonly passport: number
}) {
  const { isBusy, run } = useCommand()
  const { address, linked, timeMs, transactionHash } = wallet
  return (
    <li data-state={linked ? 'valid' : 'revoked'}>
      <span>
        <Hash value={address} />
        <small>
          <Link className={styles.link} to={`/tx/${transactionHash}`}>
            linked at {formatClock(timeMs)}
          </Link>
        </small>
      </span>
      <span className={own.state}>{linked ? 'linked' : 'unlinked'}</span>
      {linked && (
        <Button disabled={isBusy} onClick={() => run({ kind: 'unlinkWallet', passport, address })}>
          Unlink
        </Button>
      )}
    </li>
  )
}

/** For the project's eyes. */
function Match({ persona, reading }: AtATime) {
  const { conditions, score, trust } = persona
  return (
    <Card
      title="Match with the campaign"
      about="For the project's eyes; the person sees tasks."
      aside={<Moment reading={reading} />}
    >
      {conditions.length === 0 ? (
        <p className={styles.quiet}>There is no campaign yet, so there is nothing to match.</p>
      ) : (
        <ul className={own.sum}>
          {conditions.map(({ name, weight, value, contribution }) => (
            <li key={name}>
              <span>{signalTitle(name)}</span>
              <Bar share={value} />
              <span>
                {formatScore(weight)} × {formatScore(value)}
              </span>
              <strong>{formatScore(contribution)}</strong>
            </li>
          ))}
          <li>
            <span>Score</span>
            <Bar share={score} />
            <small>trust {formatScore(trust)}</small>
            <strong>{formatScore(score)}</strong>
          </li>
        </ul>
      )}
    </Card>
  )
}

function Signals({ signals }: { readonly signals: readonly SignalView[] }) {
  return (
    <section className={styles.people} aria-label="Signals and where they come from">
      <h3>
        Where each sign comes from <Icon name="right" size={14} /> log, block, head
      </h3>
      <Table
        label="Signals with their provenance"
        columns={['Signal', 'Dimension', 'Weight now', 'At', 'From']}
      >
        {signals.map((signal) => (
          <tr key={`${signal.name}/${signal.provenance.transactionHash}`}>
            <td>{signalTitle(signal.name)}</td>
            <td>{dimensionTitles[signal.dimension]}</td>
            <td>
              <span className={styles.score}>
                {formatScore(signal.weightNow)} <Bar share={signal.weightNow} />
              </span>
            </td>
            <td>{formatClock(signal.timeMs)}</td>
            <td>
              <SignalProvenance provenance={signal.provenance} />
            </td>
          </tr>
        ))}
      </Table>
    </section>
  )
}
