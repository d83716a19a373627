/** Roles in Node's worker threads. */
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type MessagePort, Worker } from 'node:worker_threads'
import type { Endpoint } from 'comlink'
import type { Hosting } from '../simulation/host.ts'
import { createWorkerHosting, type SpawnedWorker } from './workerHosting.ts'

/** Names the module that each worker runs: TypeScript, or a bundle of it. */
export type ThreadEntry = () => Promise<URL>

export function createThreadHosting(entry: ThreadEntry): Hosting {
  return createWorkerHosting(async (name) => spawnThread(await entry(), name))
}

/** A thread that runs the module at `url`: TypeScript, or a bundle of it. */
export function spawnThread(url: URL, name: string): SpawnedWorker {
  // A bundle needs none of the process's flags, and no thread takes those of `node --eval`.
  if (!url.pathname.endsWith('.ts')) return adaptThread(new Worker(url, { name, execArgv: [] }))
  return adaptThread(new Worker(BOOTSTRAP, { name, eval: true, workerData: threadData(url) }))
}

/** Node cannot load TypeScript by itself, and tsx's `--import` does nothing in a thread: the thread registers it. */
const BOOTSTRAP = `
  const { loader, entry } = require('node:worker_threads').workerData
  import(loader).then(({ register }) => { register(); return import(entry) })
`

function threadData(entry: URL) {
  // `require` resolves to the CommonJS build, which registers its loader wrongly; the module build lies beside it.
  const resolved = createRequire(import.meta.url).resolve('tsx/esm/api')
  const loader = resolved.replace(/\.cjs$/, '.mjs')
  return { loader: pathToFileURL(loader).href, entry: entry.href }
}

function adaptThread(worker: Worker): SpawnedWorker {
  return {
    endpoint: threadEndpoint(worker),
    onLost: (listener) => {
      worker.on('error', (error) => listener(String(error)))
      worker.on('exit', (code) => listener(`It exited with code ${code}.`))
    },
    terminate: () => {
      void worker.terminate()
    },
  }
}

type Listener = Parameters<Endpoint['addEventListener']>[1]

/** Node's ports emit data, the web's ports dispatch events; comlink speaks the latter. */
export function threadEndpoint(port: Worker | MessagePort): Endpoint {
  const adapted = new Map<Listener, (data: unknown) => void>()
  return {
    postMessage: (message, transfer) => port.postMessage(message, transfer as never),
    addEventListener: (_type, listener) => {
      const call = typeof listener === 'function' ? listener : listener.handleEvent.bind(listener)
      const onData = (data: unknown): void => call({ data } as MessageEvent)
      adapted.set(listener, onData)
      port.on('message', onData)
    },
    removeEventListener: (_type, listener) => {
      const onData = adapted.get(listener)
      if (onData !== undefined) port.off('message', onData)
      adapted.delete(listener)
    },
  }
}
