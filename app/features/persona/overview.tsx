import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { usePersonas } from '../../store/persona.ts'
import { Segments } from './parts.tsx'
import { PeopleTable } from './people-table.tsx'
import styles from './persona.module.css'
import { ProjectFigures } from './project-figures.tsx'
import { TimeTravel, useReadingTime } from './time-travel.tsx'
import { UserView } from './user-view.tsx'
import { ValidatorsCard } from './validators-card.tsx'

type Eyes = 'project' | 'user'

/** The same people through two pairs of eyes: a project sees scores, a person sees tasks. */
export function Overview() {
  const [params, setParams] = useSearchParams()
  const eyes: Eyes = params.get('as') === 'user' ? 'user' : 'project'
  const campaign = usePersonas(({ campaigns }) => campaigns.at(-1)?.id ?? null)
  const [passport, setPassport] = useState(1)
  const reading = useReadingTime()
  return (
    <>
      <div className={styles.line}>
        <Segments<Eyes>
          label="Whose eyes"
          value={eyes}
          options={[
            ['project', 'As the project'],
            ['user', 'As a person'],
          ]}
          onChange={(next) => setParams({ as: next }, { replace: true })}
        />
        <p className={styles.quiet}>
          {eyes === 'project'
            ? 'Scores say how well people match the campaign. They never see them.'
            : 'Tasks, badges and points. No score: nobody is told a number to chase.'}
        </p>
      </div>
      {eyes === 'project' ? (
        <>
          <ProjectFigures />
          <TimeTravel reading={reading} />
          <PeopleTable campaign={campaign} reading={reading} />
          <ValidatorsCard />
        </>
      ) : (
        <UserView passport={passport} campaign={campaign} onPick={setPassport} />
      )}
    </>
  )
}
