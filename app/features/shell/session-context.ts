import { createContext, useContext } from 'react'
import type { Session, Started } from '../../bridge/session.ts'
import { notify, viewStore } from '../../store/view.ts'
import { formatClock } from '../../ui/format.ts'

export type { Session } from '../../bridge/session.ts'

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

/** Says how a world came to be, as far as that is news. */
export async function greet(starting: Promise<Started>): Promise<void> {
  const started = await starting
  viewStore.setState({ isElsewhere: started.kind === 'elsewhere' })
  if (started.kind === 'resumed') {
    notify('info', `Your world goes on from ${formatClock(started.timeMs)}, as you left it.`)
  } else if (started.kind === 'opened' && started.notice !== null) notify('info', started.notice)
}
