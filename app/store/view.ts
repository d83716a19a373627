/** What the visitor has chosen: selection, panel, theme; nothing of the world. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { NodeView } from '../../workers/protocol/projection.ts'

export type Selection =
  | { readonly kind: 'node'; readonly id: NodeView['id'] }
  | { readonly kind: 'l1-block'; readonly number: bigint }
  | { readonly kind: 'l2-block'; readonly number: bigint }
  | { readonly kind: 'view'; readonly view: bigint }
  | { readonly kind: 'batch'; readonly index: bigint }
  | { readonly kind: 'cell'; readonly index: bigint; readonly column: number }
  | { readonly kind: 'root'; readonly game: string }

export type PanelName = 'guide' | 'inspect' | 'events'
export type Theme = 'light' | 'dark'

export interface Notice {
  readonly id: number
  readonly tone: 'info' | 'error'
  readonly text: string
}

export interface Checkpoint {
  readonly id: number
  readonly timeMs: number
}

interface ViewState {
  readonly selection: Selection | null
  readonly panel: PanelName
  readonly sheetOpen: boolean
  readonly theme: Theme
  readonly helpOpen: boolean
  /** Another tab owns the world that this browser keeps, and nobody has said yet what to do. */
  readonly isElsewhere: boolean
  /** The catalogue of lies is open: for one node, or for whichever can tell the lie; null when it is closed. */
  readonly lies: { readonly node: NodeView['id'] | null } | null
  readonly notices: readonly Notice[]
  readonly checkpoints: readonly Checkpoint[]
}

export const viewStore = createStore<ViewState>(() => ({
  selection: null,
  panel: 'guide',
  sheetOpen: false,
  theme: document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light',
  helpOpen: false,
  isElsewhere: false,
  lies: null,
  notices: [],
  checkpoints: [],
}))

export function useView<T>(select: (state: ViewState) => T): T {
  return useStore(viewStore, select)
}

export function select(selection: Selection | null): void {
  viewStore.setState(
    selection === null
      ? { selection, panel: 'guide' }
      : { selection, panel: 'inspect', sheetOpen: true },
  )
}

export function showPanel(panel: PanelName): void {
  viewStore.setState({ panel, sheetOpen: true })
}

export function setTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
  try {
    localStorage.setItem('theme', theme)
  } catch {
    // Private windows may refuse storage; the theme then lasts as long as the page.
  }
  viewStore.setState({ theme })
}

const noticesMax = 3
const noticeMs = 7_000
let noticeCount = 0

/** Says something for a few seconds, at the foot of the page and to screen readers. */
export function notify(tone: Notice['tone'], text: string): void {
  noticeCount += 1
  const notice = { id: noticeCount, tone, text }
  viewStore.setState(({ notices }) => ({ notices: [...notices, notice].slice(-noticesMax) }))
  setTimeout(() => dismiss(notice.id), noticeMs)
}

export function dismiss(id: number): void {
  viewStore.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }))
}
