/** Lays out L2 blocks as small squares, one bundle of columns per inbox entry, newest on the right. */
export interface SpanInput {
  readonly batchIndex: bigint
  readonly firstNumber: bigint
  readonly counts: readonly number[]
}

export interface SpanBox<T extends SpanInput> {
  readonly span: T
  readonly x: number
  readonly width: number
}

export interface CellGrid {
  readonly rows: number
  /** Edge of a square, in pixels. */
  readonly cell: number
  readonly gap: number
  /** Between entries. */
  readonly margin: number
  /** Room for an entry's label. */
  readonly minWidth: number
}

/** The spans that fit into `width`, from the newest backwards; the oldest may stick out on the left. */
export function layoutSpans<T extends SpanInput>(
  spans: readonly T[],
  width: number,
  grid: CellGrid,
): readonly SpanBox<T>[] {
  const boxes: SpanBox<T>[] = []
  let right = width
  for (const span of spans.toReversed()) {
    const columns = Math.ceil(span.counts.length / grid.rows)
    const boxWidth = Math.max(grid.minWidth, columns * (grid.cell + grid.gap) - grid.gap)
    if (right <= 0) break
    boxes.push({ span, x: right - boxWidth, width: boxWidth })
    right -= boxWidth + grid.margin
  }
  const spare = Math.max(0, right + grid.margin)
  const filled = boxes.length === spans.length ? spare : 0
  return boxes.map((box) => ({ ...box, x: box.x - filled })).toReversed()
}

/** Where block `offset` of an entry stands, relative to its box: down first, then right. */
export function cellPoint(
  offset: number,
  { rows, cell, gap }: CellGrid,
): { readonly x: number; readonly y: number } {
  return { x: Math.floor(offset / rows) * (cell + gap), y: (offset % rows) * (cell + gap) }
}
