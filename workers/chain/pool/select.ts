/** Which waiting transactions a block takes. */
import type { SignedTransaction } from '../../rollup/transaction/transaction.ts'
import type { PooledTransaction } from './pooled.ts'

interface Head {
  readonly run: readonly PooledTransaction[]
  at: number
  readonly pooled: PooledTransaction
  readonly tip: bigint
}

/**
 * Merges the senders' runs: next is always the head that pays the most above the base fee, the earlier one on a tie.
 * Their gas limits sum up to `gasMax` at most.
 */
export function selectBest(
  runs: readonly (readonly PooledTransaction[])[],
  baseFee: bigint,
  gasMax: bigint,
): SignedTransaction[] {
  const heap: Head[] = []
  for (const run of runs) pushHead(heap, run, 0, baseFee)
  const selected: SignedTransaction[] = []
  let gas = 0n
  for (let head = popHead(heap); head !== undefined; head = popHead(heap)) {
    const { transaction } = head.pooled
    gas += transaction.gasLimit
    if (gas > gasMax) return selected
    selected.push(transaction)
    pushHead(heap, head.run, head.at + 1, baseFee)
  }
  return selected
}

function pushHead(
  heap: Head[],
  run: readonly PooledTransaction[],
  at: number,
  baseFee: bigint,
): void {
  const pooled = run[at]
  if (pooled === undefined || pooled.transaction.maxFeePerGas < baseFee) return
  const { maxFeePerGas, maxPriorityFeePerGas } = pooled.transaction
  const room = maxFeePerGas - baseFee
  const tip = room < maxPriorityFeePerGas ? room : maxPriorityFeePerGas
  heap.push({ run, at, pooled, tip })
  let child = heap.length - 1
  while (child > 0) {
    const parent = (child - 1) >> 1
    if (!swapIfBefore(heap, child, parent)) return
    child = parent
  }
}

function popHead(heap: Head[]): Head | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (heap.length === 0 || last === undefined) return first
  heap[0] = last
  let parent = 0
  for (;;) {
    const left = 2 * parent + 1
    const right = left + 1
    const best = isBefore(heap[right], heap[left]) ? right : left
    if (!swapIfBefore(heap, best, parent)) return first
    parent = best
  }
}

function swapIfBefore(heap: Head[], child: number, parent: number): boolean {
  const below = heap[child]
  const above = heap[parent]
  if (below === undefined || above === undefined || !isBefore(below, above)) return false
  heap[child] = above
  heap[parent] = below
  return true
}

function isBefore(left: Head | undefined, right: Head | undefined): boolean {
  if (left === undefined || right === undefined) return false
  if (left.tip !== right.tip) return left.tip > right.tip
  return left.pooled.sequence < right.pooled.sequence
}
