import { createContext, useContext } from 'react'
import type { Session } from '../../bridge/session.ts'
import { notify } from '../../store/view.ts'

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new TypeError('A component uses the session outside of its provider.')
  return session
}

/** Runs a command of the world and says what went wrong, if anything. */
export function attempt(command: () => Promise<unknown>): void {
  command().catch((error: unknown) => notify('error', errorText(error)))
}

export function errorText(error: unknown): string {
  if (!(error instanceof Object)) return String(error)
  const { shortMessage, message, metaMessages } = error as {
    shortMessage?: string
    message?: string
    metaMessages?: readonly string[]
  }
  return [shortMessage ?? message ?? 'Something failed.', ...(metaMessages ?? [])].join(' ')
}
