import { Tooltip } from 'radix-ui'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Route, Routes, useLocation } from 'react-router'
import { useHasWorld } from '../../store/world.ts'
import { ConnectionsPage } from '../connections/connections-page.tsx'
import { ConsentDialog, ErrandScreen, useIsErrand } from '../connections/consent.tsx'
import { DisputePage } from '../dispute/dispute-page.tsx'
import { FraudDialog } from '../faults/fraud-dialog.tsx'
import { HelpDialog } from '../help/help-dialog.tsx'
import { Inspector } from '../inspector/inspector.tsx'
import { HeadPatterns } from '../l2/heads.tsx'
import { Ledger } from '../ledger/ledger.tsx'
import { Lesson } from '../lesson/lesson.tsx'
import { Stage } from '../stage/stage.tsx'
import { Timeline } from '../timeline/timeline.tsx'
import { Transport } from '../transport/transport.tsx'
import type { WorkbenchPage } from '../workbench/workbench.tsx'
import { Failure } from './failure.tsx'
import { Navigation } from './navigation.tsx'
import { Announcer, Notices } from './notices.tsx'
import { ElsewhereChoice, StorageNotice, useIsElsewhere } from './ownership.tsx'
import { useDroppedFiles } from './replay.ts'
import styles from './shell.module.css'
import { useShortcuts } from './shortcuts.ts'

/** A bundle of its own: most visits never need it. */
const PersonaPlace = lazy(async () => {
  const { PersonaPlace: Place } = await import('../persona/persona-place.tsx')
  return { default: Place }
})

const Workbench = lazy(() =>
  import('../workbench/workbench.tsx').then(({ Workbench }) => ({ default: Workbench })),
)

/** The frame around every view: transport above, the view, the inspector beside it, the timeline below. */
export function App() {
  const ready = useHasWorld()
  const isElsewhere = useIsElsewhere()
  if (useIsErrand()) {
    return (
      <Tooltip.Provider>
        <ErrandScreen />
        <Notices />
      </Tooltip.Provider>
    )
  }
  return (
    <Tooltip.Provider delayDuration={350} skipDelayDuration={200}>
      <button type="button" className="visually-hidden skip" onClick={focusMain}>
        Skip to the stage
      </button>
      {isElsewhere ? <ElsewhereChoice /> : ready ? <Views /> : <Booting />}
      <ConsentDialog />
      <Notices />
    </Tooltip.Provider>
  )
}

function focusMain() {
  document.getElementById('main')?.focus()
}

/** A lesson stands apart from the sandbox: it has a frame of its own. */
function Views() {
  return (
    <Routes>
      <Route path="/lesson/1" element={<LessonFrame />} />
      <Route path="/*" element={<Frame />} />
    </Routes>
  )
}

function LessonFrame() {
  return (
    <>
      <HeadPatterns />
      <Lesson />
      <Announcer />
    </>
  )
}

function Frame() {
  useShortcuts()
  useDroppedFiles()
  const settled = useAfterPaint()
  // What stands around the stage is about the rollup; Personas keep it in one strip of their own.
  const isWide = useLocation().pathname.startsWith('/personas')
  return (
    <div className={styles.frame} data-wide={isWide}>
      <HeadPatterns />
      <Transport />
      <Navigation />
      <main id="main" className={styles.main} tabIndex={-1}>
        <Failure />
        <StorageNotice />
        <Routes>
          <Route index element={<Stage />} />
          <Route path="/connections" element={<ConnectionsPage />} />
          <Route path="/connect" element={<Stage />} />
          <Route path="/disputes/:game" element={<DisputePage />} />
          <Route
            path="/personas/*"
            element={
              <Suspense fallback={null}>
                <PersonaPlace />
              </Suspense>
            }
          />
          {workbenchPages.map((page) => (
            <Route key={page} path={`/${page}`} element={<LoadedWorkbench page={page} />} />
          ))}
          <Route path="/*" element={<Ledger />} />
        </Routes>
      </main>
      {settled && (
        <>
          {!isWide && <Inspector />}
          {!isWide && <Timeline />}
          <FraudDialog />
          <HelpDialog />
          <Announcer />
        </>
      )}
    </div>
  )
}

const workbenchPages: readonly WorkbenchPage[] = ['contracts', 'console', 'mempool']

function LoadedWorkbench({ page }: { readonly page: WorkbenchPage }) {
  return (
    <Suspense fallback={<p role="status">Opening the workbench…</p>}>
      <Workbench page={page} />
    </Suspense>
  )
}

/** False until the first frame is on screen: what stands around the stage then mounts in a task of its own. */
function useAfterPaint(): boolean {
  const [painted, setPainted] = useState(false)
  useEffect(() => {
    const frame = requestAnimationFrame(() => setTimeout(() => setPainted(true)))
    return () => cancelAnimationFrame(frame)
  }, [])
  return painted
}

function Booting() {
  return (
    <div className={styles.booting} role="status">
      <svg width="72" height="72" viewBox="-36 -36 72 72" aria-hidden="true">
        <path
          d="M0-28L24-14V14L0 28L-24 14V-14Z"
          fill="none"
          stroke="var(--executor)"
          strokeWidth="3"
          strokeLinejoin="round"
        />
        <circle r="8" fill="var(--executor)" />
      </svg>
      <p>Starting an L1, a committee, an executor, data nodes and a challenger in this tab…</p>
    </div>
  )
}
