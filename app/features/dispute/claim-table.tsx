import { memo, useEffect, useRef } from 'react'
import type { ClaimView, DisputeView } from '../../../workers/protocol/projection.ts'
import { halves, lanes, mainPath } from '../../charts/claim-tree.ts'
import { formatEther } from '../../ui/format.ts'
import { roleShape } from '../../ui/role-glyph.tsx'
import styles from './dispute.module.css'
import { itemDepth } from './trace.ts'

const rowHeight = 30
const gutter = { left: 26, pitch: 62, lane: 14, width: 128 }
const funnelWidth = 250

interface ClaimTableProps {
  readonly dispute: DisputeView
  readonly selected: number
  /** Nothing was chosen: the newest move stays in view. */
  readonly following: boolean
  readonly onSelect: (index: number) => void
}

/** All claims as a tree: one row per move, the two sides as columns, and on the right the trace halving down to one step. */
export function ClaimTable({ dispute, selected, following, onSelect }: ClaimTableProps) {
  const box = useRef<HTMLDivElement>(null)
  const { claims } = dispute
  const height = claims.length * rowHeight
  useArrowKeys(claims, selected, onSelect)
  useEffect(() => {
    const row = claims.findIndex((claim) => claim.index === selected)
    const element = box.current
    if (element === null) return
    const top = row * rowHeight
    const visible =
      top >= element.scrollTop && top + rowHeight <= element.scrollTop + element.clientHeight
    if (!visible)
      element.scrollTo({
        top: top - element.clientHeight / 2,
        behavior: following ? 'auto' : 'smooth',
      })
  }, [claims, selected, following])
  return (
    <section className={styles.tree} aria-label="Claims">
      <header className={styles.treeHead}>
        <span style={{ width: gutter.width }}>
          <span>defender</span>
          <span>challenger</span>
        </span>
        <span className={styles.moveHead}>Move</span>
        <span style={{ width: funnelWidth }}>The disputed part of the trace, halved</span>
      </header>
      <div ref={box} className={styles.treeBody}>
        <div className={styles.rows} style={{ height }}>
          <Funnel claims={claims} height={height} />
          <Edges claims={claims} height={height} />
          {claims.map((claim) => (
            <Row
              key={claim.index}
              claim={claim}
              lies={lies(dispute, claim)}
              selected={claim.index === selected}
              onSelect={onSelect}
            />
          ))}
        </div>
      </div>
    </section>
  )
}

function lies(dispute: DisputeView, claim: ClaimView): boolean {
  return dispute.parties.some(
    (party) => party.address === claim.claimant && party.side === claim.side && !party.honest,
  )
}

/** Up and down walk the moves in order, left goes to the parent, right to the first answer. */
function useArrowKeys(
  claims: readonly ClaimView[],
  selected: number,
  onSelect: (index: number) => void,
): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        event.target instanceof Element &&
        event.target.closest('input, [role="tablist"], [role="menu"], [role="slider"]')
      )
        return
      const row = claims.findIndex((claim) => claim.index === selected)
      const next: Readonly<Record<string, number | undefined>> = {
        ArrowDown: claims[row + 1]?.index,
        ArrowUp: claims[row - 1]?.index,
        ArrowLeft: claims.find((claim) => claim.index === claims[row]?.parentIndex)?.index,
        ArrowRight: claims.find((claim) => claim.parentIndex === selected)?.index,
      }
      const index = next[event.key]
      if (index === undefined) return
      event.preventDefault()
      onSelect(index)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [claims, selected, onSelect])
}

interface RowProps {
  readonly claim: ClaimView
  readonly lies: boolean
  readonly selected: boolean
  readonly onSelect: (index: number) => void
}

