import { useEffect } from 'react'
import { select, viewStore } from '../../store/view.ts'
import { takeCheckpoint } from './checkpoints.ts'
import { attempt, useSession } from './session-context.ts'

/** Space plays and pauses, `.` steps, F forks, ? helps, Escape lets go. Not while a field or a menu has the keyboard. */
export function useShortcuts(): void {
  const { world, toggle } = useSession()
  useEffect(() => {
    const act: Readonly<Record<string, () => void>> = {
      ' ': () => attempt(toggle),
      '.': () => attempt(() => world.step('event')),
      f: () => attempt(() => takeCheckpoint(world)),
      '?': () => viewStore.setState(({ helpOpen }) => ({ helpOpen: !helpOpen })),
      escape: () => select(null),
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event)) return
      const action = act[event.key.toLowerCase()]
      if (action === undefined) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [world, toggle])
}

/** Space and Enter belong to the focused control, letters to the focused field. */
function isBusy(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest('input, textarea, select, [contenteditable], [role="menu"], [role="dialog"]'))
    return true
  return event.key === ' ' && target?.closest('button, a, [role="slider"], [role="tab"]') !== null
}
