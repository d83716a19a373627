import { useState } from 'react'
import type { PersonaDetails } from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Mark } from '../persona/parts.tsx'
import persona from '../persona/persona.module.css'
import { attempt, useSession } from '../shell/session-context.ts'
import { ChangeOneBit } from './change-card.tsx'
import { type ClaimChoice, claimChoices } from './claims.ts'
import styles from './proof.module.css'
import { hurry, isUnderWay, type ProofRun, startProof, stopProof, useProof } from './run.ts'
import { Steps } from './steps.tsx'
import { Verdict } from './verdict.tsx'

/** A badge, a score or a wallet of the passport, shown to a contract on L1 that believes nothing but a final root. */
export function ProofCard({ persona: details }: { readonly persona: PersonaDetails }) {
  const run = useProof()
  const mine = run?.claim.passport === details.passport ? run : null
  return (
    <Card
      title="Prove on Ethereum"
      about="L1 has never heard of this passport. A contract there, PersonaProver, learns of it from a proof under a root that is final, whoever sends it."
      aside={<Mark source="measured" />}
    >
      <Choice details={details} other={mine === null ? run : null} mine={mine} />
      {mine !== null && <Course run={mine} />}
    </Card>
  )
}

interface ChoiceProps {
  readonly details: PersonaDetails
  readonly mine: ProofRun | null
  /** The last run, of another passport. */
  readonly other: ProofRun | null
}

function Choice({ details, mine, other }: ChoiceProps) {
  const session = useSession()
  const campaigns = usePersonas((all) => all.campaigns)
  const epochs = usePersonas((all) => all.epochs)
  const choices = claimChoices(details, { campaigns, epochs })
  const [key, setKey] = useState<string | null>(null)
  const chosen = choices.find((choice) => choice.key === key) ?? choices[0]
  if (chosen === undefined) return null
  const isBusy = mine !== null && isUnderWay(mine)
  const start = () => {
    const { claim, title } = chosen
    attempt(() => startProof(session, { claim, title: `${details.name}: ${title}` }))
  }
  return (
    <form
      className={styles.choice}
      onSubmit={(event) => {
        event.preventDefault()
        start()
      }}
    >
      <select
        className={persona.input}
        aria-label="What to prove"
        value={chosen.key}
        disabled={isBusy}
        onChange={(event) => setKey(event.target.value)}
      >
        {groups.map((group) => (
          <Group key={group} group={group} choices={choices} />
        ))}
      </select>
      <Button type="submit" look="solid" disabled={isBusy}>
        {isBusy ? 'Proving…' : 'Prove it on L1'}
      </Button>
      {other !== null && isUnderWay(other) && (
        <p className={persona.quiet}>{other.title} is being proven; this would stop that.</p>
      )}
    </form>
  )
}

const groups = ['Badges', 'Score', 'Wallets'] as const

interface GroupProps {
  readonly group: ClaimChoice['group']
  readonly choices: readonly ClaimChoice[]
}

function Group({ group, choices }: GroupProps) {
  const own = choices.filter((choice) => choice.group === group)
  return (
    <optgroup label={group}>
      {own.map(({ key, title }) => (
        <option key={key} value={key}>
          {title}
        </option>
      ))}
      {own.length === 0 && <option disabled>{emptyWords[group]}</option>}
    </optgroup>
  )
}

const emptyWords: Readonly<Record<ClaimChoice['group'], string>> = {
  Badges: 'No badge yet',
  Score: 'Not before an epoch’s rewards root is final',
  Wallets: 'No wallet',
}

function Course({ run }: { readonly run: ProofRun }) {
  const session = useSession()
  const isPlaying = useWorld(({ clock }) => clock.phase === 'playing')
  const { verdict, failure, isHurried, news } = run
  const isWaiting = isUnderWay(run) && news.at(-1)?.step === 'wait'
  return (
    <>
      <Steps run={run} />
      {isUnderWay(run) && (
        <div className={styles.buttons}>
          {isWaiting && (
            <Button
              look="outline"
              disabled={isHurried}
              onClick={() => attempt(() => hurry(session))}
            >
              {isHurried ? 'Time runs as fast as it can…' : 'Fast-forward to finality'}
            </Button>
          )}
          <Button onClick={() => stopProof(session)}>Stop</Button>
          {!(isPlaying || isHurried) && (
            <p className={persona.quiet}>Time stands still. Press play above, or fast-forward.</p>
          )}
        </div>
      )}
      {failure !== null && (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      )}
      {verdict !== null && (
        <>
          <Verdict run={run} verdict={verdict} />
          <ChangeOneBit run={run} />
        </>
      )}
    </>
  )
}