const Row = memo(function Row({ claim, lies: lying, selected, onSelect }: RowProps) {
  const verb = claim.parentIndex < 0 ? 'proposes' : claim.attack ? 'attacks' : 'defends'
  return (
    <button
      type="button"
      className={styles.row}
      aria-pressed={selected}
      data-selected={selected}
      data-lies={lying}
      data-split={claim.depth === itemDepth}
      onClick={() => onSelect(claim.index)}
    >
      <span style={{ width: gutter.width }} />
      <span className={styles.move}>
        <span className={styles.moveNumber}>{claim.index}</span>
        <span className={styles.verb}>{verb}</span>
        <span className={styles.quiet}>depth {claim.depth}</span>
        <span className={styles.moveBond}>{formatEther(claim.bondWei, 2)}</span>
      </span>
      <span style={{ width: funnelWidth }} />
    </button>
  )
})

/** Nodes and edges of the tree; an attack is a full line, a defence a dashed one, a refuted claim is crossed. */
function Edges({
  claims,
  height,
}: {
  readonly claims: readonly ClaimView[]
  readonly height: number
}) {
  const laneOf = lanes(claims)
  const rowOf = new Map(claims.map((claim, row) => [claim.index, row]))
  const point = (claim: ClaimView) => ({
    x:
      gutter.left +
      (claim.side === 'challenger' ? gutter.pitch : 0) +
      (laneOf.get(claim.index) ?? 0) * gutter.lane,
    y: ((rowOf.get(claim.index) ?? 0) + 0.5) * rowHeight,
  })
  return (
    <svg className={styles.edges} width={gutter.width} height={height} aria-hidden="true">
      {claims.map((claim) => {
        const parent = claims[rowOf.get(claim.parentIndex) ?? -1]
        if (parent === undefined) return null
        const from = point(parent)
        const to = point(claim)
        const bend = (from.y + to.y) / 2
        return (
          <path
            key={claim.index}
            className={styles.edge}
            data-attack={claim.attack}
            d={`M${from.x},${from.y}C${from.x},${bend} ${to.x},${bend} ${to.x},${to.y}`}
          />
        )
      })}
      {claims.map((claim) => {
        const { x, y } = point(claim)
        const role = claim.side === 'defender' ? 'executor' : 'challenger'
        return (
          <g key={claim.index} transform={`translate(${x} ${y})`}>
            <path
              d={roleShape(role, 8)}
              fill={`var(--${role}-soft)`}
              stroke={`var(--${role})`}
              strokeWidth={1.8}
              strokeLinejoin="round"
            />
            {claim.countered && <path className={styles.countered} d="M-9,-9L9,9M9,-9L-9,9" />}
          </g>
        )
      })}
    </svg>
  )
}

/** Each row is the part in dispute, stretched to the full width; the half that the next move leaves is filled. */
function Funnel({
  claims,
  height,
}: {
  readonly claims: readonly ClaimView[]
  readonly height: number
}) {
  const path = mainPath(claims)
  const half = halves(path)
  const rowOf = new Map(claims.map((claim, row) => [claim.index, row]))
  const middle = funnelWidth / 2
  const barHeight = 9
  return (
    <svg className={styles.funnel} width={funnelWidth} height={height} aria-hidden="true">
      {path.map((claim, step) => {
        const y = ((rowOf.get(claim.index) ?? 0) + 0.5) * rowHeight - barHeight / 2
        const next = path[step + 1]
        const nextY =
          next === undefined ? y : ((rowOf.get(next.index) ?? 0) + 0.5) * rowHeight - barHeight / 2
        const x = half[step] === 'right' ? middle : 0
        const open = half[step] === 'open'
        return (
          <g key={claim.index}>
            {!open && (
              <path
                className={styles.zoom}
                d={`M${x},${y + barHeight}H${x + middle}L${funnelWidth},${nextY}H0Z`}
              />
            )}
            <rect
              className={styles.bar}
              x={0}
              y={y}
              width={funnelWidth}
              height={barHeight}
              rx={3}
            />
            <rect
              className={styles.half}
              data-open={open}
              x={x}
              y={y}
              width={open ? funnelWidth : middle}
              height={barHeight}
              rx={3}
            />
          </g>
        )
      })}
    </svg>
  )
}
