/** Bounded, immutable windows: arrays that forget their oldest items. */

/** Appends and keeps the last `size` items. */
export function pushBounded<T>(items: readonly T[], item: T, size: number): readonly T[] {
  return items.length < size ? [...items, item] : [...items.slice(items.length - size + 1), item]
}

/** Replaces the last item for which `matches` holds; the same array if there is none or nothing changed. */
export function updateLast<T>(
  items: readonly T[],
  matches: (item: T) => boolean,
  change: (item: T) => T,
): readonly T[] {
  const index = items.findLastIndex(matches)
  const item = items[index]
  if (item === undefined) return items
  const next = change(item)
  return next === item ? items : items.with(index, next)
}
