import { useState } from 'react'
import { Link } from 'react-router'
import type { ActionKind, CommandResult } from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { formatCount, plural } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Card } from '../persona/parts.tsx'
import { Rexy } from '../persona/rexy.tsx'
import { useCommand, useEngine } from '../persona/use-engine.ts'
import { actionTitles } from '../persona/words.ts'
import styles from './actions.module.css'
import { type Play, usePlay } from './use-play.ts'

const alice = 1
const worldSize = 32

/** Three kinds of action as three tiny screens; each press is a signed action that L2 records. */
export function Playground() {
  const play = usePlay(alice)
  return (
    <div className={styles.playground}>
      <Coin play={play} />
      <Walk play={play} />
      <Heart />
    </div>
  )
}

function useAct(action: ActionKind) {
  const { isBusy, run } = useCommand()
  const hasBegun = useHasBegun()
  const [done, setDone] = useState<CommandResult | null>(null)
  const act = (choice: { readonly target?: number; readonly direction?: number } = {}) =>
    run({ kind: 'act', passport: alice, action, ...choice }, setDone)
  return { isBusy, isOff: isBusy || !hasBegun, done, act }
}

/** A campaign takes actions from its first epoch on. */
function useHasBegun(): boolean {
  return usePersonas(({ campaigns }) => (campaigns.at(-1)?.epoch ?? -1) >= 0)
}

function Receipt({ done }: { readonly done: CommandResult | null }) {
  const hasBegun = useHasBegun()
  if (!hasBegun) return <p className={styles.receipt}>The campaign's first epoch begins soon.</p>
  if (done === null)
    return (
      <p className={styles.receipt}>Signed by Alice's session key; the relayer pays the gas.</p>
    )
  return (
    <p className={styles.receipt} role="status">
      Recorded{done.gas === 'relayed' ? '; the relayer paid the gas' : ''}.{' '}
      <Link className={styles.link} to={`/tx/${done.transactionHash}`}>
        See the transaction
      </Link>
    </p>
  )
}

function Coin({ play }: { readonly play: Play | null }) {
  const { isBusy, isOff, done, act } = useAct('microReward')
  return (
    <Card title={actionTitles.microReward} about="One coin per task, four more the first time.">
      <div className={styles.screen}>
        <button
          type="button"
          className={styles.coin}
          disabled={isOff}
          aria-label="Do the task and take a coin"
          onClick={() => act()}
        >
          {play === null ? '–' : formatCount(play.coins)}
        </button>
        <p>{isBusy ? 'On its way into a block…' : 'coins of Alice'}</p>
      </div>
      <Receipt done={done} />
    </Card>
  )
}

function Walk({ play }: { readonly play: Play | null }) {
  const { isOff, done, act } = useAct('gameMove')
  const cell = 100 / worldSize
  return (
    <Card title={actionTitles.gameMove} about="A board of 32 × 32 that the contract keeps.">
      <div className={styles.screen}>
        <svg className={styles.board} viewBox="0 0 100 100" role="img" aria-label={position(play)}>
          <path
            d={Array.from(
              { length: 9 },
              (_, line) => `M${line * 12.5} 0V100M0 ${line * 12.5}H100`,
            ).join('')}
            stroke="var(--line)"
            strokeWidth={0.5}
          />
          {play !== null && (
            <circle
              cx={(play.x + 0.5) * cell}
              cy={(play.y + 0.5) * cell}
              r={3.6}
              fill="var(--persona)"
            />
          )}
        </svg>
        <div>
          <Pad isOff={isOff} onMove={(direction) => act({ direction })} />
          <p>
            {play === null
              ? ''
              : `${plural(play.moves, 'move')}, ${plural(play.treasures, 'treasure')}`}
          </p>
        </div>
      </div>
      <Receipt done={done} />
    </Card>
  )
}

/** As the contract numbers them. */
const directions = [
  ['north', 180],
  ['east', -90],
  ['south', 0],
  ['west', 90],
] as const

interface PadProps {
  readonly isOff: boolean
  readonly onMove: (direction: number) => void
}

/** Four ways to go. */
function Pad({ isOff, onMove }: PadProps) {
  return (
    <div className={styles.pad}>
      {directions.map(([name, turn], direction) => (
        <IconButton
          key={name}
          look="outline"
          data-direction={name}
          label={`Go one step ${name}`}
          disabled={isOff}
          onClick={() => onMove(direction)}
        >
          <span style={{ display: 'grid', rotate: `${turn}deg` }}>
            <Icon name="chevron" />
          </span>
        </IconButton>
      ))}
    </div>
  )
}

function position(play: Play | null): string {
  return play === null ? 'The board' : `Alice stands at ${play.x}, ${play.y}`
}

function Heart() {
  const { isOff, done, act } = useAct('social')
  const count = usePersonas(({ setup }) => setup.passports)
  const [target, setTarget] = useState(2)
  const { result: friend } = useEngine(`friend/${target}`, (engine) => engine.persona(target, null))
  const play = usePlay(target)
  const next = () => setTarget((target % count) + 1 === alice ? 2 : (target % count) + 1)
  return (
    <Card
      title={actionTitles.social}
      about="A heart for somebody else: an edge of the Value Graph."
    >
      <div className={styles.screen}>
        {friend != null && <Rexy rexy={friend.rexy} size={76} />}
        <div>
          <p>
            <strong>{friend?.name ?? '…'}</strong> has {plural(play?.hearts ?? 0, 'heart')}
          </p>
          <p className={styles.pair}>
            <Button look="outline" disabled={isOff} onClick={() => act({ target })}>
              <Icon name="heart" size={16} /> Give one
            </Button>
            <Button onClick={next}>Somebody else</Button>
          </p>
        </div>
      </div>
      <Receipt done={done} />
    </Card>
  )
}
