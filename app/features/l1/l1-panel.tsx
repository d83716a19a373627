import { memo } from 'react'
import type { L1BlockView } from '../../../workers/protocol/projection.ts'
import { select, useView } from '../../store/view.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { formatCount } from '../../ui/format.ts'
import { Press, Scene } from '../../ui/scene.tsx'
import { Tip } from '../../ui/tip.tsx'
import { useSize } from '../../ui/use-size.ts'
import { Actor } from '../actors/actor.tsx'
import { Panel } from '../stage/panel.tsx'
import { eventWords } from './contract-words.ts'
import styles from './l1.module.css'

const pitch = 52
const edge = 36
const gasLimit = 60_000_000

/** L1 as a lane of slots; what its contracts were told stands above the block that holds it. */
export function L1Panel() {
  const slotMs = useWorld(({ run }) => run.parameters.l1SlotMs)
  const finalized = useWorld(({ l1 }) => l1.finalizedNumber)
  return (
    <Panel
      area="l1"
      actor="l1"
      title="L1 · Ethereum"
      term="l1"
      status={`one block every ${slotMs / 1_000} s · finalized up to ${formatCount(finalized)}`}
    >
      <Lane />
    </Panel>
  )
}

function Lane() {
  const [ref, { width, height }] = useSize<HTMLDivElement>()
  const blocks = useWorld(({ l1 }) => l1.blocks)
  const finalized = useWorld(({ l1 }) => l1.finalizedNumber)
  const room = Math.max(0, Math.floor((width - 66) / pitch))
  const shown = blocks.slice(-room)
  const top = height - edge - 22
  const nextX =
    shown.length < room ? shown.length * pitch + edge / 2 + 4 : room * pitch + edge / 2 + 4
  return (
    <div ref={ref} className={styles.lane}>
      <Scene width={width} height={height} label="L1 blocks">
        <line className={styles.rail} x1={0} x2={nextX} y1={top + edge / 2} y2={top + edge / 2} />
        {shown.map((block, index) => (
          <Block
            key={block.hash}
            block={block}
            x={index * pitch + 4}
            y={top}
            final={block.number <= finalized}
          />
        ))}
        {height > 0 && <NextSlot x={nextX} y={top + edge / 2} />}
      </Scene>
    </div>
  )
}

interface BlockProps {
  readonly block: L1BlockView
  readonly x: number
  readonly y: number
  readonly final: boolean
}

const Block = memo(function Block({ block, x, y, final }: BlockProps) {
  const selected = useView(
    ({ selection }) => selection?.kind === 'l1-block' && selection.number === block.number,
  )
  const words = eventWords(block.events)
  const full = Math.min(1, Number(block.gasUsed) / gasLimit)
  const fillHeight = block.transactions === 0 ? 0 : Math.max(3, full * (edge - 4))
  const open = () => select({ kind: 'l1-block', number: block.number })
  return (
    <g
      className={styles.block}
      style={{ transform: `translate(${x}px, ${y}px)` }}
      data-final={final}
      data-orphaned={block.orphaned}
      data-selected={selected}
    >
      {words.slice(0, 2).map((word, index) => (
        <Flag key={word.text} word={word} y={-8 - index * 16} />
      ))}
      {words.length > 2 && (
        <text className={styles.more} x={edge / 2} y={-40} textAnchor="middle">
          +{words.length - 2}
        </text>
      )}
      <Tip
        text={`Block ${block.number}: ${block.transactions} transactions, ${formatCount(block.gasUsed)} gas${final ? ', final' : ''}${block.orphaned ? ', replaced by a reorg' : ''}`}
      >
        <Press label={`L1 block ${block.number}`} className={styles.hit} onPress={open}>
          <rect className={styles.face} width={edge} height={edge} rx={8} />
          <rect
            className={styles.fill}
            x={2}
            y={edge - 2 - fillHeight}
            width={edge - 4}
            height={fillHeight}
            rx={5}
          />
          {block.transactions > 0 && (
            <text className={styles.count} x={edge / 2} y={edge / 2 + 4.5} textAnchor="middle">
              {block.transactions}
            </text>
          )}
        </Press>
      </Tip>
      <text className={styles.number} x={edge / 2} y={edge + 17} textAnchor="middle">
        {String(block.number)}
      </text>
    </g>
  )
})

function Flag({
  word,
  y,
}: {
  readonly word: ReturnType<typeof eventWords>[number]
  readonly y: number
}) {
  const text = word.count > 1 ? `${word.text} ×${word.count}` : word.text
  return (
    <text
      className={styles.flag}
      x={edge / 2}
      y={y}
      textAnchor="middle"
      style={{ fill: `var(--${word.tone})` }}
    >
      {text}
    </text>
  )
}

/** The slot under construction: a ring that closes as its time comes. Transactions fly here. */
function NextSlot({ x, y }: { readonly x: number; readonly y: number }) {
  const slotMs = useWorld(({ run }) => run.parameters.l1SlotMs)
  const lastMs = useWorld(({ l1 }) => l1.blocks.at(-1)?.timeMs ?? 0)
  const timeMs = useTimeMs(50)
  const share = Math.max(0, Math.min(1, (timeMs - lastMs) / slotMs))
  const length = 2 * Math.PI * 23
  return (
    <g className={styles.next} style={{ transform: `translate(${x}px, ${y}px)` }}>
      <circle r={23} className={styles.waiting} />
      <circle
        r={23}
        className={styles.elapsed}
        strokeDasharray={`${share * length} ${length}`}
        transform="rotate(-90)"
      />
      <Actor id="l1" x={0} y={0} radius={13} />
    </g>
  )
}
