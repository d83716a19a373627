import { memo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { SpanView } from '../../../workers/protocol/projection.ts'
import type { HeadName } from '../../../workers/protocol/reports.ts'
import { type CellGrid, cellPoint, layoutSpans } from '../../charts/spans.ts'
import { select, useView } from '../../store/view.ts'
import { useWorld } from '../../store/world.ts'
import { formatCount, formatDecimal, plural } from '../../ui/format.ts'
import { Press, Scene } from '../../ui/scene.tsx'
import { useSize } from '../../ui/use-size.ts'
import { Actor } from '../actors/actor.tsx'
import { ForkLabel } from '../fork/fork-label.tsx'
import { Panel } from '../stage/panel.tsx'
import { headFill, headOf } from './heads.tsx'
import { HeadsLegend } from './heads-legend.tsx'
import styles from './l2.module.css'

/** L2 as it grows: every block a square, bundled by batch, in the lightness of the head that reached it. */
export function L2Panel() {
  const rate = useWorld(({ totals }) => Math.round(totals.transactionsPerSecond * 10) / 10)
  const transactions = useWorld(({ totals }) => totals.transactions)
  return (
    <Panel
      area="l2"
      actor="executor"
      title="L2 · the rollup"
      term="l2"
      status={`${formatDecimal(rate)} transactions a second · ${formatCount(transactions)} in all`}
    >
      <ForkLabel />
      <div className={styles.body}>
        <Executors />
        <Lane />
      </div>
      <HeadsLegend />
    </Panel>
  )
}

/** Two of them, with their caption, are as high as the lane. */
const executorPitch = 58

function Executors() {
  const ids = useWorld(
    useShallow(({ nodes }) =>
      Object.values(nodes)
        .filter((node) => node.role === 'executor')
        .map((node) => node.id),
    ),
  )
  return (
    <figure className={styles.executors}>
      <Scene
        width={76}
        height={executorPitch * ids.length}
        viewBox={`-38 ${-executorPitch / 2} 76 ${executorPitch * ids.length}`}
        label="Executors"
      >
        {ids.map((id, index) => (
          <Actor key={id} id={id} x={0} y={index * executorPitch} radius={20}>
            <path className={styles.gear} d="M-7,-4H7M-7,1H3M-7,6H6" />
          </Actor>
        ))}
      </Scene>
      <figcaption>{ids.length === 1 ? 'Executor' : 'Executors'}</figcaption>
    </figure>
  )
}

function Lane() {
  const [ref, { width, height }] = useSize<HTMLDivElement>()
  const spans = useWorld(({ l2 }) => l2.spans)
  const perBatch = useWorld(({ run }) => run.parameters.batchIntervalMs / run.parameters.l2BlockMs)
  // About twice as high as wide, as long as it fits.
  const rows = Math.min(10, Math.ceil(Math.sqrt(2 * perBatch))) + 1
  const pitch = Math.max(8, Math.min(19, Math.floor((height - 26) / rows)))
  const grid: CellGrid = { rows, cell: pitch - 3, gap: 3, margin: 14, minWidth: 58 }
  const boxes = layoutSpans(spans, width - 2, grid)
  return (
    <div ref={ref} className={styles.lane}>
      <Scene
        width={width}
        height={height}
        label="L2 blocks by batch"
        data-cut={(boxes[0]?.x ?? 0) < 0}
      >
        {height > 0 &&
          boxes.map(({ span, x }) => (
            <Span key={String(span.batchIndex)} span={span} x={x} grid={grid} />
          ))}
      </Scene>
      {spans.length === 0 && (
        <p className={styles.waiting}>
          The first block comes as soon as the committee has finalized an order.
        </p>
      )}
    </div>
  )
}

interface SpanProps {
  readonly span: SpanView
  readonly x: number
  readonly grid: CellGrid
}

/** Index of the first block in a span that a head has not reached, 0 … count. */
function useReach(span: SpanView, head: HeadName): number {
  return useWorld(({ l2 }) =>
    Math.max(0, Math.min(span.counts.length, Number(l2.heads[head].number - span.firstNumber) + 1)),
  )
}

const Span = memo(function Span({ span, x, grid }: SpanProps) {
  const safe = useReach(span, 'safe')
  const settled = useReach(span, 'settled')
  const finalized = useReach(span, 'finalized')
  const selected = useView(({ selection }) =>
    selection?.kind === 'l2-block' ? Number(selection.number - span.firstNumber) : -1,
  )
  const { batchIndex, firstNumber, counts } = span
  const openBatch = () => select({ kind: 'batch', index: batchIndex })
  const open = (event: React.MouseEvent) => {
    const offset = (event.target as SVGElement).dataset.offset
    if (offset !== undefined) select({ kind: 'l2-block', number: firstNumber + BigInt(offset) })
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keyboards reach every block through the Blocks view.
    <g className={styles.span} style={{ transform: `translate(${x}px, 0)` }} onClick={open}>
      <Press
        className={styles.label}
        label={`Batch ${batchIndex}, ${plural(counts.length, 'block')}`}
        onPress={openBatch}
      >
        <text y={13}>batch {String(batchIndex)}</text>
      </Press>
      <g transform="translate(0 22)">
        {counts.map((count, offset) => {
          const point = cellPoint(offset, grid)
          const inset = count > 0 ? 0 : grid.cell * 0.2
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: the offset in its batch is a block's identity.
              key={offset}
              className={styles.cell}
              data-offset={offset}
              data-head={headOf(offset, { safe, settled, finalized })}
              data-selected={offset === selected}
              x={point.x + inset}
              y={point.y + inset}
              width={grid.cell - 2 * inset}
              height={grid.cell - 2 * inset}
              rx={2}
              fill={headFill(headOf(offset, { safe, settled, finalized }))}
            />
          )
        })}
      </g>
    </g>
  )
})
