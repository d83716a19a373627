import { memo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { BatchStage, BatchView } from '../../../workers/protocol/projection.ts'
import { select, useView } from '../../store/view.ts'
import { useWorld } from '../../store/world.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatBytes } from '../../ui/format.ts'
import { Scene } from '../../ui/scene.tsx'
import { useSize } from '../../ui/use-size.ts'
import { Actor } from '../actors/actor.tsx'
import { Panel } from '../stage/panel.tsx'
import styles from './data.module.css'

const rows = 8
const columnCount = 128

/** The batch in view: the selected one, else the newest whose cells have begun to spread, else the newest. */
function useShownBatch(): BatchView | undefined {
  const chosen = useView(({ selection }) =>
    selection?.kind === 'batch' || selection?.kind === 'cell' ? selection.index : null,
  )
  return useWorld(
    ({ batches }) =>
      batches.find((batch) => batch.index === chosen) ??
      batches.findLast((batch) => batch.columns.includes('s') || batch.columns.includes('v')) ??
      batches.at(-1),
  )
}

/** Where a batch's data is: 128 cells on the data nodes, and how far the batch has come. */
export function DataPanel() {
  const batch = useShownBatch()
  const held =
    batch === undefined ? 0 : columnCount - count(batch.columns, '.') - count(batch.columns, 'w')
  const status =
    batch === undefined
      ? 'no batch yet'
      : `batch ${batch.index} · ${held} of ${columnCount} cells · ${formatBytes(batch.payloadBytes)}`
  return (
    <Panel area="data" actor="da" title="Data availability" term="sampling" status={status}>
      {batch !== undefined && <Stages batch={batch} />}
      <Grid columns={batch?.columns ?? '.'.repeat(columnCount)} index={batch?.index ?? 0n} />
      {batch === undefined && (
        <p className={styles.note}>
          The first batch is cut into 128 cells; any 64 of them rebuild it.
        </p>
      )}
    </Panel>
  )
}

function count(columns: string, mark: string): number {
  return columns.split(mark).length - 1
}

const stages: readonly { readonly name: BatchStage; readonly text: string }[] = [
  { name: 'encoding', text: 'packed' },
  { name: 'proving', text: 'proven' },
  { name: 'dispersing', text: 'spread' },
  { name: 'certifying', text: 'signed' },
  { name: 'posting', text: 'sent' },
  { name: 'posted', text: 'on L1' },
  { name: 'settled', text: 'settled' },
]

/** The life of a batch as a line of stations. A working stage is hollow until the next one begins. */
function Stages({ batch }: { readonly batch: BatchView }) {
  const at = stages.findIndex((stage) => stage.name === batch.stage)
  const done = batch.stage === 'posted' || batch.stage === 'settled' ? at : at - 1
  return (
    <ol className={styles.stages} aria-label={`Batch ${batch.index} is ${batch.stage}`}>
      {stages.map(({ name, text }, index) => (
        <li key={name} data-state={index <= done ? 'done' : index === at ? 'working' : 'ahead'}>
          <span>{text}</span>
        </li>
      ))}
    </ol>
  )
}

function Grid({ columns, index }: { readonly columns: string; readonly index: bigint }) {
  const [ref, { width, height }] = useSize<HTMLDivElement>()
  const ids = useWorld(
    useShallow(({ nodes }) =>
      Object.values(nodes)
        .filter((node) => node.role === 'da')
        .map((node) => node.id),
    ),
  )
  if (ids.length === 0)
    return <Empty title="No data nodes">This world was opened without data nodes.</Empty>
  const perNode = columnCount / ids.length
  const nodeWidth = width / ids.length
  const actorY = 15
  const top = 33
  const cellHeight = Math.min(18, Math.max(7, (height - top) / rows))
  return (
    <div ref={ref} className={styles.grid}>
      <Scene width={width} height={height} label="Data nodes and their cells">
        {height > 0 &&
          ids.map((id, node) => (
            <g key={id} transform={`translate(${node * nodeWidth} 0)`}>
              <Actor id={id} x={nodeWidth / 2} y={actorY} radius={Math.min(10, nodeWidth * 0.42)} />
              <Column
                columns={columns.slice(node * perNode, (node + 1) * perNode)}
                first={node * perNode}
                index={index}
                width={nodeWidth}
                top={top}
                cellHeight={cellHeight}
              />
            </g>
          ))}
      </Scene>
    </div>
  )
}

interface ColumnProps {
  readonly columns: string
  readonly first: number
  readonly index: bigint
  readonly width: number
  readonly top: number
  readonly cellHeight: number
}

const marks: Readonly<Record<string, string>> = {
  '.': 'not there yet',
  s: 'stored',
  v: 'stored, and sampled by someone who checked',
  w: 'asked for and not given',
  r: 'rebuilt from other cells',
}

const Column = memo(function Column({
  columns,
  first,
  index,
  width,
  top,
  cellHeight,
}: ColumnProps) {
  const across = Math.max(1, Math.ceil(columns.length / rows))
  const cellWidth = (width - 3) / across
  return (
    <>
      {columns.split('').map((mark, offset) => {
        const x = 1.5 + Math.floor(offset / rows) * cellWidth
        const y = top + (offset % rows) * cellHeight
        const column = first + offset
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: keyboards reach the same through the batch's page.
          <g
            key={column}
            className={styles.cell}
            data-mark={mark}
            onClick={() => select({ kind: 'cell', index, column })}
          >
            <title>{`Cell ${column}: ${marks[mark] ?? mark}`}</title>
            <rect x={x} y={y} width={cellWidth - 2} height={cellHeight - 2} rx={2} />
            {mark === 'v' && (
              <circle
                cx={x + cellWidth / 2 - 1}
                cy={y + cellHeight / 2 - 1}
                r={Math.min(2.6, cellHeight / 5)}
              />
            )}
            {mark === 'w' && (
              <path
                d={`M${x + 3},${y + 3}L${x + cellWidth - 5},${y + cellHeight - 5}M${x + cellWidth - 5},${y + 3}L${x + 3},${y + cellHeight - 5}`}
              />
            )}
          </g>
        )
      })}
    </>
  )
})
