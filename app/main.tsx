import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './styles/palette.css'
import './styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { HashRouter } from 'react-router'
import { createSession, startWorld } from './bridge/session.ts'
import { App } from './features/shell/app.tsx'
import { readOrigin } from './features/shell/origin.ts'
import { attempt, SessionContext } from './features/shell/session-context.ts'
import { receivePatch } from './store/world.ts'

const container = document.getElementById('root')
if (container === null) throw new TypeError('index.html has no #root.')

const session = createSession()
attempt(() => startWorld(session, readOrigin(location.hash), receivePatch))

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

/** After the first load the page works offline. It waits until the world runs, so as not to compete with it. */
const offlineDelayMs = 8_000
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  setTimeout(() => {
    // A host that forbids service workers only loses the offline copy.
    navigator.serviceWorker.register('./sw.js').catch(() => undefined)
  }, offlineDelayMs)
}
