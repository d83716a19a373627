/** Shape of the trace that the game is played over: docs/ARCHITECTURE.md, "The trace index of the game has 46 bits". */
export const traceDepth = 46
const stepBits = 25n
const traceEnd = (1n << BigInt(traceDepth)) - 1n

interface Placed {
  readonly position: bigint
  readonly depth: number
}

/** The step after whose execution a claim's state stands. */
export function traceIndexOf({ position, depth }: Placed): bigint {
  const place = position - (1n << BigInt(depth))
  return ((place + 1n) << BigInt(traceDepth - depth)) - 1n
}

/** The steps of which one is wrong: both sides agree on the state before `first`, and disagree on the one after `last`. */
export interface Interval {
  readonly first: bigint
  readonly last: bigint
  /** The step whose result the newest claim states: the middle. Null before the first answer and at the end. */
  readonly asked: bigint | null
}

interface Answer extends Placed {
  readonly attack: boolean
}

/** What is in dispute after the last claim of a path that begins with the root claim. */
export function intervalAfter(path: readonly Answer[]): Interval {
  let first = 0n
  let last = traceEnd
  let asked: bigint | null = null
  for (const [at, claim] of path.entries()) {
    const parent = path[at - 1]
    if (parent === undefined) continue
    const answered = traceIndexOf(parent)
    if (claim.attack) last = answered
    else first = answered + 1n
    asked = traceIndexOf(claim)
  }
  return { first, last, asked }
}

/** The one step that L1 executes: an attack denies the leaf's own step, a defence the one after it. */
export function decidedInterval(leaf: Placed, attack: boolean): Interval {
  const index = traceIndexOf(leaf) + (attack ? 0n : 1n)
  return { first: index, last: index, asked: null }
}

/** Item of a step, and its number within the item. */
export function placeOf(index: bigint): { readonly item: number; readonly step: number } {
  return { item: Number(index >> stepBits), step: Number(index & ((1n << stepBits) - 1n)) }
}

/** 70,368,744,177,664 steps are unreadable; a power of two is not. */
export function stepsIn({ first, last }: Interval): {
  readonly count: bigint
  readonly power: number
} {
  const count = last - first + 1n
  return { count, power: count.toString(2).length - 1 }
}
