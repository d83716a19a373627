/** Places of the trace, and what is agreed and disputed, in words. */
import type { TraceItem } from '../../../workers/protocol/queries.ts'
import { formatCount, plural } from '../../ui/format.ts'
import { type Interval, placeOf, stepsIn } from './trace.ts'

/** What words need to know of a trace. */
export interface Places {
  readonly items: readonly TraceItem[]
  /** Steps of the one item in dispute; null as long as there are several, or nobody could be asked. */
  readonly length: number | null
}

export type LevelName = 'batch' | 'block' | 'transaction' | 'opcode' | 'end'

/** Real items of which one holds the wrong step. */
export interface Span {
  readonly firstItem: number
  readonly lastItem: number
  readonly level: LevelName
  /** Steps of the one item that is left, at the level of opcodes. */
  readonly firstStep: number
  readonly lastStep: number
  /** The interval reaches behind the trace's end, into nothing; at the level of the end, all of it lies there. */
  readonly isBeyond: boolean
}

export function spanOf(items: readonly TraceItem[], { first, last }: Interval): Span {
  const end = Math.max(0, items.length - 1)
  const from = placeOf(first)
  const to = placeOf(last)
  const firstItem = Math.min(from.item, end)
  const lastItem = Math.min(to.item, end)
  const inside = items.slice(firstItem, lastItem + 1)
  const isBeyond = to.item > end
  return {
    firstItem,
    lastItem,
    level: from.item > end ? 'end' : levelOf(inside, isBeyond),
    firstStep: from.step,
    lastStep: to.item > from.item ? Number.POSITIVE_INFINITY : to.step,
    isBeyond,
  }
}

function levelOf(items: readonly TraceItem[], isBeyond: boolean): LevelName {
  if (items.length <= 1) return isBeyond ? 'transaction' : 'opcode'
  const [one] = items
  if (items.some(({ batchIndex }) => batchIndex !== one?.batchIndex)) return 'batch'
  return items.some(({ blockNumber }) => blockNumber !== one?.blockNumber) ? 'block' : 'transaction'
}

/** “transaction 0”, “the start of block 13”. */
export function itemWords(item: TraceItem | undefined): string {
  if (item === undefined) return 'the end of the trace'
  if (item.blockNumber === null) {
    return item.phase === 'BATCH_OPEN'
      ? `the opening of batch ${item.batchIndex}`
      : `the end of batch ${item.batchIndex}`
  }
  if (item.transaction !== null) {
    const { place, isDeposit } = item.transaction
    return `${isDeposit ? 'deposit' : 'transaction'} ${place} of block ${item.blockNumber}`
  }
  const edge = { BLOCK_START: 'the start', TX_NEXT: 'the last item', BLOCK_END: 'the end' } as const
  return `${edge[item.phase as keyof typeof edge] ?? 'the start'} of block ${item.blockNumber}`
}

/** The state that both sides accept: everything up to there is settled between them. */
export function agreedWords({ items }: Places, { first }: Interval): string {
  if (first === 0n) return `The state before ${itemWords(items[0])}`
  const { item, step } = placeOf(first)
  if (item >= items.length) return 'Everything up to the end of the trace'
  if (step === 0) return `Everything up to ${itemWords(items[item - 1])}`
  return `Everything up to step ${formatCount(step)} of ${itemWords(items[item])}`
}

/** Where the wrong step is. */
export function disputedWords({ items, length }: Places, interval: Interval): string {
  const span = spanOf(items, interval)
  const count = span.lastItem - span.firstItem + 1
  const from = items[span.firstItem]
  const to = items[span.lastItem]
  const orBehind = span.isBeyond ? ', or behind the end of the trace' : ''
  switch (span.level) {
    case 'end':
      return `${behindWords(interval)} behind the end of the trace`
    case 'batch':
      return `Batches ${from?.batchIndex} to ${to?.batchIndex}`
    case 'block':
      return `${plural(count, 'item')} of batch ${from?.batchIndex}, from ${itemWords(from)} to ${itemWords(to)}${orBehind}`
    case 'transaction':
      return count === 1
        ? `${sentence(itemWords(from))}${orBehind}`
        : `${plural(count, 'item')}, from ${itemWords(from)} to ${itemWords(to)}${orBehind}`
    case 'opcode':
      return `${stepWords(interval, length)} of ${itemWords(from)}`
  }
}

const behindWords = (interval: Interval): string =>
  stepsIn(interval).count === 1n ? 'The step' : 'Steps'

const sentence = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1)

/** “Step 1,197”, “Steps 512 to 767”, “All 316 steps”: places behind the item's end are empty and not counted. */
function stepWords(interval: Interval, length: number | null): string {
  const { count } = stepsIn(interval)
  const { step } = placeOf(interval.first)
  const last = step + Number(count) - 1
  if (count === 1n) return `Step ${formatCount(step)}`
  if (length === null || last < length) return `Steps ${formatCount(step)} to ${formatCount(last)}`
  return step === 0 ? `All ${plural(length, 'step')}` : `The steps from ${formatCount(step)} on`
}

/** After what a claim's state stands. */
export function askedWords({ items, length }: Places, asked: bigint): string {
  const { item, step } = placeOf(asked + 1n)
  const end = items.length
  if (item > end || (item === end && step > 0)) return 'far behind the end of the trace'
  if (step === 0) return `after ${itemWords(items[item - 1])}`
  if (length !== null && step > length) return `far behind the end of ${itemWords(items[item])}`
  return `after step ${formatCount(step - 1)} of ${itemWords(items[item])}`
}

/** Without a node to ask, the numbers alone. */
export function plainWords(interval: Interval): string {
  const { power } = stepsIn(interval)
  return power === 0 ? 'One single step' : `2${superscript(power)} steps of the trace`
}

const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹'

function superscript(value: number): string {
  return [...String(value)].map((digit) => digits[Number(digit)] ?? '').join('')
}
