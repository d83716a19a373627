/** Bounded memory of pure results. Forgetting costs time and never changes a result. */
export interface Memo<Value> {
  /** The remembered value of `key`, or that of `compute`, which must be pure in `key`. */
  recall(key: string, compute: () => Value): Value
}

/** Remembers the latest `capacity` keys; the one that entered first leaves first. */
export function createMemo<Value>(capacity: number): Memo<Value> {
  const values = new Map<string, Value>()
  return {
    recall(key, compute) {
      const known = values.get(key)
      if (known !== undefined) return known
      const value = compute()
      values.set(key, value)
      forgetBeyond(values, capacity)
      return value
    },
  }
}

function forgetBeyond(values: Map<string, unknown>, capacity: number): void {
  for (const oldest of values.keys()) {
    if (values.size <= capacity) return
    values.delete(oldest)
  }
}
