import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { HashRouter } from 'react-router'
import type { Session, Started } from './bridge/session.ts'
import { App } from './features/shell/app.tsx'
import { attempt, greet, SessionContext } from './features/shell/session-context.ts'

/** Draws the page; `started` rejects when the world cannot be opened or a share not be replayed, which the page then says. */
export function mount(container: HTMLElement, session: Session, started: Promise<Started>): void {
  attempt(() => greet(started))
  createRoot(container).render(
    <StrictMode>
      <SessionContext value={session}>
        {/* A transition would starve: the store changes with every frame. */}
        <HashRouter useTransitions={false}>
          <App />
        </HashRouter>
      </SessionContext>
    </StrictMode>,
  )
}
