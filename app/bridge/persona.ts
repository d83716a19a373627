/** The Persona engine for the page: started at its first use, told of virtual time from then on. */
import * as Comlink from 'comlink'
import type { PersonaApi, PersonaWorker } from '../../workers/protocol/persona.ts'
import type { Connection } from './connect.ts'

export interface PersonaClient {
  /** The engine; its worker starts at the first call and hears of virtual time until the page closes. */
  engine(): Promise<PersonaApi>
}

/** How often the engine hears of virtual time, in wall milliseconds. */
const beatMs = 200

/** `readTimeMs` tells virtual time, as the page knows it. */
export function createPersonaClient(
  connection: Connection,
  readTimeMs: () => number,
): PersonaClient {
  let started: Promise<PersonaApi> | null = null
  return {
    engine: () => {
      started ??= startBeating(connection, readTimeMs)
      return started
    },
  }
}

/** Not bound to a view: a load runs on while a person looks at a dispute. */
async function startBeating(connection: Connection, readTimeMs: () => number): Promise<PersonaApi> {
  const api = await start(connection)
  let isBusy = false
  setInterval(() => {
    if (isBusy) return
    isBusy = true
    void api.advance(readTimeMs()).finally(() => {
      isBusy = false
    })
  }, beatMs)
  return api
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
