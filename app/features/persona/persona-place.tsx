import { useEffect, useRef } from 'react'
import { NavLink, Route, Routes, useLocation, useSearchParams } from 'react-router'
import { useHasPersonas, usePersonaCrash, usePersonas } from '../../store/persona.ts'
import { plural } from '../../ui/format.ts'
import { ActionsPage } from '../persona-actions/actions-page.tsx'
import { CampaignPage } from '../persona-campaign/campaign-page.tsx'
import { PreviewPage } from '../persona-campaign/preview-page.tsx'
import { GraphPage } from '../persona-graph/graph-page.tsx'
import { openScenario } from '../persona-report/open-scenario.ts'
import { ReportPage } from '../persona-report/report-page.tsx'
import { scenarioFromLink } from '../persona-report/scenario-file.ts'
import { LiesPage } from '../persona-rewards/lies-page.tsx'
import { RewardsPage } from '../persona-rewards/rewards-page.tsx'
import { useTour } from '../persona-tour/tour.ts'
import { TourBar } from '../persona-tour/tour-bar.tsx'
import { attempt } from '../shell/session-context.ts'
import { useBrand } from './brand.ts'
import { Crashed } from './crashed.tsx'
import { Overview } from './overview.tsx'
import { PassportPage } from './passport-page.tsx'
import styles from './persona.module.css'
import { Preparing } from './preparing.tsx'
import { RollupStrip } from './rollup-strip.tsx'
import { Start } from './start.tsx'

const views = [
  ['/personas', 'People'],
  ['/personas/graph', 'Graph'],
  ['/personas/campaign', 'Campaign'],
  ['/personas/actions', 'Actions'],
  ['/personas/rewards', 'Rewards'],
  ['/personas/lies', 'Lies'],
  ['/personas/report', 'Report'],
] as const

/** Everything about Personas: a place of its own, with the rollup below folded to one strip. */
export function PersonaPlace() {
  useLinkedScenario()
  const hasPersonas = useHasPersonas()
  const crash = usePersonaCrash()
  const isTouring = useTour(({ at }) => at !== null)
  return (
    <div className={styles.place} data-touring={isTouring}>
      <TourBar />
      <header className={styles.placeHead}>
        <Name />
        {hasPersonas && <Tabs />}
      </header>
      {crash !== null && <Crashed reason={crash} />}
      {crash === null && hasPersonas && <Views />}
      {crash === null && !hasPersonas && (isTouring ? <Opening /> : <Start />)}
      <RollupStrip />
    </div>
  )
}

/** A partner's demonstration stands under the partner's name. */
function Name() {
  const { project, logo } = useBrand()
  return (
    <h2 className={styles.name}>
      {logo !== null && <img src={logo} alt="" />}
      Personas{logo === null ? '' : ` for ${project}`}
    </h2>
  )
}

function Opening() {
  return (
    <p className={styles.quiet} role="status">
      A world of its own is opened for the demonstration…
    </p>
  )
}

/** `#/personas?demo=…` holds a scenario; once it is open, the address lets go of it. */
function useLinkedScenario(): void {
  const [params, setParams] = useSearchParams()
  const linked = params.get('demo')
  useEffect(() => {
    if (linked === null) return
    setParams({}, { replace: true })
    attempt(async () => openScenario(scenarioFromLink(linked)))
  }, [linked, setParams])
}

function Tabs() {
  const people = usePersonas(({ setup }) => setup.passports)
  const { pathname } = useLocation()
  const tabs = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a phone shows some of the tabs; the one that is open is to be among them.
  useEffect(() => {
    const tab = tabs.current?.querySelector<HTMLElement>('[aria-current="page"]')
    tabs.current?.scrollTo({ left: (tab?.offsetLeft ?? 0) - tabs.current.clientWidth / 2 })
  }, [pathname])
  return (
    <>
      <nav ref={tabs} className={styles.tabs} aria-label="Personas">
        {views.map(([to, title]) => (
          <NavLink key={to} to={to} end className={styles.tab ?? ''}>
            {title}
          </NavLink>
        ))}
      </nav>
      <span className={styles.quiet}>{plural(people, 'passport')} on L2</span>
    </>
  )
}

function Views() {
  return (
    <>
      <Preparing />
      <Routes>
        <Route index element={<Overview />} />
        <Route path="/graph" element={<GraphPage />} />
        <Route path="/campaign" element={<CampaignPage />} />
        <Route path="/preview" element={<PreviewPage />} />
        <Route path="/actions" element={<ActionsPage />} />
        <Route path="/rewards" element={<RewardsPage />} />
        <Route path="/lies" element={<LiesPage />} />
        <Route path="/report" element={<ReportPage />} />
        <Route path="/:passport" element={<PassportPage />} />
      </Routes>
    </>
  )
}
