/** The Persona engine for the page: started at its first use, told of virtual time while somebody looks. */
import * as Comlink from 'comlink'
import type { PersonaApi, PersonaWorker } from '../../workers/protocol/persona.ts'
import type { Connection } from './connect.ts'

export interface PersonaClient {
  /** The engine; its worker starts at the first call. */
  engine(): Promise<PersonaApi>
  /** From now on the engine hears of virtual time; the result ends that. */
  watch(): () => void
}

/** How often the engine hears of virtual time, in wall milliseconds. */
const beatMs = 200

/** `readTimeMs` tells virtual time, as the page knows it. */
export function createPersonaClient(
  connection: Connection,
  readTimeMs: () => number,
): PersonaClient {
  let started: Promise<PersonaApi> | null = null
  const engine = () => {
    started ??= start(connection)
    return started
  }
  return {
    engine,
    watch: () => {
      let isBusy = false
      const timer = setInterval(() => {
        if (isBusy || started === null) return
        isBusy = true
        void started
          .then((api) => api.advance(readTimeMs()))
          .finally(() => {
            isBusy = false
          })
      }, beatMs)
      return () => clearInterval(timer)
    },
  }
}

async function start(connection: Connection): Promise<PersonaApi> {
  const worker = new Worker(new URL('../../workers/persona/persona.worker.ts', import.meta.url), {
    type: 'module',
    name: 'persona',
  })
  const remote = Comlink.wrap<PersonaWorker>(worker)
  const port = await connection.createPort()
  const api = (await remote.connect(Comlink.transfer(port, [port]))) as unknown as PersonaApi
  return { ...methodsOf(api), subscribe: (listener) => api.subscribe(Comlink.proxy(listener)) }
}

/** A remote object has no keys of its own to spread. */
function methodsOf(api: PersonaApi): PersonaApi {
  return {
    open: (options) => api.open(options),
    forget: () => api.forget(),
    advance: (timeMs) => api.advance(timeMs),
    setLoad: (rate) => api.setLoad(rate),
    perform: (command) => api.perform(command),
    subscribe: (listener) => api.subscribe(listener),
    preview: (draft) => api.preview(draft),
    personas: (query) => api.personas(query),
    persona: (passport, campaign, timeMs) => api.persona(passport, campaign, timeMs),
    tasks: (passport, campaign) => api.tasks(passport, campaign),
    graph: (timeMs) => api.graph(timeMs),
    report: (campaign) => api.report(campaign),
  }
}
