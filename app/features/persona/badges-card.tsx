import { useState } from 'react'
import type { BadgeView, PersonaDetails } from '../../../workers/protocol/persona.ts'
import { Button } from '../../ui/button.tsx'
import { formatSpan } from '../../ui/format.ts'
import { badgeState } from './badge-state.ts'
import { Card } from './parts.tsx'
import own from './passport.module.css'
import styles from './persona.module.css'
import { useCommand } from './use-engine.ts'
import { badgeWords, signalTitle, validatorTitles } from './words.ts'

const stateWords: Readonly<Record<ReturnType<typeof badgeState>, string>> = {
  valid: 'counts',
  expired: 'expired',
  revoked: 'revoked',
  upgraded: 'upgraded',
}

/** What counts stands first, what was replaced last. */
const standing: Readonly<Record<keyof typeof stateWords, number>> = {
  valid: 0,
  expired: 1,
  revoked: 2,
  upgraded: 3,
}

interface BadgesCardProps {
  readonly persona: PersonaDetails
  readonly timeMs: number
}

/** What others vouch for, each to be revoked, and the next one to be issued. */
export function BadgesCard({ persona, timeMs }: BadgesCardProps) {
  const { passport, badges, signals } = persona
  const rows = badges
    .map((badge) => ({ badge, state: badgeState(badge, badges) }))
    .sort((left, right) => standing[left.state] - standing[right.state])
  return (
    <Card title="Badges" about="Attested on EAS; they expire, fade and can be revoked.">
      <ul className={own.rows}>
        {rows.map(({ badge, state }) => (
          <Badge
            key={badge.uid}
            badge={badge}
            state={state}
            left={signals.find(({ name }) => name === badge.name)?.weightNow ?? 1}
            end={expiry(badge, timeMs)}
          />
        ))}
        {badges.length === 0 && <li className={styles.quiet}>No badge yet.</li>}
      </ul>
      <Issue passport={passport} />
    </Card>
  )
}

interface BadgeProps {
  readonly badge: BadgeView
  readonly state: keyof typeof stateWords
  /** What time has left of its value, 0 … 1. */
  readonly left: number
  readonly end: string
}

function Badge({ badge, state, left, end }: BadgeProps) {
  const { isBusy, run } = useCommand()
  const { uid, name, kind, level, points } = badge
  return (
    <li data-state={state}>
      <span>
        <strong>{signalTitle(name)}</strong>
        {level > 1 && <span className={styles.kind}>level {level}</span>}
        <small>
          {validatorTitles[kind]} · {points} points · {end}
        </small>
      </span>
      <span className={own.state}>{state === 'valid' ? fading(left) : stateWords[state]}</span>
      {state === 'valid' && (
        <Button
          disabled={isBusy}
          aria-label={`Revoke ${signalTitle(name)}`}
          onClick={() => run({ kind: 'revokeBadge', uid })}
        >
          Revoke
        </Button>
      )}
    </li>
  )
}

function fading(left: number): string {
  if (left >= 0.995) return stateWords.valid
  return left === 0 ? 'faded, counts nothing' : `${Math.max(1, Math.floor(left * 100))} % left`
}

function expiry({ expiresMs, state }: BadgeView, timeMs: number): string {
  if (expiresMs === null) return 'no end'
  if (state === 'expired') return `ended ${formatSpan(timeMs - expiresMs)} before`
  return `ends in ${formatSpan(expiresMs - timeMs)}`
}

/** Any badge that genesis knows, with a value; a second one of a kind upgrades the first. */
function Issue({ passport }: { readonly passport: number }) {
  const { isBusy, run } = useCommand()
  const [badge, setBadge] = useState('liquidityUsd')
  const [value, setValue] = useState(900)
  const words = badgeWords[badge]
  if (words === undefined) return null
  const { validator } = words
  const isWrong = !(Number.isSafeInteger(value) && value > 0)
  return (
    <form
      className={own.issue}
      onSubmit={(event) => {
        event.preventDefault()
        run({ kind: 'issueBadge', passport, validator, badge, value })
      }}
    >
      <select
        className={styles.input}
        aria-label="Badge to issue"
        value={badge}
        onChange={(event) => setBadge(event.target.value)}
      >
        {Object.entries(badgeWords).map(([name, { title }]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
      <input
        className={styles.input}
        type="number"
        min={1}
        step={1}
        aria-label={`Value, in ${words.unit}`}
        aria-invalid={isWrong}
        value={Number.isNaN(value) ? '' : value}
        onChange={(event) => setValue(event.target.valueAsNumber)}
      />
      <Button type="submit" look="outline" disabled={isBusy || isWrong}>
        {isBusy ? 'Waits for the block…' : `Issue as ${validatorTitles[validator]}`}
      </Button>
    </form>
  )
}
