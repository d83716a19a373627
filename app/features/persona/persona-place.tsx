import { NavLink, Route, Routes } from 'react-router'
import { useHasPersonas, usePersonas } from '../../store/persona.ts'
import { plural } from '../../ui/format.ts'
import { ActionsPage } from '../persona-actions/actions-page.tsx'
import { CampaignPage } from '../persona-campaign/campaign-page.tsx'
import { Overview } from './overview.tsx'
import { PassportPage } from './passport-page.tsx'
import styles from './persona.module.css'
import { Preparing } from './preparing.tsx'
import { RollupStrip } from './rollup-strip.tsx'
import { Start } from './start.tsx'

const views = [
  ['/personas', 'People'],
  ['/personas/campaign', 'Campaign'],
  ['/personas/actions', 'Actions'],
] as const

/** Everything about Personas: a place of its own, with the rollup below folded to one strip. */
export function PersonaPlace() {
  const hasPersonas = useHasPersonas()
  return (
    <div className={styles.place}>
      <header className={styles.placeHead}>
        <h2>Personas</h2>
        {hasPersonas && <Tabs />}
      </header>
      {hasPersonas ? <Views /> : <Start />}
      <RollupStrip />
    </div>
  )
}

function Tabs() {
  const people = usePersonas(({ setup }) => setup.passports)
  return (
    <>
      <nav className={styles.tabs} aria-label="Personas">
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
        <Route path="/campaign" element={<CampaignPage />} />
        <Route path="/actions" element={<ActionsPage />} />
        <Route path="/:passport" element={<PassportPage />} />
      </Routes>
    </>
  )
}
