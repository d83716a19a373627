/**
 * Positions of claims in the bisection tree, as generalized indices: the root is 1, the children of `p` are `2p` and `2p + 1`.
 * Mirrors `LibPosition` of the game contract. A position at any depth commits to the state *after* the step of its trace index.
 */
export type Position = bigint

/** Bits of the trace index that select the boundary item, and the step within the item. Source: docs/specs/MACHINE.md. */
export const ITEM_BITS = 21
export const STEP_BITS = 25
/** Depth of the leaves: one leaf per step. */
export const MAX_DEPTH = ITEM_BITS + STEP_BITS

export const ROOT_POSITION: Position = 1n

/** Depth of a position; the root has depth 0. */
export function positionDepth(position: Position): number {
  return position.toString(2).length - 1
}

/** Number of the position among those of its depth, from the left. */
export function indexAtDepth(position: Position): bigint {
  return position - (1n << BigInt(positionDepth(position)))
}

/** The step after which the claimed state stands: index of the rightmost leaf below the position. */
export function traceIndex(position: Position, maxDepth: number = MAX_DEPTH): bigint {
  const remaining = BigInt(maxDepth - positionDepth(position))
  return ((indexAtDepth(position) + 1n) << remaining) - 1n
}

/**
 * Where a counter to a claim stands: an attack disagrees with the claimed state and halves to the left; a defence agrees with it
 * and halves what lies to its right. Mirrors `LibPosition.move`.
 */
export function movePosition(position: Position, attack: boolean): Position {
  return (attack ? position : position | 1n) << 1n
}

/** Whether the position is one that `movePosition(parent, false)` gives. */
export function isDefence(parent: Position, position: Position): boolean {
  return position === movePosition(parent, false) && position !== movePosition(parent, true)
}

/** The highest position that commits to the same trace index. Mirrors `LibPosition.traceAncestor`. */
export function traceAncestor(position: Position): Position {
  let ancestor = position
  while (ancestor > 1n && (ancestor & 1n) === 1n) ancestor >>= 1n
  return ancestor
}

/** Boundary item and step within it, of a trace index. */
export function splitTraceIndex(index: bigint): { readonly item: bigint; readonly step: bigint } {
  return { item: index >> BigInt(STEP_BITS), step: index & ((1n << BigInt(STEP_BITS)) - 1n) }
}
