import { Link } from 'react-router'
import type { CampaignView, EpochView } from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { Button } from '../../ui/button.tsx'
import { Fields } from '../../ui/fields.tsx'
import { formatEther } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Card, Mark } from '../persona/parts.tsx'
import persona from '../persona/persona.module.css'
import { useCommand } from '../persona/use-engine.ts'
import { formatDemo } from '../persona/words.ts'
import styles from './rewards.module.css'

interface RootCardProps {
  readonly campaign: CampaignView
  /** Everything that was proposed for one epoch, oldest first; one entry without a root if nothing was. */
  readonly roots: readonly EpochView[]
  /** The epoch whose root comes next; undefined where none is due. */
  readonly due: number | undefined
}

/** The root of all rows, honest or not, and what became of it. */
export function RootCard({ campaign, roots, due }: RootCardProps) {
  const last = roots.at(-1)
  const isOpen = last?.status === 'closed' || last?.status === 'removed'
  const isDue = last?.epoch === due
  return (
    <Card
      title="The root"
      about="One hash stands for every row. Storing a wrong one is a valid transaction: a watcher has to object on L2."
      aside={<Mark source="measured" />}
    >
      {roots.map((root) =>
        root.root === null ? (
          <Expected key="none" epoch={root} />
        ) : (
          <Root key={`${root.root}/${root.publishedMs}`} epoch={root} />
        ),
      )}
      {isOpen && isDue && <Publish campaign={campaign} />}
      {isOpen && !isDue && (
        <p className={persona.quiet}>Roots follow one another: epoch {due} comes first.</p>
      )}
    </Card>
  )
}

function Expected({ epoch }: { readonly epoch: EpochView }) {
  if (epoch.expectedRoot === null)
    return <p className={persona.quiet}>It follows from the last second of the epoch.</p>
  return (
    <Fields fields={[{ label: 'As computed here', value: <Hash value={epoch.expectedRoot} /> }]} />
  )
}

const statusWords: Readonly<Record<EpochView['status'], string>> = {
  open: 'not yet',
  closed: 'not yet published',
  pending: 'can be challenged',
  removed: 'removed by a challenge',
  final: 'final: rewards can be claimed',
}

function Root({ epoch }: { readonly epoch: EpochView }) {
  const { root, expectedRoot, publisher, status, slashedWei, challenge } = epoch
  const isWrong = root !== expectedRoot
  return (
    <article className={styles.root} data-wrong={isWrong}>
      <h4>
        <Icon name={isWrong ? 'mask' : 'check'} size={16} />
        {isWrong ? 'A wrong root' : 'The right root'}: {statusWords[status]}
      </h4>
      <Fields
        fields={[
          { label: 'Published', value: root === null ? '–' : <Hash value={root} /> },
          ...(isWrong && expectedRoot !== null
            ? [{ label: 'As computed here', value: <Hash value={expectedRoot} /> }]
            : []),
          ...(publisher === null
            ? []
            : [{ label: 'Publisher', value: <Hash value={publisher} /> }]),
          ...(slashedWei > 0n ? [{ label: 'It lost', value: formatEther(slashedWei) }] : []),
        ]}
      />
      {challenge !== null && <Challenge challenge={challenge} />}
    </article>
  )
}

function Challenge({ challenge }: { readonly challenge: NonNullable<EpochView['challenge']> }) {
  const { passport, claimed, recomputed, rule, watcher, transactionHash } = challenge
  return (
    <p className={styles.verdict}>
      The watcher <Hash value={watcher} /> named the {rule} of{' '}
      <Link className={persona.link} to={`/personas/${passport}`}>
        passport {passport}
      </Link>
      : claimed {formatDemo(claimed)}, computed by the contract{' '}
      <strong>{formatDemo(recomputed)}</strong>.{' '}
      <Link className={persona.link} to={`/tx/${transactionHash}`}>
        See the challenge
      </Link>
    </p>
  )
}

/** Both ways of publishing; the last passport is a Sybil's wherever there are any. */
function Publish({ campaign }: { readonly campaign: CampaignView }) {
  const { isBusy, run } = useCommand()
  const inflate = usePersonas(({ setup }) => setup.passports)
  const command = { kind: 'publishRewards', campaign: campaign.id } as const
  return (
    <div className={styles.buttons}>
      <Button look="solid" disabled={isBusy} onClick={() => run(command)}>
        Publish the root
      </Button>
      <Button look="alarm" disabled={isBusy} onClick={() => run({ ...command, inflate })}>
        <Icon name="mask" size={16} /> Make the publisher add 500 DEMO to passport {inflate}
      </Button>
    </div>
  )
}
