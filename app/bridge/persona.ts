/** The Persona engine for the page: started at its first use, told of virtual time from then on, and gone with its world. */
import * as Comlink from 'comlink'
import type {
  PersonaApi,
  PersonaOptions,
  PersonaPatch,
  PersonaWorker,
} from '../../workers/protocol/persona.ts'
import type { Connection } from './connect.ts'
import { type Beating, keepBeating } from './persona-beat.ts'

export interface PersonaClient {
  /** The engine; its worker starts at the first call and hears of virtual time until its world goes. Rejects after a crash. */
  engine(): Promise<PersonaApi>
  /** Names the people; the engine brings them onto L2 while time goes on. */
  open(options: PersonaOptions): Promise<void>
  /** After a crash: a new engine, which reads the same people from the chain. */
  restart(): Promise<void>
  /** Nothing of the engine's reaches the world while `task` takes it back in time; then the engine reads the chain anew. */
  during<Result>(task: () => Promise<Result>): Promise<Result>
  /** Its world is gone, and it with it. */
  end(): void
}

export interface PersonaHooks {
  /** Virtual time, as the page knows it. */
  readonly readTimeMs: () => number
  readonly onPatch: (patch: PersonaPatch) => void
  /** The engine is no more; `crash` says why, null where its world ended. */
  readonly onEnd: (crash: string | null) => void
}

/** How often the engine hears of virtual time, in wall milliseconds. */
const beatMs = 200

interface Running {
  readonly worker: Worker
  readonly api: Promise<PersonaApi>
  beating: Beating | null
}

export function createPersonaClient(connection: Connection, hooks: PersonaHooks): PersonaClient {
  let running: Running | null = null
  let people: PersonaOptions | null = null
  let crash: string | null = null

  const stop = (why: string | null) => {
    running?.beating?.stop()
    running?.worker.terminate()
    running = null
    crash = why
    hooks.onEnd(why)
  }
  const begin = (): Running => {
    const worker = new Worker(new URL('../../workers/persona/persona.worker.ts', import.meta.url), {
      type: 'module',
      name: 'persona',
    })
    const fail = (error: unknown) => {
      if (running?.worker === worker) stop(reasonOf(error))
    }
    worker.addEventListener('error', fail)
    worker.addEventListener('messageerror', fail)
    const begun: Running = { worker, api: start(worker, connection, hooks), beating: null }
    begun.api.then((api) => {
      if (running !== begun) return
      const beat = () => api.advance(hooks.readTimeMs())
      begun.beating = keepBeating({ beat, everyMs: beatMs, onFailure: fail })
    }, fail)
    return begun
  }
  const engine = async (): Promise<PersonaApi> => {
    if (crash !== null) throw new TypeError(`The Persona engine has stopped: ${crash}`)
    running ??= begin()
    return running.api
  }
  const open = async (options: PersonaOptions) => {
    people = options
    await (await engine()).open(options)
  }
  return {
    engine,
    open,
    restart: async () => {
      crash = null
      if (people !== null) await open(people)
    },
    during: async (task) => {
      const held = running
      if (held === null) return task()
      const api = await held.api
      await held.beating?.hold()
      try {
        return await task()
      } finally {
        if (running === held) {
          await api.forget()
          held.beating?.release()
        }
      }
    },
    end: () => {
      people = null
      stop(null)
    },
  }
}

function reasonOf(error: unknown): string {
  const { shortMessage, message } = error as { shortMessage?: string; message?: string }
  return shortMessage ?? message ?? 'its worker failed to load.'
}

async function start(
  worker: Worker,
  connection: Connection,
  { onPatch }: PersonaHooks,
): Promise<PersonaApi> {
  const remote = Comlink.wrap<PersonaWorker>(worker)
  const port = await connection.createPort()
  const api = (await remote.connect(Comlink.transfer(port, [port]))) as unknown as PersonaApi
  await api.subscribe(Comlink.proxy(onPatch))
  return methodsOf(api)
}

/** A remote object has no keys of its own to spread. */
function methodsOf(api: PersonaApi): PersonaApi {
  return {
    open: (options) => api.open(options),
    forget: () => api.forget(),
    advance: (timeMs) => api.advance(timeMs),
    setLoad: (rate) => api.setLoad(rate),
    perform: (command) => api.perform(command),
    subscribe: (listener) => api.subscribe(Comlink.proxy(listener)),
    preview: (draft) => api.preview(draft),
    personas: (query) => api.personas(query),
    persona: (passport, campaign, timeMs) => api.persona(passport, campaign, timeMs),
    tasks: (passport, campaign) => api.tasks(passport, campaign),
    graph: (timeMs) => api.graph(timeMs),
    report: (campaign) => api.report(campaign),
  }
}
