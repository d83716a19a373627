import { useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import { attempt } from '../shell/session-context.ts'
import { openScenarioFile } from './open-scenario.ts'

export function OpenScenarioButton() {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button onClick={() => input.current?.click()}>Open a scenario…</Button>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        aria-label="Scenario file"
        hidden
        onChange={({ target }) => {
          const file = target.files?.[0]
          target.value = ''
          if (file !== undefined) attempt(() => openScenarioFile(file))
        }}
      />
    </>
  )
}
