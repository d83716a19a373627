/** What a step of the tour can do: commands of the engine, waiting for what shows, and pace. */
import type {
  CommandResult,
  PersonaApi,
  PersonaCommand,
  PersonaProjection,
} from '../../../workers/protocol/persona.ts'
import type { Projection } from '../../../workers/protocol/projection.ts'
import type { Session } from '../../bridge/session.ts'
import { personaStore } from '../../store/persona.ts'
import { worldStore } from '../../store/world.ts'

/** The step was left before it was done; nobody needs to know. */
export class LeftError extends Error {
  override name = 'LeftError'
}

export interface Seen {
  readonly personas: PersonaProjection
  readonly world: Projection
}

export interface TourStage {
  readonly session: Session
  engine(): Promise<PersonaApi>
  /** Runs a command to its receipt, which the step shows. */
  perform(command: PersonaCommand): Promise<CommandResult>
  /** Resolves with the first thing that `read` finds. `what` completes "Waits until". */
  until<Found>(what: string, read: (seen: Seen) => Found | null | undefined | false): Promise<Found>
  /** What shows now. */
  seen(): Promise<Seen>
  /** What follows is mere waiting, or it is not. */
  hurry(): Promise<void>
  calm(): Promise<void>
}

interface StageOptions {
  readonly cut: 'full' | 'seven'
  readonly signal: AbortSignal
  /** The engine's last reading of a future that was taken back; null where none was. */
  readonly forgotten: number | null
  readonly tell: (words: string) => void
  readonly note: (receipt: CommandResult) => void
}

/** Virtual seconds per second while a step waits. */
const hurrySpeed = { full: 3, seven: 8 } as const

export function createStage(session: Session, options: StageOptions): TourStage {
  const { cut, signal, tell, note } = options
  const { world, personas } = session
  const engine = async () => {
    signal.throwIfAborted()
    return personas.engine()
  }
  return {
    session,
    engine,
    perform: async (command) => {
      const result = await (await engine()).perform(command)
      signal.throwIfAborted()
      note(result)
      return result
    },
    until: (what, read) => {
      tell(`Waits until ${what}.`)
      return waitUntil(options, read)
    },
    seen: () => waitUntil(options, (seen) => seen),
    hurry: async () => {
      signal.throwIfAborted()
      await world.setSpeed(hurrySpeed[cut])
    },
    calm: async () => {
      signal.throwIfAborted()
      await world.setSpeed(1)
    },
  }
}

/** The world went back, and the engine has not read it since: it still shows what is no more. */
function isTakenBack({ personas: { setup }, world }: Seen, forgotten: number | null): boolean {
  return setup.readings === forgotten || setup.blockNumber > world.l2.heads.unsafe.number
}

function waitUntil<Found>(
  { signal, forgotten }: Pick<StageOptions, 'signal' | 'forgotten'>,
  read: (seen: Seen) => Found | null | undefined | false,
): Promise<Found> {
  return new Promise((resolve, reject) => {
    const end = () => {
      for (const stop of stops) stop()
      signal.removeEventListener('abort', leave)
    }
    const leave = () => {
      end()
      reject(signal.reason as Error)
    }
    const look = () => {
      const { personas, crash } = personaStore.getState()
      const { world } = worldStore.getState()
      const failure = crash ?? world?.clock.failure
      if (failure != null) {
        end()
        reject(new TypeError(failure))
      }
      if (personas === null || world === null) return
      if (isTakenBack({ personas, world }, forgotten)) return
      const found = read({ personas, world })
      if (found === null || found === undefined || found === false) return
      end()
      resolve(found)
    }
    const stops = [personaStore.subscribe(look), worldStore.subscribe(look)]
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave)
    look()
  })
}
