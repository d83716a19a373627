import { memo } from 'react'
import { Link } from 'react-router'
import { useShallow } from 'zustand/react/shallow'
import type { RootView } from '../../../workers/protocol/projection.ts'
import { ringRest } from '../../charts/ring.ts'
import { select, useView } from '../../store/view.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { formatChessClock, formatEther, formatSpan } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Scene } from '../../ui/scene.tsx'
import { Term } from '../../ui/tip.tsx'
import { Actor } from '../actors/actor.tsx'
import { Panel } from '../stage/panel.tsx'
import styles from './roots.module.css'

const shownMax = 9

/** State roots on L1 with their windows running down, and the challenger who recomputes each. */
export function RootsPanel() {
  const windowSeconds = useWorld(({ run }) => run.parameters.disputeWindowSeconds)
  const roots = useWorld(({ roots: all }) => all)
  const hasChallengers = useWorld(({ fork }) => fork?.proofs !== false)
  const shown = roots.slice(-shownMax)
  return (
    <Panel
      area="roots"
      actor="challenger"
      title="State roots and their challenger"
      term="root"
      status={
        <Term name="disputeWindow">{`dispute window ${formatSpan(windowSeconds * 1_000)}`}</Term>
      }
    >
      <div className={styles.body}>
        {hasChallengers && <Challengers />}
        {shown.length === 0 ? (
          <p className={styles.empty}>
            After the first batch has settled, the executor stakes a bond on the state behind it.{' '}
            {hasChallengers
              ? 'The challenger computes the same state from L1 and the data nodes alone, and objects if it differs.'
              : 'This world has no challenger: the source that it was forked from gives no proofs, so that disputes are off.'}
          </p>
        ) : (
          <ol className={styles.roots}>
            {shown.map((root) => (
              <Root key={root.game} root={root} />
            ))}
          </ol>
        )}
      </div>
    </Panel>
  )
}

function Challengers() {
  const ids = useWorld(
    useShallow(({ nodes }) =>
      Object.values(nodes)
        .filter((node) => node.role === 'challenger')
        .map((node) => node.id),
    ),
  )
  return (
    <figure className={styles.challengers}>
      <Scene
        width={76}
        height={70 * ids.length}
        viewBox={`-38 -34 76 ${70 * ids.length}`}
        label="Challengers"
      >
        {ids.map((id, index) => (
          <Actor key={id} id={id} x={0} y={index * 70} radius={24}>
            <path
              className={styles.eye}
              d="M-11,1Q0,-10 11,1Q0,12 -11,1ZM0,-2.500A3.500,3.500 0 1 1 0,4.500A3.500,3.500 0 1 1 0,-2.500Z"
            />
          </Actor>
        ))}
      </Scene>
      <figcaption>Challenger</figcaption>
    </figure>
  )
}

const Root = memo(function Root({ root }: { readonly root: RootView }) {
  const selected = useView(
    ({ selection }) => selection?.kind === 'root' && selection.game === root.game,
  )
  return (
    <li
      className={styles.root}
      data-status={root.status}
      data-honest={root.honest}
      data-selected={selected}
    >
      <button
        type="button"
        className={styles.open}
        onClick={() => select({ kind: 'root', game: root.game })}
        aria-label={`State root of batch ${root.entryIndex}, ${root.status}`}
      >
        <Dial root={root} />
        <strong>batch {String(root.entryIndex)}</strong>
        <span className={styles.bond}>{formatEther(root.bondWei)} at stake</span>
      </button>
      <Verdict root={root} />
    </li>
  )
})

function Dial({ root }: { readonly root: RootView }) {
  const timeMs = useTimeMs(250)
  const left = Math.max(0, root.deadlineMs - timeMs)
  const share = left / Math.max(1, root.deadlineMs - root.proposedMs)
  const band = { innerRadius: 27, outerRadius: 33 }
  const running = root.status === 'proposed'
  return (
    <svg width={72} height={72} viewBox="-36 -36 72 72" className={styles.dial} aria-hidden="true">
      <path className={styles.dialTrack} d={ringRest(1, band)} />
      <path className={styles.dialRest} d={ringRest(running ? share : 1, band)} />
      {running && (
        <text className={styles.left} y={5} textAnchor="middle">
          {formatChessClock(left / 1_000)}
        </text>
      )}
      {!running && <path className={styles.sign} d={signs[root.status]} />}
    </svg>
  )
}

const check = 'M-11,1L-3.500,8.500L11,-8'
const signs: Readonly<Record<RootView['status'], string>> = {
  proposed: '',
  disputed: 'M0,-12V3M0,11V11.100',
  defended: check,
  finalized: check,
  rejected: 'M-9,-9L9,9M9,-9L-9,9',
}

function Verdict({ root }: { readonly root: RootView }) {
  const isWatched = useWorld(({ nodes }) =>
    Object.values(nodes).some(({ role, state }) => role === 'challenger' && state !== 'crashed'),
  )
  if (root.status === 'disputed' || root.status === 'rejected') {
    return (
      <Link to={`/disputes/${root.game}`} className={styles.watch}>
        {root.status === 'disputed' ? 'disputed' : 'removed'} <Icon name="right" size={14} />
      </Link>
    )
  }
  if (root.status === 'finalized') return <span className={styles.verdict}>final</span>
  const agrees = root.checks.filter((entry) => entry.agrees).length
  if (root.checks.length === 0) {
    return (
      <span className={styles.verdict}>{isWatched ? 'being recomputed' : 'nobody checks it'}</span>
    )
  }
  return (
    <span className={styles.verdict} data-agrees={agrees > 0}>
      {agrees > 0 ? 'challenger agrees' : 'challenger objects'}
    </span>
  )
}
