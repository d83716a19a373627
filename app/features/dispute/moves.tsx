import { useState } from 'react'
import type { ClaimView, DisputeView, PartyView } from '../../../workers/protocol/projection.ts'
import { Button } from '../../ui/button.tsx'
import { formatEther, plural } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { RoleGlyph } from '../../ui/role-glyph.tsx'
import styles from './dispute.module.css'
import { nameOf } from './headline.tsx'
import { type Level, levelsOf, openRows } from './levels.ts'
import { isBy, pathTo } from './scene.ts'
import { intervalAfter, traceIndexOf } from './trace.ts'
import { askedWords, itemWords, type Places, spanOf } from './words.ts'

interface MovesProps {
  readonly dispute: DisputeView
  /** Those to list. */
  readonly claims: readonly ClaimView[]
  /** Claims that branch off from the line that decides. */
  readonly beside: {
    readonly count: number
    readonly isShown: boolean
    readonly onToggle: () => void
  }
  readonly places: Places | null
  /** By index of the claim, as far as known: whether its state is the right one. */
  readonly truths: readonly boolean[]
  readonly selected: number
  readonly onSelect: (index: number) => void
}

const questions = {
  batch: 'Which batch?',
  block: 'Which block?',
  transaction: 'Which transaction?',
  opcode: 'Which opcode?',
  end: 'Is the trace over?',
} as const

/** The claim tree by levels. Levels that are settled are folded; the one at hand shows its latest moves. */
export function Moves(props: MovesProps) {
  const { dispute, claims, beside, places, truths, selected, onSelect } = props
  const [unfolded, setUnfolded] = useState<readonly string[]>([])
  const items = places?.items ?? []
  const levels = levelsOf(claims, items).filter((level) => level.claims.length > 0)
  const toggle = (name: string) =>
    setUnfolded((names) =>
      names.includes(name) ? names.filter((other) => other !== name) : [...names, name],
    )
  return (
    <section className={styles.tree} aria-label="Moves">
      {beside.count > 0 && (
        <p className={styles.beside}>
          <span>
            {beside.isShown
              ? 'All moves, in the order in which they were made.'
              : `The line that decides; ${plural(beside.count, 'move')} branch off from it.`}
          </span>
          <Button look="outline" onClick={beside.onToggle}>
            {beside.isShown ? 'Show the line only' : 'Show all moves'}
          </Button>
        </p>
      )}
      {levels.map((level, at) => {
        const isAtHand = level.claims.some(({ index }) => index === selected)
        const isWhole = unfolded.includes(level.name)
        const rows = isWhole ? level.claims : isAtHand ? openRows(level.claims, selected) : []
        const hidden = level.claims.length - rows.length
        return (
          <div key={level.name} className={styles.level} data-open={isAtHand}>
            <h3>
              <button
                type="button"
                className={styles.levelHead}
                aria-expanded={isWhole}
                onClick={() => toggle(level.name)}
              >
                <Icon name={isWhole ? 'chevron' : 'right'} size={16} />
                <span>{questions[level.name]}</span>
                <span className={styles.answer}>{answerOf(claims, levels[at + 1], items)}</span>
                <span className={styles.quiet}>{plural(level.claims.length, 'move')}</span>
              </button>
            </h3>
            {rows.map((claim) => (
              <Row
                key={claim.index}
                claim={claim}
                who={nameOf(dispute, claim)}
                side={sideOf(dispute, claim)}
                place={rowPlace(places, level, claim)}
                isFalse={truths[claim.index] === false}
                isSelected={claim.index === selected}
                onSelect={onSelect}
              />
            ))}
            {isAtHand && hidden > 0 && (
              <Button className={styles.more} onClick={() => toggle(level.name)}>
                Show {plural(hidden, 'more move')} of this level
              </Button>
            )}
          </div>
        )
      })}
    </section>
  )
}

/** What a level came to: the place in which the first claim of the next one stands. */
function answerOf(
  claims: readonly ClaimView[],
  next: Level | undefined,
  items: Places['items'],
): string {
  const claim = next?.claims[0]
  if (next === undefined || claim === undefined) return ''
  const first = items[spanOf(items, intervalAfter(pathTo(claims, claim.index))).firstItem]
  if (first === undefined) return ''
  if (next.name === 'end') return 'behind the end'
  if (next.name === 'block') return `batch ${first.batchIndex}`
  if (next.name === 'transaction') return `block ${first.blockNumber}`
  return itemWords(first)
}

/** Of the party: what answers a false friend stands on the other side, but its author does not. */
function sideOf({ parties }: DisputeView, claim: ClaimView): PartyView['side'] {
  return parties.find((party) => isBy(claim, party))?.side ?? claim.side
}

/** Only claims inside the one item in dispute know where it ends. */
function rowPlace(places: Places | null, level: Level, claim: ClaimView): string {
  if (places === null) return `depth ${claim.depth}`
  const length = level.name === 'opcode' ? places.length : null
  return askedWords({ ...places, length }, traceIndexOf(claim))
}

interface RowProps {
  readonly claim: ClaimView
  readonly who: string
  readonly side: PartyView['side']
  readonly place: string
  readonly isFalse: boolean
  readonly isSelected: boolean
  readonly onSelect: (index: number) => void
}

function Row({ claim, who, side, place, isFalse, isSelected, onSelect }: RowProps) {
  return (
    <button
      type="button"
      className={styles.row}
      aria-pressed={isSelected}
      data-selected={isSelected}
      onClick={() => onSelect(claim.index)}
    >
      <span className={styles.moveNumber}>{claim.index}</span>
      <RoleGlyph actor={side === 'defender' ? 'executor' : 'challenger'} size={16} />
      <span className={styles.verb}>
        {who} {verbOf(claim)}
      </span>
      <span className={styles.rowPlace}>{place}</span>
      {isFalse && <span className={styles.lie}>▲ false</span>}
      <span className={styles.moveBond}>{formatEther(claim.bondWei, 2)}</span>
    </button>
  )
}

function verbOf({ parentIndex, attack }: ClaimView): string {
  if (parentIndex < 0) return 'proposes'
  return attack ? 'disagrees' : 'agrees'
}
