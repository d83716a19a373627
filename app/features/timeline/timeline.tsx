import { scaleLinear } from 'd3'
import { memo } from 'react'
import { useNavigate } from 'react-router'
import type { LogEntry } from '../../../workers/protocol/projection.ts'
import { type Checkpoint, showPanel, useView } from '../../store/view.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { IconButton } from '../../ui/button.tsx'
import { formatClock } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Press, Scene } from '../../ui/scene.tsx'
import { Tip } from '../../ui/tip.tsx'
import { useSize } from '../../ui/use-size.ts'
import { returnTo, takeCheckpoint } from '../shell/checkpoints.ts'
import { attempt, useSession } from '../shell/session-context.ts'
import styles from './timeline.module.css'

const tracks: readonly { readonly title: string; readonly holds: readonly LogEntry['track'][] }[] =
  [
    { title: 'Batches', holds: ['batch', 'l2', 'l1'] },
    { title: 'Bridge', holds: ['bridge'] },
    { title: 'Roots', holds: ['root'] },
    { title: 'Disputes', holds: ['dispute'] },
    { title: 'Faults', holds: ['fault', 'committee'] },
  ]
/** Below the tracks stand the times. */
const ticksHeight = 20
const labelWidth = 84
/** The timeline begins this long and then grows with the run. */
const spanMinMs = 120_000

/** The domain grows in strides, so that marks stand still most of the time. */
function domainEnd(start: number, timeMs: number): number {
  let spanMs = spanMinMs
  while (spanMs < timeMs - start) spanMs *= 1.2
  return start + spanMs
}

/** What happened when, and the moments to which one can return. */
export function Timeline() {
  const { world } = useSession()
  return (
    <section className={styles.timeline} aria-label="Timeline">
      <Tracks />
      <IconButton
        label="Keep this moment, to fork from it later (F)"
        onClick={() => attempt(() => takeCheckpoint(world))}
      >
        <Icon name="flag" />
      </IconButton>
    </section>
  )
}

function Tracks() {
  const [ref, { width, height }] = useSize<HTMLDivElement>()
  const pitch = Math.max(0, height - ticksHeight) / tracks.length
  const timeMs = useTimeMs(500)
  const log = useWorld((projection) => projection.log)
  const checkpoints = useView((view) => view.checkpoints)
  const first = Math.min(log[0]?.timeMs ?? 0, checkpoints[0]?.timeMs ?? Number.POSITIVE_INFINITY)
  const start = log.length < 200 ? 0 : first
  const scale = scaleLinear(
    [start, domainEnd(start, timeMs)],
    [labelWidth, Math.max(labelWidth + 1, width - 20)],
  )
  return (
    <div ref={ref} className={styles.tracks}>
      <Scene width={width} height={height} label="Events over time">
        {tracks.map(({ title }, row) => (
          <g key={title} transform={`translate(0 ${row * pitch})`}>
            <text x={0} y={pitch / 2 + 4} className={styles.title}>
              {title}
            </text>
            <line
              x1={labelWidth}
              x2={width}
              y1={pitch / 2}
              y2={pitch / 2}
              className={styles.rail}
            />
          </g>
        ))}
        <line
          className={styles.now}
          x1={scale(timeMs)}
          x2={scale(timeMs)}
          y1={0}
          y2={tracks.length * pitch}
        />
        <Marks log={log} scale={scale} pitch={pitch} />
        {scale.ticks(Math.max(2, Math.floor(width / 160))).map((tick) => (
          <text
            key={tick}
            className={styles.tick}
            x={scale(tick)}
            y={height - 4}
            textAnchor="middle"
          >
            {formatClock(tick).slice(3, 8)}
          </text>
        ))}
        {checkpoints.map((kept) => (
          <Flag key={kept.id} kept={kept} x={scale(kept.timeMs)} height={tracks.length * pitch} />
        ))}
      </Scene>
    </div>
  )
}

interface MarksProps {
  readonly log: readonly LogEntry[]
  readonly scale: (timeMs: number) => number
  /** From track to track. */
  readonly pitch: number
}

function Marks({ log, scale, pitch }: MarksProps) {
  return log.map((entry) => {
    const row = tracks.findIndex((track) => track.holds.includes(entry.track))
    return row < 0 ? null : (
      <Mark
        key={entry.id}
        entry={entry}
        x={Math.round(scale(entry.timeMs) * 2) / 2}
        y={(row + 0.5) * pitch}
      />
    )
  })
}

interface MarkProps {
  readonly entry: LogEntry
  readonly x: number
  readonly y: number
}

/** Round for what is right, square for faults, a triangle for lies. */
const shapes: Readonly<Record<LogEntry['tone'], string>> = {
  info: 'M0,-4A4,4 0 1 1 0,4A4,4 0 1 1 0,-4Z',
  good: 'M0,-5A5,5 0 1 1 0,5A5,5 0 1 1 0,-5Z',
  fault: 'M-4,-4H4V4H-4Z',
  alarm: 'M0,-5.500L5.500,4.500H-5.500Z',
}

const Mark = memo(function Mark({ entry, x, y }: MarkProps) {
  const navigate = useNavigate()
  const open = () => {
    if (entry.link === null) showPanel('events')
    else void navigate(entry.link)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keyboards reach the same through the Events panel.
    <path
      className={styles.mark}
      data-track={entry.track}
      data-tone={entry.tone}
      transform={`translate(${x} ${y})`}
      d={shapes[entry.tone]}
      onClick={open}
    >
      <title>{`${formatClock(entry.timeMs)} ${entry.text}`}</title>
    </path>
  )
})

interface FlagProps {
  readonly kept: Checkpoint
  readonly x: number
  readonly height: number
}

function Flag({ kept, x, height }: FlagProps) {
  const session = useSession()
  const go = () => attempt(() => returnTo(session, kept.id))
  return (
    <Tip text={`Start again from ${formatClock(kept.timeMs)}; what came after is forgotten`}>
      <Press
        label={`Return to ${formatClock(kept.timeMs)}`}
        className={styles.flag}
        transform={`translate(${x} 0)`}
        onPress={go}
      >
        <rect x={-5} width={18} height={height} fill="transparent" />
        <path d={`M0,${height}V1H11L8,4.500L11,8H0`} />
      </Press>
    </Tip>
  )
}
