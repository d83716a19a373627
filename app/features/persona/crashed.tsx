import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { attempt, useSession } from '../shell/session-context.ts'
import shell from '../shell/shell.module.css'

/** The engine's worker is gone; what it computed is on chain, so that another one can read it. */
export function Crashed({ reason }: { readonly reason: string }) {
  const { personas } = useSession()
  const [isStarting, setStarting] = useState(false)
  const restart = async () => {
    setStarting(true)
    try {
      await personas.restart()
    } finally {
      setStarting(false)
    }
  }
  return (
    <div className={shell.failure} role="alert">
      <div>
        <strong>The Persona engine has stopped</strong>
        <p>{reason}</p>
        <p>The world goes on. Started again, the engine reads everything from the chain.</p>
      </div>
      <Button look="outline" disabled={isStarting} onClick={() => attempt(restart)}>
        {isStarting ? 'Reading the chain…' : 'Start it again'}
      </Button>
    </div>
  )
}
