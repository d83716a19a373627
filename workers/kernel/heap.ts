/** A binary heap of events in the one total order of the simulation: `(timeMs, source, sequence)`. */

export interface Ordered {
  readonly timeMs: number
  readonly source: string
  readonly sequence: number
}

export interface EventHeap<Item extends Ordered> {
  push(item: Item): void
  peek(): Item | undefined
  pop(): Item | undefined
  size(): number
  /** The items in no particular order, for snapshots. */
  items(): readonly Item[]
}

/** Negative when `a` comes before `b`. Sources compare by UTF-16 code units, so that locales do not matter. */
export function compareOrdered(a: Ordered, b: Ordered): number {
  if (a.timeMs !== b.timeMs) return a.timeMs - b.timeMs
  if (a.source !== b.source) return a.source < b.source ? -1 : 1
  return a.sequence - b.sequence
}

/** A heap that holds `items`. */
export function createHeap<Item extends Ordered>(items: readonly Item[] = []): EventHeap<Item> {
  // A sorted array is a valid heap.
  const heap: Item[] = [...items].sort(compareOrdered)
  return {
    push: (item) => {
      heap.push(item)
      siftUp(heap, heap.length - 1)
    },
    peek: () => heap[0],
    pop: () => {
      const first = heap[0]
      const last = heap.pop()
      if (heap.length > 0 && last !== undefined) {
        heap[0] = last
        siftDown(heap, 0)
      }
      return first
    },
    size: () => heap.length,
    items: () => [...heap],
  }
}

function siftUp<Item extends Ordered>(heap: Item[], from: number): void {
  let at = from
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!swapIfBefore(heap, at, parent)) return
    at = parent
  }
}

function siftDown<Item extends Ordered>(heap: Item[], from: number): void {
  let at = from
  for (;;) {
    const left = 2 * at + 1
    const right = left + 1
    const child = isBefore(heap, right, left) ? right : left
    if (!swapIfBefore(heap, child, at)) return
    at = child
  }
}

function isBefore<Item extends Ordered>(heap: Item[], index: number, other: number): boolean {
  const a = heap[index]
  const b = heap[other]
  return a !== undefined && b !== undefined && compareOrdered(a, b) < 0
}

function swapIfBefore<Item extends Ordered>(heap: Item[], index: number, other: number): boolean {
  const a = heap[index]
  const b = heap[other]
  if (a === undefined || b === undefined || compareOrdered(a, b) >= 0) return false
  heap[index] = b
  heap[other] = a
  return true
}
