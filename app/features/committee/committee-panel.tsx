import { memo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { ViewView } from '../../../workers/protocol/projection.ts'
import { ringPoint, ringSegment } from '../../charts/ring.ts'
import { select } from '../../store/view.ts'
import { useWorld } from '../../store/world.ts'
import { Scene } from '../../ui/scene.tsx'
import { Term } from '../../ui/tip.tsx'
import { useSize } from '../../ui/use-size.ts'
import { Actor } from '../actors/actor.tsx'
import { Panel } from '../stage/panel.tsx'
import styles from './committee.module.css'

/** The committee: who leads, who voted for what, and how its last views ended. */
export function CommitteePanel() {
  const quorum = useWorld(({ committee }) => committee.quorum)
  const size = useWorld(({ committee }) => committee.members.length)
  return (
    <Panel
      area="committee"
      actor="sequencer"
      title="Sequencer committee"
      term="committee"
      status={<Term name="quorum">{`quorum ${quorum} of ${size}`}</Term>}
    >
      <Ring />
      <History />
    </Panel>
  )
}

function Ring() {
  const [ref, { width, height }] = useSize<HTMLDivElement>()
  const nodes = useWorld(
    useShallow(({ committee }) => committee.members.map((member) => member.node)),
  )
  const slashed = useWorld(
    useShallow(({ committee }) => committee.members.map((member) => member.slashedWei > 0n)),
  )
  const leader = useWorld(({ committee }) => committee.leader)
  const radius = Math.max(0, Math.min(width, height) / 2 - 21)
  return (
    <div ref={ref} className={styles.ring}>
      {radius > 40 && (
        <Scene
          width={width}
          height={height}
          viewBox={`${-width / 2} ${-height / 2} ${width} ${height}`}
          label="Committee"
        >
          <Quiet radius={radius - 42} />
          <Votes count={nodes.length} radius={radius} />
          {nodes.map((id, index) => {
            const { x, y } = ringPoint(index, nodes.length, radius)
            return (
              <Actor
                key={id}
                id={id}
                x={x}
                y={y}
                radius={15}
                leads={index === leader}
                slashed={slashed[index] ?? false}
              >
                <text
                  className={styles.index}
                  data-leads={index === leader}
                  y={4.5}
                  textAnchor="middle"
                >
                  {index}
                </text>
              </Actor>
            )
          })}
          <Center radius={radius - 42} />
        </Scene>
      )}
    </div>
  )
}

/** Where the view is named: messages are not drawn across it. */
function Quiet({ radius }: { readonly radius: number }) {
  return <circle className={styles.quietZone} r={Math.max(0, radius)} data-quiet="" />
}

/** Outer band: notarize votes of the current view. Inner band: finalize votes of the view before, which arrive meanwhile. */
function Votes({ count, radius }: { readonly count: number; readonly radius: number }) {
  const notarize = useWorld(({ committee }) => committee.views.at(-1)?.notarize ?? 0)
  const nullify = useWorld(({ committee }) => committee.views.at(-1)?.nullify ?? 0)
  const finalize = useWorld(
    ({ committee }) => committee.views.findLast((view) => view.finalize > 0)?.finalize ?? 0,
  )
  const outer = { innerRadius: radius - 29, outerRadius: radius - 22 }
  const inner = { innerRadius: radius - 39, outerRadius: radius - 32 }
  const members = Array.from({ length: count }, (_, index) => index)
  return (
    <g>
      {members.map((index) => (
        <path
          key={index}
          className={styles.vote}
          data-vote={
            nullify & (1 << index) ? 'nullify' : notarize & (1 << index) ? 'notarize' : 'none'
          }
          d={ringSegment(index, count, outer)}
        />
      ))}
      {members.map((index) => (
        <path
          key={index}
          className={styles.vote}
          data-vote={finalize & (1 << index) ? 'finalize' : 'none'}
          d={ringSegment(index, count, inner)}
        />
      ))}
    </g>
  )
}

/** Room for the words above and below the view's number. */
const wordsRadius = 42

function Center({ radius }: { readonly radius: number }) {
  const view = useWorld(({ committee }) => String(committee.view))
  const leader = useWorld(({ committee }) => committee.leader)
  const hasWords = radius >= wordsRadius
  return (
    <g textAnchor="middle">
      {hasWords && (
        <text className={styles.quiet} y={-21}>
          view
        </text>
      )}
      <text className={styles.view} y={10}>
        {view}
      </text>
      {hasWords && <text className={styles.quiet} y={30}>{`${leader} leads`}</text>}
    </g>
  )
}

const barMax = 21

/** The last views as bars: as high as the block was full, hollow when the leader was skipped. */
function History() {
  const views = useWorld(({ committee }) => committee.views)
  const most = Math.max(4, ...views.map((view) => view.transactions))
  return (
    <div className={styles.history}>
      {views.map((view) => (
        <Bar key={String(view.view)} view={view} most={most} />
      ))}
    </div>
  )
}

interface BarProps {
  readonly view: ViewView
  /** Transactions of the fullest bar. */
  readonly most: number
}

const Bar = memo(function Bar({ view, most }: BarProps) {
  const words = viewWords(view)
  const height = 5 + ((barMax - 5) * view.transactions) / most
  return (
    <button
      type="button"
      className={styles.bar}
      title={words}
      aria-label={words}
      onClick={() => select({ kind: 'view', view: view.view })}
    >
      <span data-stage={view.stage} style={{ height: `${height}px` }} />
    </button>
  )
})

function viewWords({ view, leader, stage, transactions }: ViewView): string {
  const content = stage === 'nullified' ? '' : `, ${transactions} transactions`
  return `View ${view}, led by sequencer ${leader}: ${stage}${content}`
}
