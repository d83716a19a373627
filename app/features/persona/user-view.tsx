import { Link } from 'react-router'
import type { BadgeView, PersonaDetails, TaskView } from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Empty } from '../../ui/fields.tsx'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { badgeState } from './badge-state.ts'
import { Card } from './parts.tsx'
import own from './passport.module.css'
import styles from './persona.module.css'
import { Rexy } from './rexy.tsx'
import { useCommand, useEngine } from './use-engine.ts'
import { formatDemo, signalTitle, validatorTitles } from './words.ts'

interface UserViewProps {
  readonly passport: number
  readonly campaign: string | null
  readonly onPick: (passport: number) => void
}

/** What a person sees of themselves: what they have and what they can do. */
export function UserView({ passport, campaign, onPick }: UserViewProps) {
  const count = usePersonas(({ setup }) => setup.passports)
  const { result: persona } = useEngine(`user/${passport}/${campaign}`, (engine) =>
    engine.persona(passport, campaign),
  )
  const { result: tasks } = useEngine(`tasks/${passport}/${campaign}`, (engine) =>
    campaign === null ? Promise.resolve([]) : engine.tasks(passport, campaign),
  )
  if (persona === undefined || persona === null) {
    return <p className={styles.quiet}>Nobody has that passport yet.</p>
  }
  return (
    <div className={own.user}>
      <section className={own.self} aria-label={persona.name}>
        <Rexy rexy={persona.rexy} size={132} />
        <h3>{persona.name}</h3>
        <p>
          <strong>{formatCount(persona.points)}</strong> points
        </p>
        <Reward persona={persona} campaign={campaign} />
        <p className={styles.pager}>
          <IconButton
            label="The one before"
            disabled={passport <= 1}
            onClick={() => onPick(passport - 1)}
          >
            <Icon name="left" size={16} />
          </IconButton>
          <Link className={styles.link} to={`/personas/${passport}`}>
            Passport {passport}
          </Link>
          <IconButton
            label="The one after"
            disabled={passport >= count}
            onClick={() => onPick(passport + 1)}
          >
            <Icon name="right" size={16} />
          </IconButton>
        </p>
      </section>
      <Card title="What you can do">
        <Tasks tasks={tasks ?? []} />
      </Card>
      <Card
        title="Your badges"
        about="Others vouch for these. You show the badge, not what is behind it."
      >
        <Badges
          badges={persona.badges.filter((badge) => badgeState(badge, persona.badges) === 'valid')}
        />
      </Card>
    </div>
  )
}

function Reward({
  persona,
  campaign,
}: {
  readonly persona: PersonaDetails
  readonly campaign: string | null
}) {
  const { isBusy, run } = useCommand()
  const { claimableWei, claimedWei, passport } = persona
  if (campaign === null || claimableWei === 0n) {
    return claimedWei === 0n ? null : (
      <p>
        <strong className={own.received}>{formatDemo(claimedWei)}</strong> received
      </p>
    )
  }
  return (
    <Button
      look="solid"
      disabled={isBusy}
      onClick={() => run({ kind: 'claim', campaign, passport })}
    >
      Take {formatDemo(claimableWei)}, no gas
    </Button>
  )
}

function Tasks({ tasks }: { readonly tasks: readonly TaskView[] }) {
  if (tasks.length === 0) {
    return (
      <Empty title="Nothing to do yet">
        Tasks appear as soon as a campaign asks for something.
      </Empty>
    )
  }
  return (
    <ul className={own.tasks}>
      {tasks.map(({ name, hint, done }) => (
        <li key={name} data-done={done}>
          <span className={own.box}>{done && <Icon name="check" size={16} />}</span>
          <span>
            <strong>{signalTitle(name)}</strong>
            <small>{done ? 'Done. It counts.' : hint}</small>
          </span>
        </li>
      ))}
    </ul>
  )
}

function Badges({ badges }: { readonly badges: readonly BadgeView[] }) {
  if (badges.length === 0)
    return <Empty title="No badge yet">The tasks lead to the first one.</Empty>
  return (
    <ul className={own.badges}>
      {badges.map(({ uid, name, kind, points }) => (
        <li key={uid}>
          <strong>{signalTitle(name)}</strong>
          <small>
            {validatorTitles[kind]} · {points} points
          </small>
        </li>
      ))}
    </ul>
  )
}
