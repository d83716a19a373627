/** On a phone the words of the guide come first, and the page below is scrolled by hand. */
const isWide = () => matchMedia('(min-width: 861px)').matches
const gapPx = 12

/**
 * Begins a step at the top of its page, and where it speaks of one card, outlines that as soon as it is there and keeps it in sight below
 * the bar while it grows, until somebody scrolls. `card` is its accessible name. The result takes the outline away.
 */
export function show(bar: HTMLElement | null, card: string | undefined): () => void {
  const page = bar?.closest('main')
  if (bar == null || page == null) return () => {}
  page.scrollTo({ top: 0 })
  if (card === undefined) return () => {}
  let found: HTMLElement | null = null
  const sizes = new ResizeObserver(() => {
    if (found !== null && isWide()) reveal(page, bar, found)
  })
  const find = (): boolean => {
    found = page.querySelector<HTMLElement>(`section[aria-label="${CSS.escape(card)}"]`)
    if (found === null) return false
    found.dataset['shown'] = 'true'
    sizes.observe(found)
    sizes.observe(bar)
    return true
  }
  const arrival = new MutationObserver(() => {
    if (find()) arrival.disconnect()
  })
  if (!find()) arrival.observe(page, { childList: true, subtree: true })
  const letGo = () => sizes.disconnect()
  for (const touch of touches) page.addEventListener(touch, letGo, { passive: true })
  return () => {
    arrival.disconnect()
    letGo()
    for (const touch of touches) page.removeEventListener(touch, letGo)
    delete found?.dataset['shown']
  }
}

const touches = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const

/** Scrolls no more than it must: a card that is wholly in sight stays where it is. */
function reveal(page: HTMLElement, bar: HTMLElement, card: HTMLElement): void {
  const top = bar.getBoundingClientRect().bottom + gapPx
  const bottom = page.getBoundingClientRect().bottom - stripPx
  const { top: from, bottom: to } = card.getBoundingClientRect()
  if (from >= top && to <= bottom) return
  page.scrollBy({ top: Math.min(from - top, Math.max(0, to - bottom)) })
}

/** Height of the rollup's strip, which lies over the end of the page. */
const stripPx = 48
