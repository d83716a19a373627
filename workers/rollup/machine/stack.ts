/** The stack as a linked list, so that a state is a reference; hashes are chained (docs/specs/MACHINE.md, section 1). */
import { ZERO_HASH } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'
import { writeWord } from './words.ts'

export interface StackItem {
  readonly value: bigint
  readonly below: Stack
  readonly length: number
  /** Filled when first asked for. */
  hash: Uint8Array | null
}

export type Stack = StackItem | null

export function push(below: Stack, value: bigint): StackItem {
  return { value, below, length: below === null ? 1 : below.length + 1, hash: null }
}

export function stackLength(stack: Stack): number {
  return stack === null ? 0 : stack.length
}

export function stackHash(stack: Stack): Uint8Array {
  if (stack === null) return ZERO_HASH
  if (stack.hash !== null) return stack.hash
  // Iteration from the deepest item without a hash: recursion could be 1,024 deep.
  const items: StackItem[] = []
  let item: Stack = stack
  while (item !== null && item.hash === null) {
    items.push(item)
    item = item.below
  }
  let hash = item?.hash ?? ZERO_HASH
  for (const next of items.reverse()) {
    const buffer = new Uint8Array(64)
    buffer.set(hash)
    writeWord(buffer, 32, next.value)
    hash = keccak256(buffer)
    next.hash = hash
  }
  return hash
}

/** The values from the top, at most `count`. */
export function stackValues(stack: Stack, count: number): bigint[] {
  const values: bigint[] = []
  let item = stack
  while (item !== null && values.length < count) {
    values.push(item.value)
    item = item.below
  }
  return values
}
