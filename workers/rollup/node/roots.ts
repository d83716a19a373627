/** Which roots on L1 a node trusts, and what it could propose next. */
import { ENTRY_BATCH } from '../batch/entry.ts'
import type { Hex } from '../bytes.ts'
import type { GameView, L1Contents } from '../l1/view.ts'

/** The node's own root for an entry; `null` while it has not derived that far. */
export type RootOf = (entryIndex: bigint) => Hex | null

/** Whether a game is right and can still win: its claim, and every claim below it down to a final one. */
export function isGoodGame(game: GameView, contents: L1Contents, rootOf: RootOf): boolean {
  if (game.outcome === 'challengerWins' || game.isBlacklisted) return false
  if (game.rootClaim !== rootOf(game.entryIndex)) return false
  const parent = game.parent === null ? null : contents.games.get(game.parent)
  return parent === undefined || parent === null || isGoodGame(parent, contents, rootOf)
}

export interface Base {
  /** `null` for the anchor. */
  readonly game: GameView | null
  readonly entryIndex: bigint
}

/** The newest good root: what an honest proposal builds on. */
export function bestBase(contents: L1Contents, rootOf: RootOf): Base {
  let best: Base = { game: null, entryIndex: contents.anchor.entryIndex }
  for (const game of contents.games.values()) {
    const isNewer = best.game === null || game.entryIndex > best.entryIndex
    if (isNewer && game.entryIndex >= best.entryIndex && isGoodGame(game, contents, rootOf)) {
      best = { game, entryIndex: game.entryIndex }
    }
  }
  return best
}

/** The last entry that can no longer change at an L1 time, with all before it. */
export function lastSettledEntry(
  contents: L1Contents,
  nowSeconds: bigint,
  dataWindowSeconds: bigint,
): bigint {
  const open = contents.entries.findIndex(({ entry }) => {
    const window = entry.kind === ENTRY_BATCH ? dataWindowSeconds : 0n
    return entry.postedAt + window > nowSeconds
  })
  return BigInt(open < 0 ? contents.entries.length : open) - 1n
}
