import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './styles/palette.css'
import './styles/base.css'
import { readOrigin } from './bridge/origin.ts'
import { createSession } from './bridge/session.ts'
import { doorStore } from './store/door.ts'
import { personasEnded, receivePersonaPatch } from './store/persona.ts'
import { notify } from './store/view.ts'
import { receivePatch, worldStore } from './store/world.ts'

const container = document.getElementById('root')
if (container === null) throw new TypeError('index.html has no #root.')

// The workers start first; the page is evaluated in a task of its own while they load.
const session = createSession({
  readTimeMs: () => worldStore.getState().world?.clock.timeMs ?? 0,
  tell: notify,
  onPatch: receivePatch,
  personas: { onPatch: receivePersonaPatch, onEnd: personasEnded },
  onDoor: (change) => doorStore.setState(change),
})
const started = session.start(readOrigin(location.hash))
void import('./mount.tsx').then(({ mount }) => mount(container, session, started))

/** After the first load the page works offline. It waits until the world runs, so as not to compete with it. */
const offlineDelayMs = 8_000
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  setTimeout(() => {
    // A host that forbids service workers only loses the offline copy.
    navigator.serviceWorker.register('./sw.js').catch(() => undefined)
  }, offlineDelayMs)
}
