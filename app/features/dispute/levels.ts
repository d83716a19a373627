/** The moves of a dispute by what they narrow: which batch, which block, which transaction, which opcode. Settled levels are folded. */
import type { ClaimView } from '../../../workers/protocol/projection.ts'
import type { TraceItem } from '../../../workers/protocol/queries.ts'
import { pathTo } from './scene.ts'
import { intervalAfter } from './trace.ts'
import { type LevelName, spanOf } from './words.ts'

export interface Level {
  readonly name: LevelName
  readonly claims: readonly ClaimView[]
}

export const levelNames = ['batch', 'block', 'transaction', 'opcode', 'end'] as const

/** All claims by level, in order; a level without claims was never in question. */
export function levelsOf(
  claims: readonly ClaimView[],
  items: readonly TraceItem[],
): readonly Level[] {
  const levelOf = (claim: ClaimView) =>
    spanOf(items, intervalAfter(pathTo(claims, claim.index))).level
  const levels = claims.map((claim) => ({ claim, name: levelOf(claim) }))
  return levelNames.map((name) => ({
    name,
    claims: levels.filter((level) => level.name === name).map(({ claim }) => claim),
  }))
}

/** Moves shown of an open level: the selected one and what led to it. */
const rowsMax = 8

export function openRows(claims: readonly ClaimView[], selected: number): readonly ClaimView[] {
  const at = claims.findIndex(({ index }) => index === selected)
  const end = at < 0 ? claims.length : Math.min(claims.length, Math.max(at + 3, rowsMax))
  return claims.slice(Math.max(0, end - rowsMax), end)
}

/** Indices of the moves that are on screen with nothing unfolded by hand. */
export function visibleMoves(
  claims: readonly ClaimView[],
  items: readonly TraceItem[],
  selected: number,
): readonly number[] {
  const open = levelsOf(claims, items).find((level) =>
    level.claims.some(({ index }) => index === selected),
  )
  return openRows(open?.claims ?? [], selected).map(({ index }) => index)
}
