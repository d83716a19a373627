import { useEffect, useState } from 'react'
import type {
  CommandResult,
  PersonaApi,
  PersonaCommand,
} from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { notify } from '../../store/view.ts'
import { attempt, errorText, useSession } from '../shell/session-context.ts'

/** Runs a command to its receipt; says what came of it, and whether one is under way. */
export function useCommand() {
  const { personas } = useSession()
  const [isBusy, setBusy] = useState(false)
  const run = (command: PersonaCommand, then?: (result: CommandResult) => void) => {
    setBusy(true)
    attempt(async () => {
      try {
        const engine = await personas.engine()
        const result = await engine.perform(command)
        notify('info', result.text)
        then?.(result)
      } finally {
        setBusy(false)
      }
    })
  }
  return { isBusy, run }
}

interface Answer<Result> {
  readonly result: Result | undefined
  readonly error: string | null
}

/**
 * Asks the engine, and again whenever it has read a further L2 block, but not more often than it answers. `key` says everything
 * that the question depends on.
 */
export function useEngine<Result>(
  key: string,
  ask: (engine: PersonaApi) => Promise<Result>,
): Answer<Result> {
  const { personas } = useSession()
  const block = usePersonas(({ setup }) => setup.blockNumber)
  const [answer, setAnswer] = useState<Answer<Result>>({ result: undefined, error: null })
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what `ask` closes over, `block` paces it.
  useEffect(() => {
    let isCurrent = true
    personas
      .engine()
      .then(ask)
      .then(
        (result) => isCurrent && setAnswer({ result, error: null }),
        (error: unknown) =>
          isCurrent && setAnswer(({ result }) => ({ result, error: errorText(error) })),
      )
    return () => {
      isCurrent = false
    }
  }, [personas, key, block])
  return answer
}
