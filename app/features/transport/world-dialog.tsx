import { useEffect, useState } from 'react'
import type { ForkRequest } from '../../../workers/protocol/fork.ts'
import type { ScenarioInfo, WorldOptions } from '../../../workers/protocol/world.ts'
import { select, viewStore } from '../../store/view.ts'
import { useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Modal } from '../../ui/modal.tsx'
import { Term } from '../../ui/tip.tsx'
import { ForkFields } from '../fork/fork-fields.tsx'
import { type ForkDraft, useForking } from '../fork/use-forking.ts'
import { attempt, useSession } from '../shell/session-context.ts'
import styles from './transport.module.css'

/** Says which world this is, and opens another one. */
export function WorldDialog() {
  const [open, setOpen] = useState(false)
  const seed = useWorld(({ run }) => run.seed)
  const scenario = useWorld(({ run }) => run.scenario)
  return (
    <>
      <Button
        className={styles.world}
        onClick={() => setOpen(true)}
        aria-label={`Seed ${seed}, scenario ${scenario}: open another world`}
      >
        <span className={styles.quiet}>seed</span> {seed}
        <span className={styles.quiet}>scenario</span> {scenario}
        <Icon name="chevron" size={14} />
      </Button>
      <Modal
        open={open}
        onOpenChange={setOpen}
        title="Open another world"
        description="Choose seed, pace and scenario of a fresh world."
      >
        <WorldForm onDone={() => setOpen(false)} />
      </Modal>
    </>
  )
}

const presets = [
  ['demo', 'Demo', 'L1 slots of 2 s, 7 sequencers, 16 data nodes, a dispute window of 3 minutes'],
  [
    'classroom',
    'Classroom',
    'L1 slots of 1 s, 4 sequencers, 4 data nodes, a lie refuted within 90 s',
  ],
  [
    'mainnet-like',
    'Like mainnet',
    'L1 slots of 12 s, clocks of OP mainnet, a dispute window of 7 days: bring speed',
  ],
  ['arbitrum-one', 'Like Arbitrum One', 'The same with clocks of 6.4 days each: bring more speed'],
] as const

function WorldForm({ onDone }: { readonly onDone: () => void }) {
  const { world, wallet } = useSession()
  const run = useWorld((projection) => projection.run)
  const [scenarios, setScenarios] = useState<readonly ScenarioInfo[]>([])
  const [options, setOptions] = useState<WorldOptions>({
    seed: run.seed,
    preset: run.parameters.preset,
    scenario: run.scenario,
    codeSizeLimit: run.parameters.codeSizeMax,
  })
  useEffect(() => attempt(async () => setScenarios(await world.scenarios())), [world])

  const [draft, setDraft] = useState<ForkDraft>({ url: '', block: '' })
  const forking = useForking(draft)

  const openWorld = (fork: ForkRequest | null) => {
    onDone()
    select(null)
    viewStore.setState({ checkpoints: [] })
    attempt(async () => {
      await wallet.forget()
      await world.open(fork === null ? options : { ...options, fork })
      await world.play()
    })
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        void forking.find().then((found) => found && openWorld(found.fork))
      }}
    >
      <label className={styles.seedField}>
        <Term name="seed" />
        <input
          type="number"
          min={0}
          max={2 ** 32 - 1}
          value={options.seed}
          onChange={(event) => setOptions({ ...options, seed: event.target.valueAsNumber || 0 })}
        />
      </label>
      <fieldset className={styles.choices}>
        <legend>Pace</legend>
        {presets.map(([preset, title, note]) => (
          <Choice
            key={preset}
            name="preset"
            title={title}
            note={note}
            checked={options.preset === preset}
            onChoose={() => setOptions({ ...options, preset })}
          />
        ))}
      </fieldset>
      <fieldset className={`${styles.choices} ${styles.manyChoices}`}>
        <legend>Scenario</legend>
        {scenarios.map(({ name, description }) => (
          <Choice
            key={name}
            name="scenario"
            title={name}
            note={description}
            checked={options.scenario === name}
            onChoose={() => setOptions({ ...options, scenario: name })}
          />
        ))}
      </fieldset>
      <label className={styles.choice}>
        <input
          type="checkbox"
          checked={options.codeSizeLimit === 65_536}
          onChange={({ target }) =>
            setOptions({ ...options, codeSizeLimit: target.checked ? 65_536 : 24_576 })
          }
        />
        <span>
          <strong>Large contracts on L2</strong>
          <span className={styles.quiet}>
            Code of up to 65,536 bytes instead of Ethereum’s 24,576; L1’s verifier has the same
            limit
          </span>
        </span>
      </label>
      <ForkFields
        draft={draft}
        onChange={(next) => {
          setDraft(next)
          forking.reset()
        }}
      />
      <div className={styles.submit}>
        {forking.problem !== null && (
          <p className={styles.problem} role="alert">
            {forking.problem}
          </p>
        )}
        <Button type="submit" look="solid" disabled={forking.isAsking}>
          {forking.isAsking
            ? 'Asking the source…'
            : forking.isWarned
              ? 'Open it without disputes'
              : 'Open this world'}
        </Button>
      </div>
    </form>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly title: string
  readonly note: string
  readonly checked: boolean
  readonly onChoose: () => void
}

function Choice({ name, title, note, checked, onChoose }: ChoiceProps) {
  return (
    <label className={styles.choice}>
      <input type="radio" name={name} checked={checked} onChange={onChoose} />
      <span>
        <strong>{title}</strong>
        <span className={styles.quiet}>{note}</span>
      </span>
    </label>
  )
}
