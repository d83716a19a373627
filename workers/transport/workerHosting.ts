/** Role hosts and job runners in workers of any kind, told apart only by how a worker is made. */
import { type Endpoint, releaseProxy, wrap } from 'comlink'
import { BaseError } from '../kernel/errors.ts'
import type { JobRunner, NextTimes, RoleHost } from '../kernel/hostPort.ts'
import type { Hosting } from '../simulation/host.ts'
import { installErrorTransfer } from './errors.ts'
import type { WorkerApi } from './serve.ts'

/** The worker died: an uncaught error, no memory, or it could not be loaded. Its nodes count as crashed. */
export class WorkerLostError extends BaseError {
  override name = 'WorkerLostError'
}

/** A worker thread or Web Worker with its differences hidden. */
export interface SpawnedWorker {
  readonly endpoint: Endpoint
  /** Calls back once when the worker dies on its own. */
  onLost(listener: (reason: string) => void): void
  terminate(): void
}

export type Spawn = (name: string) => SpawnedWorker | Promise<SpawnedWorker>

export function createWorkerHosting(spawn: Spawn): Hosting {
  return {
    createHost: async (name) =>
      createWorkerHost(await openLine<WorkerApi>(spawn, name), spawn, name),
    createJobs: async (name) =>
      createWorkerJobs(await openLine<WorkerApi>(spawn, name), spawn, name),
  }
}

/** A worker in use. Calls reject with `WorkerLostError` as soon as it is known to be dead: comlink alone would hang. */
export interface Line<Api> {
  isLost(): boolean
  call<Result>(action: (remote: Api) => Promise<Result>): Promise<Result>
  close(): void
}

/** Resolves once the worker says that it is ready. */
export async function openLine<Api extends { ready(): Promise<void> }>(
  spawn: Spawn,
  name: string,
): Promise<Line<Api>> {
  installErrorTransfer()
  const worker = await spawn(name)
  // comlink's proxies reach into nested objects, which its types do not say.
  const remote = wrap(worker.endpoint) as unknown as Api & { [releaseProxy](): void }
  let lostBy: WorkerLostError | undefined
  const rejects = new Set<(error: Error) => void>()
  worker.onLost((reason) => {
    if (lostBy !== undefined) return
    lostBy = new WorkerLostError(`Worker "${name}" died.`, { metaMessages: [reason] })
    worker.terminate()
    for (const reject of rejects) reject(lostBy)
    rejects.clear()
  })
  const call: Line<Api>['call'] = (action) => {
    if (lostBy !== undefined) return Promise.reject(lostBy)
    return new Promise((resolve, reject) => {
      rejects.add(reject)
      action(remote)
        .then(resolve, reject)
        .finally(() => rejects.delete(reject))
    })
  }
  const line: Line<Api> = {
    isLost: () => lostBy !== undefined,
    call,
    close: () => {
      remote[releaseProxy]()
      worker.terminate()
    },
  }
  await line.call((api) => api.ready())
  return line
}

/** A lost worker has no nodes left. `boot` makes a new one. */
function createWorkerHost(first: Line<WorkerApi>, spawn: Spawn, name: string): RoleHost {
  let line = first
  const unlessLost = async (action: (remote: WorkerApi) => Promise<void>) => {
    if (!line.isLost()) await line.call(action)
  }
  const revive = async (): Promise<void> => {
    if (line.isLost()) line = await openLine<WorkerApi>(spawn, name)
  }
  return {
    boot: async (requests) => {
      await revive()
      return line.call((api) => api.host.boot(requests)) as Promise<NextTimes>
    },
    deliver: (window) => line.call((api) => api.host.deliver(window)),
    crash: (node) => unlessLost((api) => api.host.crash(node)),
    slow: (node, factor) => unlessLost((api) => api.host.slow(node, factor)),
    sleep: async (wakes) => (line.isLost() ? [] : line.call((api) => api.host.sleep(wakes))),
    query: (node, method, params) => line.call((api) => api.host.query(node, method, params)),
    digests: async () => (line.isLost() ? [] : line.call((api) => api.host.digests())),
    checkpoint: (id) => unlessLost((api) => api.host.checkpoint(id)),
    rollback: async (id) => {
      await revive()
      return line.call((api) => api.host.rollback(id))
    },
    discard: (id) => unlessLost((api) => api.host.discard(id)),
    exportCheckpoint: (id) => line.call((api) => api.host.exportCheckpoint(id)),
    importCheckpoint: async (id, bytes) => {
      await revive()
      return line.call((api) => api.host.importCheckpoint(id, bytes))
    },
    close: async () => line.close(),
  }
}

/** Jobs are pure, so one that was lost with its worker is run again, once. */
function createWorkerJobs(first: Line<WorkerApi>, spawn: Spawn, name: string): JobRunner {
  let line = first
  let reviving: Promise<Line<WorkerApi>> | undefined
  const revive = async (): Promise<void> => {
    reviving ??= openLine<WorkerApi>(spawn, name)
    line = await reviving
    reviving = undefined
  }
  return {
    run: async (job, input) => {
      try {
        return await line.call((api) => api.jobs.run(job, input))
      } catch (error) {
        if (!line.isLost()) throw error
        await revive()
        return line.call((api) => api.jobs.run(job, input))
      }
    },
    close: async () => line.close(),
  }
}
