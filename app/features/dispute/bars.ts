/** The trace under a microscope: one bar for batches, blocks, transactions, steps, opcodes, each the disputed part of the one above. */
import type { ItemSteps, TraceItem } from '../../../workers/protocol/queries.ts'
import { formatCount } from '../../ui/format.ts'
import { type Interval, placeOf } from './trace.ts'
import { spanOf } from './words.ts'

export interface Cell {
  readonly key: string
  readonly label: string
  /** In percent of the bar. */
  readonly left: number
  readonly width: number
}

export interface Bar {
  readonly title: string
  /** What the level was narrowed down to; null while it is in question or not yet reached. */
  readonly answer: string | null
  readonly cells: readonly Cell[]
  /** Disputed part, in percent. */
  readonly from: number
  readonly to: number
  /** Where the newest claim stands; null at other levels. */
  readonly asked: number | null
  /** Behind the cells lies empty trace, drawn as a tail. */
  readonly hasTail: boolean
}

/** A part of a bar in the bar's own unit: items of the trace, or steps of an item. */
interface Part {
  readonly from: number
  readonly to: number
  readonly label: string
}

const tailPercent = 9

interface BarInput {
  readonly title: string
  readonly parts: readonly Part[]
  readonly isProportional?: boolean
  readonly from: number
  readonly to: number
  readonly asked: number | null
  readonly isOpen: boolean
}

function toBar({ title, parts, isProportional = false, ...input }: BarInput): Bar {
  const end = parts.at(-1)?.to ?? 0
  const start = parts[0]?.from ?? 0
  const hasTail = input.to > end
  const room = hasTail ? 100 - tailPercent : 100
  const widths = parts.map(({ from, to }) =>
    isProportional ? (room * (to - from)) / Math.max(1, end - start) : room / parts.length,
  )
  let left = 0
  const cells = parts.map(({ from, label }, at): Cell => {
    const cell = { key: `${from}`, label, left, width: widths[at] ?? 0 }
    left += cell.width
    return cell
  })
  const percent = (value: number): number => {
    if (value > end) return room + tailPercent
    const at = parts.findIndex(({ to }) => value < to)
    const part = parts[at]
    const cell = cells[at]
    if (part === undefined || cell === undefined) return room
    const inside = Math.max(0, value - part.from) / (part.to - part.from)
    return cell.left + cell.width * inside
  }
  const asked = input.asked === null ? null : askedPercent(input.asked, { end, room, percent })
  const held = parts.find(({ from, to }) => input.from >= from && input.to <= to)
  return {
    title,
    answer: input.isOpen ? null : (held?.label ?? null),
    cells,
    from: percent(input.from),
    to: percent(input.to),
    asked,
    hasTail,
  }
}

function askedPercent(
  asked: number,
  { end, room, percent }: { end: number; room: number; percent: (value: number) => number },
): number {
  return asked > end ? room + tailPercent / 2 : percent(asked)
}

/** Consecutive items of one group; `keyOf` null begins a group of its own. */
function group(
  items: readonly TraceItem[],
  first: number,
  { keyOf, labelOf }: { keyOf: (item: TraceItem) => string; labelOf: (item: TraceItem) => string },
): readonly Part[] {
  const parts: { from: number; to: number; key: string; label: string }[] = []
  for (const [at, item] of items.entries()) {
    const key = keyOf(item)
    const last = parts.at(-1)
    if (last?.key === key) last.to = first + at + 1
    else parts.push({ from: first + at, to: first + at + 1, key, label: labelOf(item) })
  }
  return parts
}

export interface MicroscopeInput {
  readonly items: readonly TraceItem[]
  readonly interval: Interval
  /** Steps of the item in dispute, as soon as it is one. */
  readonly steps: ItemSteps | null
}

/** The bars that are in question or settled, from the top. */
export function barsOf({ items, interval, steps }: MicroscopeInput): readonly Bar[] {
  const span = spanOf(items, interval)
  const at = {
    from: span.level === 'end' ? items.length : span.firstItem,
    to: span.isBeyond ? Number.POSITIVE_INFINITY : span.lastItem + 1,
  }
  const asked = interval.asked === null ? null : placeOf(interval.asked + 1n)
  const askedItem = asked?.item ?? null
  const only = <T>(level: string, value: T | null) => (span.level === level ? value : null)
  const batches = group(items, 0, {
    keyOf: ({ batchIndex }) => `${batchIndex}`,
    labelOf: ({ batchIndex }) => `Batch ${batchIndex}`,
  })
  const bars = [
    toBar({
      title: 'Batches',
      parts: batches,
      ...at,
      asked: only('batch', askedItem),
      isOpen: span.level === 'batch',
    }),
  ]
  if (span.level === 'batch' || span.level === 'end') return bars
  const batch = batches.find(({ to }) => span.firstItem < to)
  const inBatch = items.slice(batch?.from, batch?.to)
  const blocks = group(inBatch, batch?.from ?? 0, {
    keyOf: ({ blockNumber, phase }) => `${blockNumber ?? phase}`,
    labelOf: ({ blockNumber }) => (blockNumber === null ? '' : `Block ${blockNumber}`),
  })
  bars.push(
    toBar({
      title: 'Blocks',
      parts: blocks,
      ...at,
      asked: only('block', askedItem),
      isOpen: span.level === 'block',
    }),
  )
  if (span.level === 'block') return bars
  const block = blocks.find(({ to }) => span.firstItem < to)
  const inBlock = items.slice(block?.from, block?.to)
  const transactions = inBlock.map((item, index): Part => {
    const from = (block?.from ?? 0) + index
    return { from, to: from + 1, label: itemLabel(item) }
  })
  bars.push(
    toBar({
      title: 'Transactions',
      parts: transactions,
      ...at,
      asked: only('transaction', askedItem),
      isOpen: span.level === 'transaction',
    }),
  )
  if (span.level === 'transaction' || steps === null) return bars
  return [
    ...bars,
    ...stepBars(
      steps,
      span,
      asked && asked.item > span.firstItem ? Number.POSITIVE_INFINITY : (asked?.step ?? null),
    ),
  ]
}

function stepBars(
  { length, first, steps }: ItemSteps,
  span: { readonly firstStep: number; readonly lastStep: number },
  asked: number | null,
): readonly Bar[] {
  const at = { from: span.firstStep, to: span.lastStep + 1 }
  const isClose = at.to - at.from <= steps.length && at.to <= first + steps.length
  const whole = toBar({
    title: 'Steps',
    parts: [{ from: 0, to: length, label: `${formatCount(length)} steps` }],
    isProportional: true,
    ...at,
    asked: isClose ? null : asked,
    isOpen: !isClose,
  })
  if (!isClose) return [whole]
  const parts = steps.map(({ phase, opcode }, index): Part => {
    const from = first + index
    return { from, to: from + 1, label: opcode || phase }
  })
  return [whole, toBar({ title: 'Opcodes', parts, ...at, asked, isOpen: at.to - at.from > 1 })]
}

function itemLabel({ phase, transaction }: TraceItem): string {
  if (transaction !== null)
    return `${transaction.isDeposit ? 'Deposit' : 'Tx'} ${transaction.place}`
  return { BATCH_OPEN: 'Open', BLOCK_START: 'Start', TX_NEXT: 'No more', BLOCK_END: 'End' }[phase]
}
