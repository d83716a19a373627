/** Lays out the claims of a dispute: rows in the order of moves, and the path along which the disagreement narrowed. */
export interface ClaimInput {
  readonly index: number
  readonly parentIndex: number
  readonly depth: number
  readonly attack: boolean
}

/** From the root to the deepest claim: the line of play that decides. */
export function mainPath<T extends ClaimInput>(claims: readonly T[]): readonly T[] {
  const byIndex = new Map(claims.map((claim) => [claim.index, claim]))
  let claim = claims.reduce<T | undefined>(
    (deepest, next) => (deepest === undefined || next.depth > deepest.depth ? next : deepest),
    undefined,
  )
  const path: T[] = []
  while (claim !== undefined && path.length < claims.length) {
    path.push(claim)
    claim = byIndex.get(claim.parentIndex)
  }
  return path.toReversed()
}

/** Which half of its interval each claim of a path leaves in dispute: its answer attacks (left), defends (right), or is not there. */
export function halves(path: readonly ClaimInput[]): readonly ('left' | 'right' | 'open')[] {
  return path.map((_, row) => {
    const answer = path[row + 1]
    if (answer === undefined) return 'open'
    return answer.attack ? 'left' : 'right'
  })
}

/** Claims that lie beside the main path get a lane of their own, so that edges never cross rows of others. */
export function lanes(claims: readonly ClaimInput[]): ReadonlyMap<number, number> {
  const lane = new Map<number, number>()
  const continued = new Set<number>()
  let used = 0
  for (const claim of claims) {
    const inherits = claim.parentIndex >= 0 && !continued.has(claim.parentIndex)
    const own = inherits ? (lane.get(claim.parentIndex) ?? 0) : used
    if (!inherits) used += 1
    continued.add(claim.parentIndex)
    lane.set(claim.index, own)
  }
  return lane
}
